package places

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// Bounds of what is looked up. No name of a place is longer, and no page shows more.
const (
	maxQuery = 200 // bytes
	maxLimit = 100
)

// Search finds cities as one types: those that have a name, in English, on the spot, in
// Hebrew or in another spelling, that begins with query. After a comma, or as last words
// where nothing begins with all of them, query may say the region or country: "Paris,
// Tex" and "paris fr". Names are compared as Fold writes them.
//
// The best come first: those whose whole name was typed, then by population, in which a
// capital counts double, and a city to which only another spelling leads a tenth. At most
// limit are returned, and never more than 100; nothing for an empty query.
func Search(query string, limit int) []City {
	g := built()
	found := top{limit: min(limit, maxLimit)}
	for _, q := range readings(query) {
		if g.each(q, false, found.add); len(found.hits) > 0 {
			break
		}
	}
	cities := make([]City, len(found.hits))
	for i, h := range found.hits {
		cities[i] = g.cities[h.city]
	}
	return cities
}

// A reading is one way to understand a query: a name, and words that its region or
// country must have. Both are folded.
type reading struct {
	name  string
	where []string
}

// maxWords is how many last words are tried as a region or country.
const maxWords = 4

// readings lists how a query can be understood, the likeliest first; none if it is
// empty or no query at all.
func readings(query string) []reading {
	if len(query) > maxQuery || !utf8.ValidString(query) {
		return nil
	}
	parts := strings.Split(query, ",")
	first := reading{name: Fold(parts[0])}
	for _, part := range parts[1:] {
		if w := Fold(part); w != "" {
			first.where = append(first.where, w)
		}
	}
	if first.name == "" {
		return nil
	}
	all := []reading{first}
	if len(parts) > 1 {
		return all
	}
	words := strings.Fields(parts[0])
	for i := len(words) - 1; i > 0 && i >= len(words)-maxWords; i-- {
		name, where := Fold(strings.Join(words[:i], " ")), strings.Fields(Fold(strings.Join(words[i:], " ")))
		if name != "" && len(where) > 0 {
			all = append(all, reading{name, where})
		}
	}
	return all
}

// A hit is a city that a query led to.
type hit struct {
	city    int32
	primary bool // by a name of it, not only another spelling
	exact   bool // by the whole of such a name
	weight  int  // how much it is meant
}

// each calls f with every city that a reading leads to, by its whole name if exact; the
// same city comes as often as it has such names.
func (g *gazetteer) each(q reading, exact bool, f func(hit)) {
	for i := sort.Search(len(g.ends), func(i int) bool { return g.key(i) >= q.name }); i < len(g.ends); i++ {
		key := g.key(i)
		if !strings.HasPrefix(key, q.name) || exact && key != q.name {
			return
		}
		if g.isIn(g.of[i], q.where) {
			f(g.hit(i, key == q.name))
		}
	}
}

// hit is what the i-th name leads to, typed in full or not.
func (g *gazetteer) hit(i int, whole bool) hit {
	c := &g.cities[g.of[i]]
	weight := 10 * (c.Population + 1)
	if c.Capital {
		weight *= 2
	}
	if !g.primary[i] {
		weight /= 10
	}
	return hit{g.of[i], g.primary[i], g.primary[i] && whole, weight}
}

// isIn reports whether a city's region or country has each of the words: the code of
// either, or the start of a word of a name.
func (g *gazetteer) isIn(city int32, where []string) bool {
	c := &g.cities[city]
	for _, w := range where {
		if !strings.EqualFold(w, c.Country) && !strings.EqualFold(w, c.RegionCode) &&
			!starts(g.countries[c.Country], w) && !starts(g.regions[city], w) {
			return false
		}
	}
	return true
}

// starts reports whether a word of names begins with w.
func starts(names, w string) bool {
	return strings.HasPrefix(names, w) || strings.Contains(names, " "+w) || strings.Contains(names, "|"+w)
}

// top keeps the best hits, each city once.
type top struct {
	limit int
	hits  []hit
}

func (t *top) add(h hit) {
	for i, old := range t.hits {
		if old.city == h.city {
			if !better(h, old) {
				return
			}
			t.hits = append(t.hits[:i], t.hits[i+1:]...)
			break
		}
	}
	at := sort.Search(len(t.hits), func(i int) bool { return better(h, t.hits[i]) })
	if at >= t.limit {
		return
	}
	t.hits = append(t.hits, hit{})
	copy(t.hits[at+1:], t.hits[at:])
	t.hits[at] = h
	t.hits = t.hits[:min(len(t.hits), t.limit)]
}

// better orders hits: whole names first, then by weight, and then as the file has them,
// so that the same query always gives the same order.
func better(a, b hit) bool {
	if a.exact != b.exact {
		return a.exact
	}
	if a.weight != b.weight {
		return a.weight > b.weight
	}
	return a.city < b.city
}
