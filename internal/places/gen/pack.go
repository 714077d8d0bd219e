package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/binary"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"dateline/internal/places"
)

// pack writes the form that package places reads: columns, so that like stands by like.
func pack(cities []city, countries map[string][]string) ([]byte, error) {
	slices.SortFunc(cities, func(a, b city) int {
		return cmp.Or(cmp.Compare(a.Country, b.Country), cmp.Compare(a.Region, b.Region), cmp.Compare(idNumber(a), idNumber(b)), cmp.Compare(a.Zone, b.Zone))
	})
	w := &columns{}
	w.writeCountries(countries)
	w.writeCities(cities)
	w.writeIndex(index(cities))
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(w.out); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// idNumber is GeoNames' number, 0 for a place that it does not have.
func idNumber(c city) int {
	n, _ := strconv.Atoi(c.ID)
	return n
}

// writeCountries writes codes, and their names folded, with "|" around each.
func (w *columns) writeCountries(countries map[string][]string) {
	var names []string
	for _, code := range slices.Sorted(maps.Keys(countries)) {
		all := "|"
		for _, name := range slices.Concat(countries[code], countryNames[code]) {
			all += places.Fold(name) + "|"
		}
		names = append(names, all)
	}
	w.texts(slices.Sorted(maps.Keys(countries)))
	w.texts(names)
}

func (w *columns) writeCities(cities []city) {
	text := func(f func(city) string) (all []string) {
		for _, c := range cities {
			all = append(all, f(c))
		}
		return all
	}
	zones, zone := distinct(text(func(c city) string { return c.Zone }))
	regions, region := distinct(text(func(c city) string { return c.Region + "\t" + c.RegionCode }))
	var names, short, folded []string
	for _, r := range regions {
		name, code, _ := strings.Cut(r, "\t")
		names, short, folded = append(names, name), append(short, code), append(folded, places.Fold(name))
	}
	w.texts(zones)
	w.texts(names)
	w.texts(short)
	w.texts(folded)
	w.texts(text(func(c city) string { return c.Name }))
	w.texts(text(func(c city) string { return c.Hebrew }))
	w.texts(text(func(c city) string { return c.Country }))
	number := func(f func(city) int) {
		var all []int
		for _, c := range cities {
			all = append(all, f(c))
		}
		w.ints(all)
	}
	number(idNumber)
	w.ints(zone)
	w.ints(region)
	number(func(c city) int { return int(math.Round(c.Lat * 1e4)) })
	number(func(c city) int { return int(math.Round(c.Lon * 1e4)) })
	number(func(c city) int { return c.Elevation })
	number(func(c city) int { return c.Population })
	number(func(c city) int {
		if c.Capital {
			return 1
		}
		return 0
	})
}

// distinct lists the different texts, sorted, and which of them each one is.
func distinct(all []string) (list []string, which []int) {
	list = slices.Compact(slices.Sorted(slices.Values(all)))
	for _, s := range all {
		i, _ := slices.BinarySearch(list, s)
		which = append(which, i)
	}
	return list, which
}

// An entry is a folded name, and its city times two, plus one if it is a name of the
// city and not only another spelling.
type entry struct {
	key string
	of  int
}

// index lists every folded name of every city once, in byte order.
func index(cities []city) (all []entry) {
	for i, c := range cities {
		keys := map[string]int{}
		for _, name := range append([]string{c.Name, c.Hebrew}, c.native...) {
			keys[places.Fold(name)] = 2*i + 1
		}
		names := slices.Collect(maps.Keys(keys))
		for _, name := range c.other {
			if key := places.Fold(name); !ending(key, names) {
				keys[key] = 2 * i
			}
		}
		delete(keys, "")
		for key, of := range keys {
			all = append(all, entry{key, of})
		}
	}
	slices.SortFunc(all, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.of, b.of))
	})
	return all
}

// ending reports whether a spelling only puts an ending to one of the names, as other
// languages do (Londonas), or is that name. Nobody misses those.
func ending(key string, names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		rest, ok := strings.CutPrefix(key, name)
		return ok && name != "" && (rest == "" || !strings.Contains(rest, " ") && len(rest) <= 3)
	})
}

func (w *columns) writeIndex(all []entry) {
	var shared, rest, of []int
	var tails []byte
	before := ""
	for _, e := range all {
		n := 0
		for n < min(len(before), len(e.key)) && before[n] == e.key[n] {
			n++
		}
		shared, rest, of = append(shared, n), append(rest, len(e.key)-n), append(of, e.of)
		tails = append(tails, e.key[n:]...)
		before = e.key
	}
	w.ints(shared)
	w.ints(rest)
	w.ints(of)
	w.bytes(tails)
}

// columns writes what package places' type of the same name reads.
type columns struct{ out []byte }

func (w *columns) bytes(b []byte) {
	w.out = append(binary.AppendUvarint(w.out, uint64(len(b))), b...)
}

func (w *columns) texts(all []string) {
	w.bytes([]byte(strings.Join(append(all, ""), "\n")))
}

func (w *columns) ints(all []int) {
	b := make([]byte, 4*len(all))
	before := int32(0)
	for i, n := range all {
		d := int32(n) - before
		before = int32(n)
		u := uint32(d<<1) ^ uint32(d>>31)
		for plane := range 4 {
			b[plane*len(all)+i] = byte(u >> (8 * plane))
		}
	}
	w.bytes(b)
}
