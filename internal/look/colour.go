// Package look is how readers' pages may look: colours that are held to be readable, the
// faces that the binary carries, and the part of a style sheet that says so; pure.
package look

import (
	"fmt"
	"math"
	"strconv"
)

// rgb is a colour by its parts, each from 0 to 1, as sRGB writes it.
type rgb [3]float64

// parse reads #rrggbb and nothing else.
func parse(s string) (c rgb, ok bool) {
	if len(s) != 7 || s[0] != '#' {
		return c, false
	}
	n, err := strconv.ParseUint(s[1:], 16, 32)
	if err != nil {
		return c, false
	}
	return rgb{float64(n>>16) / 255, float64(n>>8&255) / 255, float64(n&255) / 255}, true
}

// Valid reports whether a colour is written #rrggbb.
func Valid(colour string) bool {
	_, ok := parse(colour)
	return ok
}

func (c rgb) String() string {
	part := func(v float64) int { return int(math.Round(255 * v)) }
	return fmt.Sprintf("#%02x%02x%02x", part(c[0]), part(c[1]), part(c[2]))
}

// luminance is the relative luminance of WCAG 2.2.
func (c rgb) luminance() float64 {
	linear := func(v float64) float64 {
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c[0]) + 0.7152*linear(c[1]) + 0.0722*linear(c[2])
}

// contrast is the contrast ratio of WCAG 2.2, from 1 to 21.
func contrast(a, b rgb) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// Contrast is the ratio between two colours written #rrggbb, 0 where one is not.
func Contrast(a, b string) float64 {
	x, okX := parse(a)
	y, okY := parse(b)
	if !okX || !okY {
		return 0
	}
	return contrast(x, y)
}

// toward mixes a share of another colour in.
func (c rgb) toward(other rgb, share float64) (out rgb) {
	for i := range c {
		out[i] = c[i] + (other[i]-c[i])*share
	}
	return parsed(out.String()) // as it will be written
}

func parsed(s string) rgb {
	c, _ := parse(s)
	return c
}

// faded is ink mixed with as much of the paper as leaves a contrast with every ground.
func faded(ink, paper rgb, least float64, grounds ...rgb) rgb {
	for share := 0.95; share > 0; share -= 0.01 {
		c, enough := ink.toward(paper, share), true
		for _, g := range grounds {
			enough = enough && contrast(c, g) >= least
		}
		if enough {
			return c
		}
	}
	return ink
}
