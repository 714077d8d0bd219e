// The checks that need other people's libraries, which the newsroom itself never needs.
module dateline/test

go 1.26.0

require (
	dateline v0.0.0
	github.com/chromedp/cdproto v0.159.0
	github.com/chromedp/chromedp v0.23.0
	github.com/hebcal/hdate v1.4.0
	github.com/hebcal/noaa-go v1.0.0
)

require (
	github.com/go-json-experiment/json v0.0.0-20260213210345-44df1a37e875 // indirect
	github.com/hebcal/greg v1.1.0 // indirect
)

replace dateline => ../
