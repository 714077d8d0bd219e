//go:build linux

// Command live measures the streams beside nchan, the Nginx module that pushes from C, and
// beside a goroutine for each reader; then it holds a whole house to what is promised of
// them. make bench-live runs it. Servers have one core, the load client another; what they
// do stands in one run, so that ratios mean something where absolute figures do not.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	readers := flag.Int("readers", 10_000, "readers of the comparison")
	most := flag.Int("most", 16_000, "readers that are to be held at once")
	rounds := flag.Int("rounds", 3, "rounds of the comparison, one system after the other in each")
	seconds := flag.Int("seconds", 15, "events of a round, one a second")
	only := flag.String("only", "", "race, held or house")
	flag.Parse()
	args := append(flag.Args(), "", "", "")
	switch args[0] {
	case "hub":
		fatal(serveHub(args[1]))
	case "plain":
		fatal(servePlain(args[1]))
	case "floor":
		fatal(serveFloor(args[1]))
	case "house":
		fatal(serveHouse(args[1], args[2]))
	case "load":
		fatal(load(args[1], args[2], *readers))
	case "":
		ok := true
		for _, part := range []struct {
			name string
			run  func() bool
		}{
			{"race", func() bool { return race(*readers, *rounds, *seconds) }},
			{"held", func() bool { return held(*most, *readers) }},
			{"house", func() bool { return houseHolds(*readers) }},
		} {
			if *only == "" || *only == part.name {
				ok = part.run() && ok
			}
		}
		if !ok {
			fmt.Println("A promise is broken.")
			os.Exit(1)
		}
	}
}
