// Package zone is the IANA zone data that the binary carries. Where a desk's
// midnight lies must not depend on what the machine under it has installed, so
// nothing here ever looks at the system's own data.
//
// zoneinfo.zip and VERSION beside this file are made by internal/zone/gen, whose
// comment says how; a zip that it makes can also replace them at run time, by Open.
// The data is in the public domain.
package zone

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

//go:embed zoneinfo.zip
var built []byte

// Data is one release of the zone data. All its methods may be called at once.
type Data struct {
	version string
	files   map[string]*zip.File // by zone name; read only

	mu    sync.Mutex
	zones map[string]*time.Location // guarded by mu; those that were asked for
}

// Bounds of a zip that somebody hands in. A release is 0.5 MB with 600 zones of
// under 4 kB each.
const (
	maxFile  = 16 << 20
	maxZone  = 256 << 10
	maxZones = 5000
)

// versionForm is how releases are named: 2026b, and after 2026z, 2026za. As
// strings they sort by age, on which "older data never replaces newer" relies.
var versionForm = regexp.MustCompile(`^[0-9]{4}[a-z]{1,2}$`)

// Built returns the data that this binary was built with, the same at every call.
var Built = sync.OnceValue(func() *Data {
	d, err := read(built)
	if err != nil {
		panic("zone data built into this binary: " + err.Error()) // a broken build, which no test lets pass
	}
	return d
})

// Open reads a zip of the same shape from a file: one entry for each zone, under
// its name, and one called VERSION. It refuses a file in which any of them cannot be
// used, so that a desk is not found without its zone later. The file is not needed again.
func Open(file string) (*Data, error) {
	b, err := readFile(file)
	if err != nil {
		return nil, fmt.Errorf("zone data: %w", err)
	}
	d, err := read(b)
	if err != nil {
		return nil, fmt.Errorf("zone data %s: %w", file, err)
	}
	for _, name := range d.Names() {
		if _, err := d.Load(name); err != nil {
			return nil, fmt.Errorf("zone data %s: %w", file, err)
		}
	}
	return d, nil
}

func readFile(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(b) > maxFile {
		err = fmt.Errorf("%s is larger than %d MB", file, maxFile>>20)
	}
	return b, err
}

// read opens the zip in b, without looking into its zones.
func read(b []byte) (*Data, error) {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, fmt.Errorf("not a zip of zones: %w", err)
	}
	if len(z.File) > maxZones {
		return nil, fmt.Errorf("%d entries are more than any release has", len(z.File))
	}
	d := &Data{files: map[string]*zip.File{}, zones: map[string]*time.Location{}}
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		if err := checkName(f.Name); err != nil {
			return nil, err
		}
		d.files[f.Name] = f
	}
	if err := d.takeVersion(); err != nil {
		return nil, err
	}
	if len(d.files) == 0 {
		return nil, errors.New("no zones in it")
	}
	return d, nil
}

// takeVersion moves the VERSION entry from the zones to where it belongs.
func (d *Data) takeVersion() error {
	b, err := d.content("VERSION")
	if errors.Is(err, fs.ErrNotExist) {
		return errors.New("no VERSION in it, which says what release it is")
	}
	if err != nil {
		return err
	}
	d.version = strings.TrimSpace(string(b))
	if !versionForm.MatchString(d.version) {
		return fmt.Errorf("VERSION is %.20q, but releases are named like 2026b", d.version)
	}
	delete(d.files, "VERSION")
	return nil
}

// Version is the release, such as "2026b".
func (d *Data) Version() string { return d.version }

// Names returns every name that Load knows, aliases too, sorted.
func (d *Data) Names() []string { return slices.Sorted(maps.Keys(d.files)) }

// Load returns the zone of a name, such as "America/New_York". It refuses, with
// one sentence, a name that could mean the machine or a path, and one that the data
// does not have.
func (d *Data) Load(name string) (*time.Location, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if loc, ok := d.zones[name]; ok {
		return loc, nil
	}
	b, err := d.content(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, d.unknown(name)
	}
	if err != nil {
		return nil, err
	}
	loc, err := time.LoadLocationFromTZData(name, b)
	if err != nil {
		return nil, fmt.Errorf("time zone %s is damaged in zone data %s", name, d.version)
	}
	d.zones[name] = loc
	return loc, nil
}

// content reads one entry; fs.ErrNotExist if there is none.
func (d *Data) content(name string) ([]byte, error) {
	f, ok := d.files[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("reading %s from the zone data: %w", name, err)
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, maxZone+1)) // also checks the entry's checksum
	if err != nil {
		return nil, fmt.Errorf("reading %s from the zone data: %w", name, err)
	}
	if len(b) > maxZone {
		return nil, fmt.Errorf("%s is larger than any zone", name)
	}
	return b, nil
}

// unknown says that a name is not in the data, and which one was meant if only
// its letters' case differs.
func (d *Data) unknown(name string) error {
	for known := range d.files {
		if strings.EqualFold(known, name) {
			return fmt.Errorf("there is no time zone %q in zone data %s; perhaps %s is meant", name, d.version, known)
		}
	}
	return fmt.Errorf("there is no time zone %.100q in zone data %s; names are like America/New_York", name, d.version)
}

func checkName(name string) error {
	switch {
	case name == "":
		return errors.New("the time zone has no name; names are like America/New_York")
	case name == "Local":
		return errors.New(`the time zone "Local" is the machine's own, which a place is never given`)
	case strings.HasPrefix(name, "/"), strings.Contains(name, ".."), strings.Contains(name, `\`):
		return fmt.Errorf("the time zone %.100q is a path, not a name; names are like America/New_York", name)
	}
	return nil
}
