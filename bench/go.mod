// The measurements beside other libraries, which the newsroom itself never needs.
module dateline/bench

go 1.26.0

require (
	dateline v0.0.0
	github.com/hebcal/hdate v1.2.3
	github.com/hebcal/hebcal-go v0.13.0
	golang.org/x/net v0.62.0
)

require (
	github.com/dustin/go-humanize v1.0.1 // indirect
	github.com/hebcal/gematriya v1.0.1 // indirect
	github.com/hebcal/greg v1.0.2 // indirect
	github.com/nathan-osman/go-sunrise v1.1.0 // indirect
)

replace dateline => ../
