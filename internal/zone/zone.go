// Package zone carries the IANA time zone data, so that every machine judges by the same
// rules and says which. It never falls back to the system's own data.
package zone

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

// zoneinfo.zip holds one compiled file (RFC 8536) for each zone and a file named VERSION.
// The data is in the public domain (IANA); go run ./internal/zone/gen makes the archive.
//
//go:embed zoneinfo.zip
var built []byte

// Data is one version of the zone data. Its methods may be called at once.
type Data struct {
	version string
	files   map[string]*zip.File

	mu     sync.Mutex
	loaded map[string]*time.Location // guarded by mu
}

// Built is the data that the binary carries.
var Built = sync.OnceValue(func() *Data {
	d, err := read(built)
	if err != nil {
		panic("zone: the data in the binary is damaged: " + err.Error()) // a broken build
	}
	return d
})

// maxArchive bounds a replacement: the whole world takes half a megabyte.
const maxArchive = 16 << 20

// Open reads a replacement of the same shape, for a release of the zone data that is
// newer than the binary.
func Open(file string) (*Data, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, fmt.Errorf("reading the zone data: %w", err)
	}
	if info.Size() > maxArchive {
		return nil, fmt.Errorf("the zone data %s is larger than 16 MiB", file)
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading the zone data: %w", err)
	}
	d, err := read(raw)
	if err != nil {
		return nil, fmt.Errorf("the zone data %s: %w", file, err)
	}
	return d, nil
}

func read(raw []byte) (*Data, error) {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, err
	}
	d := &Data{files: map[string]*zip.File{}, loaded: map[string]*time.Location{}}
	for _, f := range z.File {
		d.files[f.Name] = f
	}
	version, err := d.read("VERSION")
	if err != nil {
		return nil, errors.New("it does not say which version it is")
	}
	d.version = strings.TrimSpace(string(version))
	delete(d.files, "VERSION")
	return d, nil
}

func (d *Data) read(name string) ([]byte, error) {
	f, ok := d.files[name]
	if !ok {
		return nil, fmt.Errorf("there is no time zone %q", name)
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(r, 1<<20))
	return b, errors.Join(err, r.Close())
}

// Version is the release, such as "2026f".
func (d *Data) Version() string { return d.version }

// Load returns a zone by its IANA name. Unknown names are refused; so are "" and "Local",
// which mean another zone on every machine.
func (d *Data) Load(name string) (*time.Location, error) {
	if name == "" || name == "Local" || path.Clean(name) != name || strings.Contains(name, "..") || strings.ContainsAny(name, `\:`) || path.IsAbs(name) {
		return nil, fmt.Errorf("%q is not the name of a time zone such as Asia/Jerusalem", name)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if zone, ok := d.loaded[name]; ok {
		return zone, nil
	}
	raw, err := d.read(name)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocationFromTZData(name, raw)
	if err != nil {
		return nil, fmt.Errorf("the time zone %q cannot be read: %w", name, err)
	}
	d.loaded[name] = zone
	return zone, nil
}

// Names lists every zone in order.
func (d *Data) Names() []string {
	names := make([]string, 0, len(d.files))
	for name := range d.files {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
