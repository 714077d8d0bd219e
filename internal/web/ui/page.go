// Package ui is the look that readers' and journalists' pages share: typed pages, the
// clocks, the words of the interface, static files, and the one door out of a handler.
package ui

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"reflect"
	"strconv"
	"sync"
)

//go:embed templates/*.tmpl
var shared embed.FS

// A Page is a template and the one type of value that it may be executed with.
type Page[T any] struct {
	name string
	tmpl *template.Template
}

// A Drawn page can be executed with values of its own type by a test that knows no types.
type Drawn interface {
	Name() string
	// Try executes the page with the value's zero, and with one whose every field is
	// filled with text; an error means that template and type do not agree.
	Try(text string) ([][]byte, error)
}

var drawn []Drawn

// Pages lists every page made by NewPage, for tests that walk them all.
func Pages() []Drawn { return drawn }

// NewPage parses a page from files, with the shared parts beside it. The first name is the
// one executed: a layout, where there is one; the last names the page. Pages are package
// variables: one that does not parse refuses to start the program.
func NewPage[T any](files fs.FS, names ...string) *Page[T] {
	first, last := path.Base(names[0]), path.Base(names[len(names)-1])
	t := template.New(first).Funcs(funcs)
	t = template.Must(t.ParseFS(shared, "templates/*.tmpl"))
	t = template.Must(t.ParseFS(files, names...))
	p := &Page[T]{name: last, tmpl: t}
	drawn = append(drawn, p)
	return p
}

// Name is the file that the page is named after.
func (p *Page[T]) Name() string { return p.name }

// What a page tells caches: to ask each time, or that it is named by its bytes.
const (
	AskAlways = "no-cache"
	Immutable = "public, max-age=31536000, immutable"
)

// Bytes executes the page whole.
func (p *Page[T]) Bytes(value T) ([]byte, error) {
	var b bytes.Buffer
	if err := p.tmpl.Execute(&b, value); err != nil {
		return nil, fmt.Errorf("drawing %s: %w", p.name, err)
	}
	return b.Bytes(), nil
}

// Render draws the page into memory, then writes it: a reader never gets half a page.
// Headers that the caller has set already stay.
func (p *Page[T]) Render(w http.ResponseWriter, status int, value T) error {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := p.tmpl.Execute(b, value); err != nil {
		return fmt.Errorf("drawing %s: %w", p.name, err)
	}
	body := b.Bytes()
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", AskAlways)
	}
	w.WriteHeader(status)
	if _, err := w.Write(body); err != nil {
		return fmt.Errorf("%w: %w", errUnsent, err)
	}
	return nil
}

// errUnsent is why a page that was drawn did not arrive: nobody waits for it any more.
var errUnsent = errors.New("the reader left")

// buffers are where pages are drawn: one that has grown to a page's size is used again.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Try executes the page with an empty and a full value.
func (p *Page[T]) Try(text string) (out [][]byte, err error) {
	var empty, full T
	fill(reflect.ValueOf(&full).Elem(), text, 0)
	for _, v := range []T{empty, full} {
		b, err := p.Bytes(v)
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}

// fillDepth ends the filling of types that hold themselves.
const fillDepth = 9

// fill puts text into every string that v reaches, two values into every slice, and true
// into every bool. What cannot be set or is too deep stays empty.
func fill(v reflect.Value, text string, depth int) {
	if depth > fillDepth || !v.CanSet() {
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(3)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(0.5)
	case reflect.Pointer:
		p := reflect.New(v.Type().Elem())
		fill(p.Elem(), text, depth+1)
		v.Set(p)
	case reflect.Slice:
		s := reflect.MakeSlice(v.Type(), 2, 2)
		for i := range s.Len() {
			fill(s.Index(i), text, depth+1)
		}
		v.Set(s)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), text, depth+1)
		}
	}
}
