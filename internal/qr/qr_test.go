package qr

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

// formats are the published words of level M by mask (ISO/IEC 18004:2015, table C.1).
var formats = [8]string{"101010000010010", "101000100100101", "101111001111100", "101101101001011", "100010111111001", "100000011001110", "100111110010111", "100101010100000"}

const address = "otpauth://totp/The%20Meridian:Tamar%20Shohat?issuer=The%20Meridian&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

// TestCodesAreRead reads codes of every version back: the format, the codewords, that the
// check of each block is right, and the text.
func TestCodesAreRead(t *testing.T) {
	seen := map[int]bool{}
	for n := 0; n <= MaxBytes; n += 9 {
		text := strings.Repeat(address, 7)[:n]
		c, err := New(text)
		if err != nil {
			t.Fatal(err)
		}
		seen[c.version] = true
		if got := read(t, c); got != text {
			t.Fatalf("a code of %d bytes, version %d, is read as %.60q", n, c.version, got)
		}
	}
	if len(seen) != 20 {
		t.Errorf("%d versions were made", len(seen))
	}
	if _, err := New(strings.Repeat("x", MaxBytes+1)); err == nil {
		t.Error("more than fits is drawn")
	}
}

// TestOneCode holds a code as a camera has read it.
func TestOneCode(t *testing.T) {
	c, err := New(address)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(c.Path()))
	if got := hex.EncodeToString(sum[:8]); got != "af9e13276c532211" || c.Side() != 49 {
		t.Errorf("it is %d wide, and its path is %s", c.Side(), got)
	}
}

// TestVersionWord is the word that the standard gives for version 7 (annex D).
func TestVersionWord(t *testing.T) {
	c := draw(7, nil)
	word := ""
	for i := 17; i >= 0; i-- {
		word += digit(c.dark[i/3][c.side-11+i%3])
	}
	if word != "000111110010010100" {
		t.Error("version 7 is written as", word)
	}
}

func digit(dark bool) string {
	if dark {
		return "1"
	}
	return "0"
}

// read takes a code apart.
func read(t *testing.T, c *Code) string {
	t.Helper()
	first, second := "", ""
	for _, at := range [15][2]int{{0, 8}, {1, 8}, {2, 8}, {3, 8}, {4, 8}, {5, 8}, {7, 8}, {8, 8}, {8, 7}, {8, 5}, {8, 4}, {8, 3}, {8, 2}, {8, 1}, {8, 0}} {
		first += digit(c.dark[at[1]][at[0]])
	}
	for i := range 7 {
		second += digit(c.dark[c.side-1-i][8])
	}
	for i := range 8 {
		second += digit(c.dark[8][c.side-8+i])
	}
	mask := -1
	for m, word := range formats {
		if word == first && word == second {
			mask = m
		}
	}
	if mask < 0 {
		t.Fatalf("its format is %s and %s", first, second)
	}
	c.mask(mask)
	var raw []byte
	n := 0
	for x := c.side - 1; x > 0; x -= 2 {
		if x == 6 {
			x--
		}
		for i := range c.side {
			y := c.side - 1 - i
			pair := (c.side - 1 - x) / 2
			if x < 6 { // the timing pattern has a column of its own
				pair = (c.side - 2 - x) / 2
			}
			if pair%2 == 1 {
				y = i
			}
			for _, x := range []int{x, x - 1} {
				if c.fixed[y][x] {
					continue
				}
				if n%8 == 0 {
					raw = append(raw, 0)
				}
				if c.dark[y][x] {
					raw[n/8] |= 1 << (7 - n%8)
				}
				n++
			}
		}
	}
	return textOf(t, c.version, raw[:rawBytes(c.version)])
}

// textOf takes the blocks apart, wants each to be a codeword of Reed and Solomon's, and reads
// the bytes.
func textOf(t *testing.T, version int, raw []byte) string {
	t.Helper()
	blocks, check := blocksOf[version], checkOf[version]
	parts := make([][]byte, blocks)
	data := len(raw) - blocks*check
	long := data % blocks
	for i, b := range raw {
		switch row := i / blocks; {
		case i >= data:
			parts[(i-data)%blocks] = append(parts[(i-data)%blocks], b)
		case row == data/blocks: // only the later blocks are as long
			parts[blocks-long+i%blocks] = append(parts[blocks-long+i%blocks], b)
		default:
			parts[i%blocks] = append(parts[i%blocks], b)
		}
	}
	text := ""
	for _, p := range parts {
		root := byte(1)
		for range check {
			sum := byte(0)
			for _, b := range p {
				sum = times(sum, root) ^ b
			}
			if sum != 0 {
				t.Fatalf("a block of version %d does not check", version)
			}
			root = times(root, 2)
		}
		for _, b := range p[:len(p)-check] {
			text += fmt.Sprintf("%08b", b)
		}
	}
	count := 8
	if version >= 10 {
		count = 16
	}
	n := 0
	if _, err := fmt.Sscanf(text[4:4+count], "%b", &n); err != nil || text[:4] != "0100" {
		t.Fatal("it is not of bytes")
	}
	out := make([]byte, n)
	for i := range out {
		if _, err := fmt.Sscanf(text[4+count+8*i:12+count+8*i], "%b", &out[i]); err != nil {
			t.Fatal(err)
		}
	}
	return string(out)
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, err := New(address); err != nil {
			b.Fatal(err)
		}
	}
}
