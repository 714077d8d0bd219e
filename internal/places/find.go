package places

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// clearly is how many times as large as any namesake a city must be to be meant by the
// name alone.
const clearly = 10

// Find returns the one city that a name means: "Jerusalem", "ירושלים", "München",
// "Springfield, Illinois", "Cordoba, AR", or an ID. The whole name must be there, in any
// of the spellings that Search knows.
//
// Where several cities have the name, it means the largest if that is at least ten
// times as large as each of the others, counted as Search does: a capital double, and a
// city to which only another spelling leads a tenth, and not at all beside one in its
// country of which that is the name. So London and Boston are found, and Portland and
// Hyderabad are an *AmbiguousError. For a name that is not here, the error says which
// are written nearly so.
func Find(name string) (City, error) {
	if c, ok := ByID(strings.TrimSpace(name)); ok {
		return c, nil
	}
	if len(name) > maxQuery || !utf8.ValidString(name) {
		return City{}, fmt.Errorf("%.40q is not the name of a place; names are text of at most %d bytes", name, maxQuery)
	}
	g, all := built(), readings(name)
	if len(all) == 0 {
		return City{}, errors.New("the place has no name; names are like Jerusalem, or Springfield, Illinois")
	}
	for _, q := range all {
		found := top{limit: maxLimit}
		g.each(q, true, found.add)
		if len(found.hits) > 0 {
			return g.meant(name, found.hits)
		}
	}
	return City{}, g.unknown(name, all[0])
}

// meant chooses among cities of one name, the largest first.
func (g *gazetteer) meant(name string, hits []hit) (City, error) {
	named := map[string]bool{}
	for _, h := range hits {
		if h.primary {
			named[g.cities[h.city].Country] = true
		}
	}
	hits = slices.DeleteFunc(hits, func(h hit) bool { return !h.primary && named[g.cities[h.city].Country] })
	slices.SortFunc(hits, func(a, b hit) int { return cmp.Or(b.weight-a.weight, int(a.city-b.city)) })
	largest := hits[0].weight
	hits = slices.DeleteFunc(hits, func(h hit) bool { return largest >= clearly*h.weight })
	if len(hits) == 1 {
		return g.cities[hits[0].city], nil
	}
	e := &AmbiguousError{Name: strings.TrimSpace(name)}
	for _, h := range hits {
		e.Candidates = append(e.Candidates, g.cities[h.city])
	}
	return City{}, e
}

// An AmbiguousError says that a name means several cities of comparable size.
type AmbiguousError struct {
	Name       string
	Candidates []City // two or more, the largest first
}

// listed is how many candidates a sentence names.
const listed = 6

func (e *AmbiguousError) Error() string {
	var names []string
	how := "with its region or country"
	for _, c := range e.Candidates[:min(len(e.Candidates), listed)] {
		name := c.String()
		if e.shares(c) {
			name = fmt.Sprintf("%s (%s)", name, c.ID)
			how = "with its region or country, or by the number in brackets"
		}
		names = append(names, name)
	}
	last := len(names) - 1
	list := strings.Join(names[:last], "; ") + " or " + names[last]
	if more := len(e.Candidates) - listed; more > 0 {
		list = fmt.Sprintf("%s or one of %d more", strings.Join(names, "; "), more)
	}
	return fmt.Sprintf("%q may be %s; say which, %s", e.Name, list, how)
}

// shares reports whether another candidate reads as this one does, so that only its ID
// tells it apart.
func (e *AmbiguousError) shares(c City) bool {
	return slices.ContainsFunc(e.Candidates, func(o City) bool { return o.ID != c.ID && o.String() == c.String() })
}

// unknown says that no city has a name, and which ones have nearly that.
func (g *gazetteer) unknown(name string, q reading) error {
	near := g.spelledLike(q)
	if len(near) == 0 {
		return fmt.Errorf("there is no place %q in the gazetteer; names are like Jerusalem, or Springfield, Illinois", name)
	}
	return fmt.Errorf("there is no place %q in the gazetteer; perhaps %s is meant", name, strings.Join(near, " or "))
}

// spelledLike lists up to three cities whose name differs from a reading's by one letter
// in four, and by three at most.
func (g *gazetteer) spelledLike(q reading) (names []string) {
	type near struct {
		hit
		far int
	}
	var all []near
	want := []rune(q.name)
	most := min(3, (len(want)+1)/4)
	for i := range g.ends {
		key := g.key(i)
		if n := utf8.RuneCountInString(key); n < len(want)-most || n > len(want)+most || !g.isIn(g.of[i], q.where) {
			continue
		}
		if far := distance(want, []rune(key), most); far <= most {
			all = append(all, near{g.hit(i, true), far})
		}
	}
	slices.SortFunc(all, func(a, b near) int {
		return cmp.Or(a.far-b.far, b.weight-a.weight, int(a.city-b.city))
	})
	for _, n := range all {
		if name := g.cities[n.city].String(); !slices.Contains(names, name) && len(names) < 3 {
			names = append(names, name)
		}
	}
	return names
}

// distance is how many letters must be put in, left out or changed to make b of a
// (Levenshtein's), or anything above most where it is above that.
func distance(a, b []rune, most int) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range a {
		diagonal, least := row[0], i+1
		row[0] = i + 1
		for j, s := range b {
			change := diagonal
			if r != s {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
			least = min(least, row[j+1])
		}
		if least > most {
			return most + 1
		}
	}
	return row[len(b)]
}
