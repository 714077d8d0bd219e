package sim

import (
	"archive/zip"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/story"
	"dateline/internal/zone"
)

// Cities on both sides of the date line, near the equator and where the sun does not set:
// what is hard about rests is hard in one of them.
var cities = []newsroom.DeskSettings{
	city("jerusalem", 31.778, 35.235, "Asia/Jerusalem", true),
	city("new-york", 40.713, -74.006, "America/New_York", false),
	city("kiritimati", 1.872, -157.363, "Pacific/Kiritimati", false),
	city("apia", -13.833, -171.767, "Pacific/Apia", false),
	city("honolulu", 21.307, -157.858, "Pacific/Honolulu", false),
	city("tromso", 69.649, 18.956, "Europe/Oslo", false),
	city("lord-howe", -31.556, 159.083, "Australia/Lord_Howe", false),
	city("kathmandu", 27.708, 85.321, "Asia/Kathmandu", false),
}

func city(slug string, lat, lon float64, zone string, israel bool) (s newsroom.DeskSettings) {
	s.Slug, s.Names = slug, record.Words{"en": slug}
	s.Place = record.Place{City: record.Words{"en": slug}, Lat: lat, Lon: lon, Zone: zone, Israel: israel}
	s.Lighting, s.Nightfall = "18m", "8.5deg"
	if israel {
		s.Lighting = "40m"
	}
	return s
}

// keepings are ways in which a desk may keep its rest: evenings and hours of the clock, one
// day a week and many in a row, and nothing at all.
var keepings = []newsroom.Keeping{
	{Keeps: []string{"shabbat"}, Lighting: "18m", Nightfall: "8.5deg"},
	{Keeps: []string{"shabbat", "yomtov"}, Lighting: "40m", Nightfall: "42m"},
	{Keeps: []string{"shabbat", "extra-day"}, Lighting: "22m", Nightfall: "72m", Margin: "5m"},
	{Keeps: []string{"sunday"}},
	{Keeps: []string{"friday-prayer 12:45 90m", "eid"}, Lighting: "30m", Nightfall: "7.083deg"},
	{Keeps: []string{"nights 22:00 - 06:00"}},
	{Keeps: []string{"nothing"}},
}

// setup is a new house with three to five of the cities.
func (w *world) setup() newsroom.Setup {
	s := newsroom.Setup{Admin: admin, Log: w.key.Log(), Key: w.key.Verifier()}
	s.House = record.House{Names: record.Words{"en": "The Simulated"}, Address: "http://localhost", Languages: []string{"en", "he"}, Feeds: "full", Contents: true,
		Sections: []record.Section{{ID: "city", Names: record.Words{"en": "City"}}, {ID: "world", Names: record.Words{"en": "World"}}}}
	for i, at := range w.rng.Perm(len(cities))[:3+w.rng.IntN(3)] {
		d := cities[at]
		d.Eyes = i == 1
		if w.rng.IntN(2) == 0 {
			d.Keeping = keepings[w.rng.IntN(len(keepings))]
		}
		s.Desks = append(s.Desks, d)
	}
	for i := range s.Desks {
		s.Desks[i].Followers = []story.DeskID{story.DeskID(s.Desks[(i+1)%len(s.Desks)].Slug)}
	}
	s.House.Seat = s.Desks[0].Place
	return s
}

// releases are three releases of zone data, oldest first: the one that is built in, and two
// of later years in which the hours of some of the cities are others.
var releases = sync.OnceValues(func() (all []*zone.Data, err error) {
	all = append(all, zone.Built())
	dir, err := os.MkdirTemp("", "zones")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	for _, r := range []struct {
		version string
		others  map[string]string
	}{
		{"2098a", map[string]string{"Asia/Jerusalem": "Asia/Baghdad", "Pacific/Apia": "Pacific/Pago_Pago", "Europe/Oslo": "Europe/Helsinki"}},
		{"2099b", map[string]string{"America/New_York": "America/Halifax", "Pacific/Kiritimati": "Pacific/Honolulu", "Asia/Kathmandu": "Asia/Kolkata"}},
	} {
		d, err := otherwise(filepath.Join(dir, r.version), r.version, r.others)
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, nil
})

// otherwise makes a release with the zones of the cities, some with the hours of others.
func otherwise(file, version string, others map[string]string) (*zone.Data, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	if err := put(z, "VERSION", []byte(version)); err != nil {
		return nil, err
	}
	for _, c := range cities {
		name := c.Place.Zone
		text, err := builtZone(cmp.Or(others[name], name))
		if err != nil {
			return nil, err
		}
		if err := put(z, name, text); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		return nil, err
	}
	return zone.Open(file)
}

func put(z *zip.Writer, name string, text []byte) error {
	f, err := z.Create(name)
	if err == nil {
		_, err = f.Write(text)
	}
	return err
}

// builtZone reads the bytes of a zone from the file that is built in.
func builtZone(name string) ([]byte, error) {
	z, err := zip.OpenReader(filepath.Join("..", "..", "internal", "zone", "zoneinfo.zip"))
	if err != nil {
		return nil, fmt.Errorf("the zone data of the tree: %w", err)
	}
	defer z.Close()
	f, err := z.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}
