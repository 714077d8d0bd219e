package ui

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
)

//go:embed static
var files embed.FS

// A file is static and named by its bytes: whoever has it may keep it for ever.
type file struct {
	body []byte
	kind string
}

// Files are the static files of one handler, by address.
type Files struct {
	byPath map[string]file
	named  map[string]string // "clock.js" -> "/static/clock.<hash>.js"
}

var kinds = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
	".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8", ".png": "image/png",
}

// common begins every sheet: the faces and the tokens.
var common = []string{"faces.css", "tokens.css"}

// NewFiles gathers the shared fonts, script and icon. It panics where the binary lacks a
// file: that is a mistake of the build and shows at start.
func NewFiles() *Files {
	f := &Files{byPath: map[string]file{}, named: map[string]string{}}
	err := fs.WalkDir(files, "static", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(p) == ".css" {
			return err
		}
		body, err := files.ReadFile(p)
		if err == nil {
			f.Add(path.Base(p), body)
		}
		return err
	})
	if err != nil {
		panic("ui: " + err.Error())
	}
	return f
}

// Add takes a file in and returns its address.
func (f *Files) Add(name string, body []byte) string {
	ext := path.Ext(name)
	if kinds[ext] == "" {
		panic("ui: no media type for " + name)
	}
	sum := sha256.Sum256(body)
	address := fmt.Sprintf("/static/%s.%s%s", strings.TrimSuffix(name, ext), hex.EncodeToString(sum[:8]), ext)
	f.byPath[address] = file{body, kinds[ext]}
	f.named[name] = address
	return address
}

// Sheet makes one style sheet of the shared parts and then the given ones, in order, and
// returns its address. url(name) of a file that is here becomes its address.
func (f *Files) Sheet(name string, from fs.FS, parts ...string) string {
	var b bytes.Buffer
	put := func(body []byte, err error) {
		if err != nil {
			panic("ui: sheet " + name + ": " + err.Error())
		}
		b.Write(body)
	}
	for _, c := range common {
		put(files.ReadFile("static/" + c))
	}
	for _, p := range parts {
		put(fs.ReadFile(from, p))
	}
	css := b.String()
	for n, address := range f.named {
		css = strings.ReplaceAll(css, "url("+n+")", "url("+address+")")
	}
	return f.Add(name, []byte(css))
}

// Path is the address of a file by the name it was added under.
func (f *Files) Path(name string) string { return f.named[name] }

// Body is a file by its address, nil for none. Nobody changes it.
func (f *Files) Body(address string) []byte { return f.byPath[address].body }

// Paths lists every address.
func (f *Files) Paths() (all []string) {
	for p := range f.byPath {
		all = append(all, p)
	}
	return all
}

// Serve answers one file; false where there is none at that address.
func (f *Files) Serve(w http.ResponseWriter, address string) bool {
	one, ok := f.byPath[address]
	if !ok {
		return false
	}
	h := w.Header()
	h.Set("Content-Type", one.kind)
	h.Set("Content-Length", strconv.Itoa(len(one.body)))
	h.Set("Cache-Control", Immutable)
	_, _ = w.Write(one.body) // the reader may have left
	return true
}

// Preload lists the fonts that the first screen of a language needs.
func (f *Files) Preload(lang string) []string {
	names := []string{"newsreader-roman.woff2", "public-sans.woff2"}
	if base, _, _ := strings.Cut(lang, "-"); base == "he" {
		names = []string{"frank-ruhl-hebrew.woff2", "frank-ruhl-figures.woff2", "heebo-hebrew.woff2"}
	}
	for i, n := range names {
		names[i] = f.named[n]
	}
	return names
}
