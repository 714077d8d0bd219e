package places

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"sync"
)

//go:embed cities.gz
var packed []byte

// A gazetteer is cities.gz unpacked. It is read only.
type gazetteer struct {
	cities    []City
	byID      map[string]int32
	regions   []string          // folded names of each city's region
	countries map[string]string // folded names of each country, "|" around each

	// The index: folded names in byte order, the ends of each in text, and for each
	// its city and whether that is a name of it or only another spelling.
	text    string
	ends    []uint32
	of      []int32
	primary []bool
}

var built = sync.OnceValue(func() *gazetteer {
	g, err := unpack(packed)
	if err != nil {
		panic("gazetteer built into this binary: " + err.Error()) // a broken build, which no test lets pass
	}
	return g
})

// maxUnpacked is three times what the data has.
const maxUnpacked = 16 << 20

// unpack reads what internal/places/gen wrote.
func unpack(b []byte) (*gazetteer, error) {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	size := binary.LittleEndian.Uint32(b[len(b)-4:]) // RFC 1952: gzip ends with how much was packed
	if size > maxUnpacked {
		return nil, fmt.Errorf("%d bytes, which no gazetteer has", size)
	}
	body := make([]byte, size)
	if _, err := io.ReadFull(z, body); err != nil {
		return nil, err
	}
	if n, err := z.Read(make([]byte, 1)); n > 0 || err != io.EOF { // which also checks the sum
		return nil, errors.New("it is not as long as it says, or its sum is wrong")
	}
	return decode(body)
}

// decode reads column after column.
func decode(body []byte) (*gazetteer, error) {
	r := &columns{left: body}
	g := &gazetteer{}
	g.readCountries(r)
	g.readCities(r)
	g.readIndex(r)
	if r.err == nil && len(r.left) > 0 {
		r.err = fmt.Errorf("%d bytes after the end", len(r.left))
	}
	return g, r.err
}

func (g *gazetteer) readCountries(r *columns) {
	codes, names := r.texts(), r.texts()
	if len(names) != len(codes) {
		r.fail()
		return
	}
	g.countries = make(map[string]string, len(codes))
	for i, code := range codes {
		g.countries[code] = names[i]
	}
}

func (g *gazetteer) readCities(r *columns) {
	zones, regions, regionCodes, folded := r.texts(), r.texts(), r.texts(), r.texts()
	names, hebrew, countries := r.texts(), r.texts(), r.texts()
	ids, zone, region := r.ints(), r.ints(), r.ints()
	lat, lon, up, people, capital := r.ints(), r.ints(), r.ints(), r.ints(), r.ints()
	n := len(ids)
	for _, l := range []int{len(names), len(hebrew), len(countries), len(zone), len(region), len(lat), len(lon), len(up), len(people), len(capital)} {
		if l != n {
			r.fail()
			return
		}
	}
	if len(regions) != len(regionCodes) || len(regions) != len(folded) {
		r.fail()
		return
	}
	g.cities, g.byID, g.regions = make([]City, n), make(map[string]int32, n), make([]string, n)
	for i := range g.cities {
		if zone[i] < 0 || zone[i] >= len(zones) || region[i] < 0 || region[i] >= len(regions) {
			r.fail()
			return
		}
		id := strconv.Itoa(ids[i])
		if ids[i] == 0 { // GeoNames has no such place
			id = "tz-" + zones[zone[i]]
		}
		g.byID[id], g.regions[i] = int32(i), folded[region[i]]
		g.cities[i] = City{
			ID: id, Name: names[i], Hebrew: hebrew[i],
			Region: regions[region[i]], RegionCode: regionCodes[region[i]], Country: countries[i],
			Lat: float64(lat[i]) / 1e4, Lon: float64(lon[i]) / 1e4, Elevation: up[i],
			Zone: zones[zone[i]], Population: people[i], Capital: capital[i] == 1,
		}
	}
}

// readIndex reads the folded names. Each is written as how many bytes it shares with
// the one before, and the rest.
func (g *gazetteer) readIndex(r *columns) {
	shared, rest, of := r.ints(), r.ints(), r.ints()
	tails := r.bytes()
	if len(rest) != len(shared) || len(of) != len(shared) {
		r.fail()
		return
	}
	var text strings.Builder
	text.Grow(3 * len(tails))
	g.ends = make([]uint32, len(shared))
	g.of, g.primary = make([]int32, len(shared)), make([]bool, len(shared))
	before := ""
	for i := range shared {
		city := of[i] >> 1
		if shared[i] < 0 || shared[i] > len(before) || rest[i] < 0 || rest[i] > len(tails) || city < 0 || city >= len(g.cities) {
			r.fail()
			return
		}
		start := text.Len()
		text.WriteString(before[:shared[i]])
		text.Write(tails[:rest[i]])
		before, tails = text.String()[start:], tails[rest[i]:]
		g.ends[i], g.of[i], g.primary[i] = uint32(text.Len()), int32(city), of[i]&1 == 1
	}
	g.text = text.String()
}

// key is the i-th folded name.
func (g *gazetteer) key(i int) string {
	start := uint32(0)
	if i > 0 {
		start = g.ends[i-1]
	}
	return g.text[start:g.ends[i]]
}

// columns reads the packed form; after an error, everything is empty.
type columns struct {
	left []byte
	err  error
}

func (r *columns) fail() {
	r.left = nil
	if r.err == nil {
		r.err = errors.New("damaged")
	}
}

func (r *columns) size() int {
	n, used := binary.Uvarint(r.left)
	if used <= 0 || n > math.MaxInt32 {
		r.fail()
		return 0
	}
	r.left = r.left[used:]
	return int(n)
}

// bytes reads a length and as many bytes.
func (r *columns) bytes() []byte {
	n := r.size()
	if n > len(r.left) {
		r.fail()
		return nil
	}
	b := r.left[:n]
	r.left = r.left[n:]
	return b
}

// texts reads lines, each of which ends with a line feed.
func (r *columns) texts() []string {
	b := string(r.bytes())
	if b == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(b, "\n"), "\n")
}

// ints reads whole numbers. Each is written as its difference from the one before, in
// four bytes with the sign lowest; all lowest bytes come first, then the next, because
// those compress best apart.
func (r *columns) ints() []int {
	b := r.bytes()
	n := len(b) / 4
	all := make([]int, n)
	before := int32(0)
	for i := range all {
		d := uint32(b[i]) | uint32(b[n+i])<<8 | uint32(b[2*n+i])<<16 | uint32(b[3*n+i])<<24
		before += int32(d>>1) ^ -int32(d&1)
		all[i] = int(before)
	}
	return all
}
