package qr

// draw lays out the patterns, then the codewords, under the mask that is easiest to read.
func draw(version int, codewords []byte) *Code {
	c := &Code{version: version, side: 4*version + 17}
	for range c.side {
		c.dark, c.fixed = append(c.dark, make([]bool, c.side)), append(c.fixed, make([]bool, c.side))
	}
	c.patterns()
	c.place(codewords)
	best, least := 0, -1
	for mask := range 8 {
		c.mask(mask)
		c.format(mask)
		if p := c.penalty(); least < 0 || p < least {
			best, least = mask, p
		}
		c.mask(mask) // a mask twice is none
	}
	c.mask(best)
	c.format(best)
	return c
}

func (c *Code) set(x, y int, dark bool) { c.dark[y][x], c.fixed[y][x] = dark, true }

// patterns draws what every code of a version has (section 6.3).
func (c *Code) patterns() {
	for i := range c.side {
		c.set(6, i, i%2 == 0)
		c.set(i, 6, i%2 == 0)
	}
	for _, at := range [3][2]int{{3, 3}, {c.side - 4, 3}, {3, c.side - 4}} {
		c.rings(at[0], at[1], 4)
	}
	places := c.alignments()
	last := len(places) - 1
	for i, x := range places {
		for j, y := range places {
			if i == 0 && j == 0 || i == 0 && j == last || i == last && j == 0 {
				continue // a finder is there
			}
			c.rings(x, y, 2)
		}
	}
	c.format(0) // its place is taken
	c.versionBits()
}

// rings draws a finder, with the white around it, or an alignment pattern: dark and light in
// turn, counted from the middle, in which a finder's inner square is three wide.
func (c *Code) rings(x, y, most int) {
	for dy := -most; dy <= most; dy++ {
		for dx := -most; dx <= most; dx++ {
			at := max(dx, -dx, dy, -dy)
			if x+dx >= 0 && x+dx < c.side && y+dy >= 0 && y+dy < c.side {
				c.set(x+dx, y+dy, most == 4 && at != 2 && at != 4 || most == 2 && at != 1)
			}
		}
	}
}

// alignments are the coordinates of alignment patterns (annex E).
func (c *Code) alignments() []int {
	if c.version == 1 {
		return nil
	}
	n := c.version/7 + 2
	step := (c.version*8 + n*3 + 5) / (n*4 - 4) * 2
	places := make([]int, n)
	places[0] = 6
	for i := n - 1; i > 0; i-- {
		places[i] = c.side - 7 - (n-1-i)*step
	}
	return places
}

// format writes level M and the mask, twice (section 7.9).
func (c *Code) format(mask int) {
	left := mask // level M is 00
	for range 10 {
		left = left<<1 ^ left>>9*0x537
	}
	word := (mask<<10 | left) ^ 0x5412
	for i := range 15 {
		dark := word>>i&1 == 1
		switch { // around the first finder
		case i < 6:
			c.set(8, i, dark)
		case i < 8:
			c.set(8, i+1, dark)
		case i == 8:
			c.set(7, 8, dark)
		default:
			c.set(14-i, 8, dark)
		}
		if i < 8 { // along the two others
			c.set(c.side-1-i, 8, dark)
		} else {
			c.set(8, c.side-15+i, dark)
		}
	}
	c.set(8, c.side-8, true)
}

// versionBits writes the version, twice, where it is 7 or more (section 7.10).
func (c *Code) versionBits() {
	if c.version < 7 {
		return
	}
	left := c.version
	for range 12 {
		left = left<<1 ^ left>>11*0x1f25
	}
	word := c.version<<12 | left
	for i := range 18 {
		dark := word>>i&1 == 1
		c.set(c.side-11+i%3, i/3, dark)
		c.set(i/3, c.side-11+i%3, dark)
	}
}

// place writes the codewords in columns of two, from the right, up and down in turn
// (section 7.7.3). The column of the timing pattern is left out.
func (c *Code) place(codewords []byte) {
	i := 0
	for right := c.side - 1; right > 0; right -= 2 {
		if right == 6 {
			right = 5
		}
		for step := range c.side {
			y := step
			if (right+1)&2 == 0 {
				y = c.side - 1 - step
			}
			for _, x := range [2]int{right, right - 1} {
				if !c.fixed[y][x] && i < 8*len(codewords) {
					c.dark[y][x] = codewords[i/8]>>(7-i%8)&1 == 1
					i++
				}
			}
		}
	}
}

// mask turns the modules of data over by one of the eight conditions (table 10).
func (c *Code) mask(n int) {
	for y := range c.side {
		for x := range c.side {
			turns := [8]bool{(x+y)%2 == 0, y%2 == 0, x%3 == 0, (x+y)%3 == 0, (x/3+y/2)%2 == 0,
				x*y%2+x*y%3 == 0, (x*y%2+x*y%3)%2 == 0, ((x+y)%2+x*y%3)%2 == 0}[n]
			if turns && !c.fixed[y][x] {
				c.dark[y][x] = !c.dark[y][x]
			}
		}
	}
}

// penalty counts what makes a code hard to read (section 7.8.3): long runs, blocks, what
// looks like a finder, and too much of one colour.
func (c *Code) penalty() (p int) {
	dark := 0
	for y := range c.side {
		across, down := make([]bool, c.side), make([]bool, c.side)
		for x := range c.side {
			across[x], down[x] = c.dark[y][x], c.dark[x][y]
			if across[x] {
				dark++
			}
			if x > 0 && y > 0 && c.dark[y][x] == c.dark[y][x-1] && c.dark[y][x] == c.dark[y-1][x] && c.dark[y][x] == c.dark[y-1][x-1] {
				p += 3
			}
		}
		p += linePenalty(across) + linePenalty(down)
	}
	total := c.side * c.side
	off := 20*dark - 10*total // twentieths of the whole, from one half
	if off < 0 {
		off = -off
	}
	return p + 10*(off/total)
}

// finderLike is a finder as a line crosses it, with the white before it or after it.
var finderLike = [2]string{"10111010000", "00001011101"}

func linePenalty(line []bool) (p int) {
	text := make([]byte, len(line))
	run := 0
	for i, dark := range line {
		if text[i] = '0'; dark {
			text[i] = '1'
		}
		if run++; i > 0 && line[i] != line[i-1] {
			run = 1
		}
		if run == 5 {
			p += 3
		} else if run > 5 {
			p++
		}
	}
	for i := 0; i+11 <= len(text); i++ {
		if s := string(text[i : i+11]); s == finderLike[0] || s == finderLike[1] {
			p += 40
		}
	}
	return p
}
