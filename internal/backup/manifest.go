// Package backup copies a house into a folder while it runs, and finds out whether such a
// copy is whole before anybody relies on it.
//
// A backup's folder holds generations, each named after the instant at which it was made
// and whole in itself, and one pool of pictures that they share:
//
//	20261125T031500.000000Z/manifest      what belongs to it, with hashes; written last
//	20261125T031500.000000Z/newsroom.db   the store, one consistent state
//	20261125T031500.000000Z/pictures.txt  the pictures that belong to it, a line each
//	20261125T031500.000000Z/…            calendar files and, where asked for, key and configuration
//	pictures/originals/ab/ab12…           the pictures, by SHA-256
//	pictures/renditions/cd/cd34…
package backup

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"dateline/internal/store"
)

// form is the number of the manifests that this binary writes and reads.
const form = 1

const (
	manifestFile = "manifest"
	storeFile    = "newsroom.db"
	picturesFile = "pictures.txt"
	picturesDir  = "pictures"
	// KeyFile is the record's key, which is in a backup only if that was asked for.
	KeyFile = "record.key"
	// ConfigFile is the configuration, which a restore leaves to the operator to put back.
	ConfigFile = "dateline.toml"
)

// calendarsDir holds the house's calendar files.
const calendarsDir = "calendars"

// isCalendar reports whether a name is that of a calendar file in its folder and nowhere else.
func isCalendar(name string) bool {
	base, in := strings.CutPrefix(name, calendarsDir+"/")
	return in && strings.HasSuffix(strings.ToLower(base), ".ics") && !strings.HasPrefix(base, ".") && !strings.ContainsAny(base, `/\`)
}

// kinds of pictures, each a folder of the pool.
var kinds = []string{"originals", "renditions"}

// A Manifest says what a generation is and what belongs to it.
type Manifest struct {
	Form       int       `json:"form"`
	Dateline   string    `json:"dateline"` // the version that wrote it
	At         time.Time `json:"at"`
	Volume     int64     `json:"volume"`     // of the record's newest entry
	N          int64     `json:"n"`          // its number, 0 for a house that is not set up
	Key        string    `json:"key"`        // the volume's public key
	Checkpoint string    `json:"checkpoint"` // the newest, as it was signed
	Files      []File    `json:"files"`
}

// A File belongs to a generation.
type File struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// encode writes a manifest as two lines: the manifest, and its SHA-256.
func (m Manifest) encode() ([]byte, error) {
	b, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("writing the manifest: %w", err)
	}
	return fmt.Appendf(b, "\n%s\n", sumOf(b)), nil
}

func sumOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

var errManifest = errors.New("the manifest of the backup is damaged")

func decode(b []byte) (m Manifest, err error) {
	body, sum, ok := strings.Cut(string(b), "\n")
	if !ok || sum != sumOf([]byte(body))+"\n" || json.Unmarshal([]byte(body), &m) != nil {
		return m, errManifest
	}
	if m.Form != form {
		return m, fmt.Errorf("the backup is of form %d, which this dateline does not know: it was made by %s", m.Form, m.Dateline)
	}
	for _, f := range m.Files {
		if !slices.Contains([]string{storeFile, picturesFile, KeyFile, ConfigFile, clockFile}, f.Name) && !isCalendar(f.Name) {
			return m, errManifest
		}
	}
	return m, nil
}

const nameForm = "20060102T150405.000000Z"

var generationName = regexp.MustCompile(`^\d{8}T\d{6}\.\d{6}Z$`)
var unfinishedName = regexp.MustCompile(`^\d{8}T\d{6}\.\d{6}Z\.new$`)

// generations lists the whole ones of a folder, the oldest first.
func generations(dir string) (names []string, err error) {
	all, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, d := range all {
		if d.IsDir() && generationName.MatchString(d.Name()) {
			names = append(names, d.Name())
		}
	}
	return names, err
}

// A Generation is one backup, found whole as far as its manifest tells.
type Generation struct {
	Manifest
	dir  string // its own folder
	pool string // of its pictures
}

// Find returns the newest generation of a backup's folder, or the one whose folder it is.
func Find(from string) (g Generation, err error) {
	if generationName.MatchString(filepath.Base(from)) {
		return open(from)
	}
	names, err := generations(from)
	if err != nil {
		return g, fmt.Errorf("reading the backup: %w", err)
	}
	if len(names) == 0 {
		return g, fmt.Errorf("there is no backup in %s", from)
	}
	return open(filepath.Join(from, names[len(names)-1]))
}

func open(dir string) (g Generation, err error) {
	g.dir, g.pool = dir, filepath.Join(filepath.Dir(filepath.Clean(dir)), picturesDir)
	b, err := os.ReadFile(filepath.Join(dir, manifestFile))
	if err != nil {
		return g, fmt.Errorf("reading the backup: %w", err)
	}
	g.Manifest, err = decode(b)
	return g, err
}

// file is an entry of the manifest by name.
func (m Manifest) file(name string) (File, bool) {
	i := slices.IndexFunc(m.Files, func(f File) bool { return f.Name == name })
	if i < 0 {
		return File{}, false
	}
	return m.Files[i], true
}

// HasKey reports whether the record's key is in the backup.
func (m Manifest) HasKey() bool { _, ok := m.file(KeyFile); return ok }

// HasConfig reports whether the configuration is in the backup.
func (m Manifest) HasConfig() bool { _, ok := m.file(ConfigFile); return ok }

// Folder is where the generation lies.
func (g Generation) Folder() string { return g.dir }

// full puts a sentence before what a disk without room says.
func full(where string, err error) error {
	if err != nil && (errors.Is(err, errNoRoom) || store.IsFull(err)) {
		return fmt.Errorf("the disk of %s is full: what was there before is as it was; make room and try again: %w", where, err)
	}
	return err
}
