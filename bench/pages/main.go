//go:build linux

// Command pages measures how fast an article's page is served: by the built product, by a
// bare net/http handler that writes the same bytes, and by nginx with gzip_static, all in one
// run. Servers have one core and the client the other; rounds are interleaved and their
// medians compared. It ends with an error where a promise about speed is broken.
//
//	go -C bench run ./pages [-rounds 5] [-for 3s]
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"time"
)

// The cores of the servers and of everything else.
const (
	serverCore = 0
	clientCore = 1
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "pages:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	roles := map[string]func([]string) error{"pin": pin, "bare": bare, "load": load}
	if len(args) > 0 && roles[args[0]] != nil {
		return roles[args[0]](args[1:])
	}
	if os.Getenv(pinned) == "" { // once more, on the client's core
		return pin(append([]string{fmt.Sprint(clientCore), os.Args[0]}, args...))
	}
	f := flag.NewFlagSet("pages", flag.ContinueOnError)
	rounds := f.Int("rounds", 5, "how many rounds the medians are of")
	length := f.Duration("for", 3*time.Second, "how long each measurement lasts")
	if err := f.Parse(args); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "pages")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	return race(dir, *rounds, *length)
}

// race starts the servers, measures them by turns, and judges.
func race(dir string, rounds int, length time.Duration) (err error) {
	h, err := openHouse(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.stop()) }()
	all := []contestant{{name: "dateline", addr: h.addr, path: h.path, pid: h.pid()}}
	rivals, missing, err := startRivals(dir, h)
	if err != nil {
		return err
	}
	for _, r := range rivals {
		defer r.stop()
		all = append(all, r.contestant)
	}
	posting := all[0]
	posting.name, posting.meanwhile = "dateline, a story a second", h.postEachSecond
	all = append(all, posting)
	fmt.Printf("article page of %d bytes, %d as gzip; %d rounds of %s, medians\n", h.plain, len(h.zipped), rounds, length)
	cost, err := h.cost()
	if err != nil {
		return err
	}
	fmt.Printf("a posted story costs the server %.1f ms of processor time\n", cost.Seconds()*1000)
	var short error
	for _, connections := range []int{64, 1000} {
		results, err := measure(all, connections, rounds, length)
		if err != nil {
			return err
		}
		short = errors.Join(short, report(results, connections))
	}
	if missing != "" {
		fmt.Println(missing)
	}
	return short
}

// measure runs the rounds, each with every contestant once.
func measure(all []contestant, connections, rounds int, length time.Duration) ([]result, error) {
	results := make([]result, len(all))
	for i, c := range all {
		results[i].name = c.name
	}
	for range rounds {
		for i, c := range all {
			one, err := c.round(connections, length)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.name, err)
			}
			results[i].rounds = append(results[i].rounds, one)
		}
	}
	return results, nil
}
