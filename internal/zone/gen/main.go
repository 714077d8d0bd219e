// Gen packs a compiled zone data folder into zoneinfo.zip and VERSION, the files
// that package zone embeds. From the top of the repository, with the system's data:
//
//	go run ./internal/zone/gen /usr/share/zoneinfo internal/zone
//
// or with a newer release than the machine has installed, here Debian's:
//
//	apt-get update && apt-get download tzdata && dpkg-deb -x tzdata_*.deb /tmp/tzdata
//	go run ./internal/zone/gen /tmp/tzdata/usr/share/zoneinfo internal/zone
//
// or from IANA's own sources: make -C tzdb-2026f TOPDIR=/tmp/tzdata install.
//
// Every zone and every alias goes in, whole, under its name. What is left out is no
// zone of a place: posix/ and right/ (the same again, and with leap seconds),
// posixrules and localtime (the machine's), Factory ("not set yet"), and tables.
// The same folder gives the same bytes, so that anybody can check the zip.
package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: gen ZONEINFO-FOLDER OUTPUT-FOLDER")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(from, to string) error {
	version, err := versionOf(from)
	if err != nil {
		return err
	}
	zones, err := zonesIn(from)
	if err != nil {
		return err
	}
	zones["VERSION"] = []byte(version + "\n")
	packed, err := pack(zones)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(to, "zoneinfo.zip"), packed, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(to, "VERSION"), zones["VERSION"], 0o644)
}

var leftOut = []string{"posix", "right", "posixrules", "localtime", "Factory"}

// zonesIn reads every compiled zone under a folder, following links to files.
func zonesIn(folder string) (map[string][]byte, error) {
	zones := map[string][]byte{}
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		if slices.Contains(leftOut, name) {
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if info, err := os.Stat(path); err != nil || info.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err == nil && bytes.HasPrefix(b, []byte("TZif")) {
			zones[filepath.ToSlash(name)] = b
		}
		return err
	})
	if err == nil && len(zones) < 400 {
		err = fmt.Errorf("only %d zones in %s, which is not the whole data", len(zones), folder)
	}
	return zones, err
}

var versionLine = regexp.MustCompile(`^# version ([0-9]{4}[a-z]{1,2})\n`)

// versionOf reads the release from the first line of tzdata.zi, which every
// install of the data has beside the zones.
func versionOf(folder string) (string, error) {
	b, err := os.ReadFile(filepath.Join(folder, "tzdata.zi"))
	if err != nil {
		return "", err
	}
	line := versionLine.FindSubmatch(b)
	if line == nil {
		return "", errors.New("tzdata.zi does not begin with a version")
	}
	return string(line[1]), nil
}

// pack makes the zip, sorted by name and with one date for all.
func pack(zones map[string][]byte) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestCompression)
	})
	names := make([]string, 0, len(zones))
	for name := range zones {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		w, err := z.CreateHeader(&zip.FileHeader{
			Name:     name,
			Method:   zip.Deflate,
			Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC),
		})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(zones[name]); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil { // writes the list of entries
		return nil, err
	}
	return out.Bytes(), nil
}
