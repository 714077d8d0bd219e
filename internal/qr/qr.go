// Package qr draws a text as a QR code that a telephone's camera reads, by ISO/IEC
// 18004:2015. It knows what an address needs: bytes, error correction of level M (15 % of
// the code may be unreadable), versions 1 to 20.
package qr

import (
	"fmt"
	"strings"
)

// MaxBytes is the longest text that a code may hold: version 20, level M.
const MaxBytes = 666

// quiet is how many modules around a code stay white (section 6.3.8).
const quiet = 4

// Level M, by version: error correction codewords of a block, and blocks (table 9).
var (
	checkOf  = [21]int{0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26}
	blocksOf = [21]int{0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16}
)

// A Code is a square of modules.
type Code struct {
	version int
	side    int
	dark    [][]bool // by row, then column
	fixed   [][]bool // patterns, which carry no data and are not masked
}

// New makes the smallest code that holds a text.
func New(text string) (*Code, error) {
	for version := 1; version < len(checkOf); version++ {
		if data, fits := fill(text, version); fits {
			return draw(version, interleave(data, version)), nil
		}
	}
	return nil, fmt.Errorf("a QR code holds at most %d bytes, not %d", MaxBytes, len(text))
}

// Side is how wide the code is drawn, in modules, with the white around it.
func (c *Code) Side() int { return c.side + 2*quiet }

// Path is the dark modules as the path of an SVG, a unit each: runs of a row as one.
func (c *Code) Path() string {
	var b strings.Builder
	for y, row := range c.dark {
		for x := 0; x < c.side; x++ {
			run := 0
			for x+run < c.side && row[x+run] {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, run, run)
				x += run
			}
		}
	}
	return b.String()
}

// rawBytes is how many codewords a version has room for beside its patterns (table 1).
func rawBytes(version int) int {
	modules := (16*version+128)*version + 64
	if version >= 2 {
		n := version/7 + 2
		modules -= (25*n-10)*n - 55
	}
	if version >= 7 {
		modules -= 36
	}
	return modules / 8
}

// fill is the data codewords of a version (section 7.4): byte mode, how many, the bytes, an
// end, and what fills the rest.
func fill(text string, version int) ([]byte, bool) {
	room := rawBytes(version) - checkOf[version]*blocksOf[version]
	count := 8 // bits of the number of bytes (table 3)
	if version >= 10 {
		count = 16
	}
	if 4+count+8*len(text) > 8*room {
		return nil, false
	}
	var b bits
	b.put(0b0100, 4)
	b.put(len(text), count)
	for i := range len(text) {
		b.put(int(text[i]), 8)
	}
	b.put(0, min(4, 8*room-b.n))
	b.put(0, (8-b.n%8)%8)
	for pad := 0; len(b.all) < room; pad++ {
		b.all = append(b.all, [2]byte{0xec, 0x11}[pad%2])
	}
	return b.all, true
}

// bits are written from the most significant one.
type bits struct {
	all []byte
	n   int
}

func (b *bits) put(value, n int) {
	for i := n - 1; i >= 0; i-- {
		if b.n%8 == 0 {
			b.all = append(b.all, 0)
		}
		b.all[b.n/8] |= byte(value>>i&1) << (7 - b.n%8)
		b.n++
	}
}

// interleave divides the data into blocks, adds to each what corrects it, and takes one
// codeword of each in turn (section 7.6). Later blocks are longer by one where it must be.
func interleave(data []byte, version int) []byte {
	check, blocks, raw := checkOf[version], blocksOf[version], rawBytes(version)
	short := blocks - raw%blocks
	var parts, checks [][]byte
	for i := range blocks {
		n := raw/blocks - check
		if i >= short {
			n++
		}
		parts, data = append(parts, data[:n]), data[n:]
		checks = append(checks, remainder(parts[i], check))
	}
	out := make([]byte, 0, raw)
	for _, of := range [][][]byte{parts, checks} {
		for i := range len(of[blocks-1]) {
			for _, part := range of {
				if i < len(part) {
					out = append(out, part[i])
				}
			}
		}
	}
	return out
}

// remainder is the Reed-Solomon check of a block: what is left of it when it is divided by
// the generator polynomial of that degree, over the field of section 7.5.2.
func remainder(data []byte, degree int) []byte {
	generator := make([]byte, degree)
	generator[degree-1] = 1
	root := byte(1)
	for range degree {
		for i := range generator {
			generator[i] = times(generator[i], root)
			if i+1 < degree {
				generator[i] ^= generator[i+1]
			}
		}
		root = times(root, 2)
	}
	left := make([]byte, degree)
	for _, d := range data {
		factor := d ^ left[0]
		copy(left, left[1:])
		left[degree-1] = 0
		for i := range left {
			left[i] ^= times(generator[i], factor)
		}
	}
	return left
}

// times multiplies in GF(2^8), modulo x^8 + x^4 + x^3 + x^2 + 1.
func times(a, b byte) byte {
	z := 0
	for i := 7; i >= 0; i-- {
		z = z<<1 ^ z>>7*0x11d
		z ^= int(b>>i&1) * int(a)
	}
	return byte(z)
}
