// The checks that need other people's libraries, which the newsroom itself never needs.
module dateline/test

go 1.26.0

require (
	dateline v0.0.0
	github.com/hebcal/hdate v1.4.0
	github.com/hebcal/noaa-go v1.0.0
)

require github.com/hebcal/greg v1.1.0 // indirect

replace dateline => ../
