//go:build linux

package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// atLeast is the promise: of what a bare net/http handler does.
const atLeast = 0.85

// one is what one round saw.
type one struct {
	Requests int
	Took     time.Duration
	P50, P99 time.Duration
	Bytes    int64
	Failed   string // what was wrong with an answer

	cpu time.Duration // of the server
}

func (o one) perSecond() float64 { return float64(o.Requests) / o.Took.Seconds() }

// cpuPerRequest is in microseconds. It tells a slow server from one that other work on the
// machine keeps from its core.
func (o one) cpuPerRequest() float64 { return float64(o.cpu.Microseconds()) / float64(o.Requests) }

// result is what all rounds saw of one server.
type result struct {
	name   string
	rounds []one
}

func (r result) median(of func(one) float64) float64 {
	var all []float64
	for _, o := range r.rounds {
		all = append(all, of(o))
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// report prints a table and says whether the promise is kept.
func report(results []result, connections int) error {
	per := func(name string) float64 {
		i := slices.IndexFunc(results, func(r result) bool { return r.name == name })
		if i < 0 {
			return 0
		}
		return results[i].median(one.perSecond)
	}
	bare, nginx := per("net/http"), per("nginx")
	fmt.Printf("\n%d connections\n%-28s %10s %12s %8s %12s %12s\n", connections, "", "req/s", "x net/http", "x nginx", "p50/p99 ms", "CPU/req µs")
	var short []string
	for _, r := range results {
		rate := r.median(one.perSecond)
		beside := "-"
		if nginx > 0 {
			beside = fmt.Sprintf("%.2f", rate/nginx)
		}
		fmt.Printf("%-28s %10.0f %12.2f %8s %12s %12.1f\n", r.name, rate, rate/bare, beside,
			fmt.Sprintf("%.1f/%.1f", r.median(func(o one) float64 { return o.P50.Seconds() * 1000 }), r.median(func(o one) float64 { return o.P99.Seconds() * 1000 })),
			r.median(one.cpuPerRequest))
		if strings.HasPrefix(r.name, "dateline") && rate < atLeast*bare {
			short = append(short, fmt.Sprintf("%s with %d connections is %.2f of a bare net/http handler, not %.2f", r.name, connections, rate/bare, atLeast))
		}
	}
	if short != nil {
		return fmt.Errorf("%s", strings.Join(short, "; "))
	}
	return nil
}
