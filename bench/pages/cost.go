//go:build linux

package main

import (
	"fmt"
	"time"
)

// costPosts is how many stories the cost of one is the mean of.
const costPosts = 30

// cost is the processor time that the server spends on a posted story: the editor's four
// pages, the post itself, and the measured page made and compressed again. Unlike requests a
// second, it hardly depends on what else the machine does.
func (h *house) cost() (time.Duration, error) {
	before := cpuOf(h.pid())
	for range costPosts {
		h.posted++
		if _, err := h.post(fmt.Sprintf("Posted meanwhile, number %d", h.posted), "A paragraph."); err != nil {
			return 0, fmt.Errorf("posting for the cost: %w", err)
		}
		if _, err := h.fetch("gzip"); err != nil {
			return 0, err
		}
	}
	return (cpuOf(h.pid()) - before) / costPosts, nil
}
