package ready

import "strings"

// A coding is how a body is compressed.
type coding int

const (
	identity coding = iota
	gzipped
	brotlied
	codings // how many there are
)

// name is what Content-Encoding calls a coding.
func (c coding) name() string { return [...]string{"", "gzip", "br"}[c] }

// suffix ends the ETag of a coding: two codings are two representations, and a strong tag
// is of one (RFC 9110, 8.8.3.3).
func (c coding) suffix() string { return [...]string{"", "-gzip", "-br"}[c] }

// notNamed is the weight of a coding of which a header says nothing.
const notNamed = -1

// choose reads Accept-Encoding (RFC 9110, 12.5.3) and returns the coding that the reader
// likes best; of those liked equally, the smaller. Without the header everything would do, and
// then a body goes out as it is. acceptable is false where even that is ruled out.
func choose(header []string) (c coding, acceptable bool) {
	if len(header) == 0 {
		return identity, true
	}
	weights := [codings]int{notNamed, notNamed, notNamed}
	others := notNamed // of "*"
	for _, line := range header {
		for line != "" {
			var item string
			item, line, _ = strings.Cut(line, ",")
			name, weight, ok := weighted(item)
			switch {
			case !ok:
			case name == "*":
				others = weight
			case strings.EqualFold(name, "identity"):
				weights[identity] = weight
			case strings.EqualFold(name, "gzip"), strings.EqualFold(name, "x-gzip"):
				weights[gzipped] = max(weights[gzipped], weight)
			case strings.EqualFold(name, "br"):
				weights[brotlied] = weight
			}
		}
	}
	for i, w := range weights {
		if w == notNamed {
			weights[i] = others
		}
	}
	best := identity
	for _, x := range []coding{gzipped, brotlied} {
		if weights[x] > 0 && weights[x] >= weights[best] {
			best = x
		}
	}
	return best, weights[best] != 0
}

// weighted reads one item of the header: a name and its weight in thousandths.
func weighted(item string) (name string, weight int, ok bool) {
	name, params, more := strings.Cut(item, ";")
	if name = strings.TrimSpace(name); name == "" {
		return "", 0, false
	}
	if !more {
		return name, 1000, true
	}
	key, value, _ := strings.Cut(params, "=")
	if !strings.EqualFold(strings.TrimSpace(key), "q") {
		return name, 0, false
	}
	weight, ok = qvalue(strings.TrimSpace(value))
	return name, weight, ok
}

// qvalue reads a weight: 0 or 1 with at most three decimals, and no more than 1.
func qvalue(s string) (thousandths int, ok bool) {
	if s == "" || s[0] != '0' && s[0] != '1' || len(s) > 1 && s[1] != '.' || len(s) > 5 {
		return 0, false
	}
	thousandths = int(s[0]-'0') * 1000
	scale := 100
	for i := 2; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		thousandths += int(s[i]-'0') * scale
		scale /= 10
	}
	return thousandths, thousandths <= 1000
}

// tagged reports whether If-None-Match names a tag, or any by "*". The comparison is the
// weak one, as it is to be for this header (RFC 9110, 13.1.2). What is no list of tags is
// read up to where it goes wrong.
func tagged(header []string, tag string) bool {
	for _, line := range header {
		for line = strings.TrimLeft(line, " \t,"); line != ""; line = strings.TrimLeft(line, " \t,") {
			if line[0] == '*' {
				return true
			}
			line = strings.TrimPrefix(line, "W/")
			if line == "" || line[0] != '"' {
				break
			}
			end := strings.IndexByte(line[1:], '"')
			if end < 0 {
				break
			}
			if line[:end+2] == tag {
				return true
			}
			line = line[end+2:]
		}
	}
	return false
}
