package app

import (
	"cmp"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	"unicode"

	"dateline/internal/picture"
	"dateline/internal/wire"
)

// wireItem is one item of dateline wire --json, or the reason why a file has none.
type wireItem struct {
	File string `json:"file"`
	*wire.Item
	Words string `json:"words,omitempty"` // SHA-256 of the words
	Error string `json:"error,omitempty"`
}

// wireCommand tells what an agency sent. A file that cannot be read is told in one
// sentence, the others go on, and the command fails at the end.
func wireCommand(args []string, out io.Writer) error {
	f := flag.NewFlagSet("wire FILE…", flag.ContinueOnError)
	asJSON := f.Bool("json", false, "answer in JSON: an array of items")
	names, err := parse(f, args, out)
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return errors.New("wire needs at least one file")
	}
	all, bad := []wireItem{}, 0
	for _, name := range names {
		items, err := wireRead(name)
		if err != nil {
			bad++
			items = []wireItem{{File: name, Error: err.Error()}}
		}
		if all = append(all, items...); !*asJSON {
			if err := wirePrint(out, name, items); err != nil {
				return err
			}
		}
	}
	if *asJSON {
		e := json.NewEncoder(out)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(all); err != nil {
			return err
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d of %d files could not be read", bad, len(names))
	}
	return nil
}

// wireRead reads a file as the newsroom would, text wire or picture.
func wireRead(name string) ([]wireItem, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s cannot be opened: %w", wireName(name), wireReason(err))
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is no file", wireName(name))
	case info.Size() > maxWireFile:
		return nil, fmt.Errorf("%s is larger than %d MiB: no wire item is", wireName(name), maxWireFile>>20)
	}
	raw, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", wireName(name), wireReason(err))
	}
	items, err := wireParse(name, raw)
	if err != nil {
		return nil, err
	}
	out := make([]wireItem, len(items))
	for i, it := range items {
		out[i] = wireItem{File: name, Item: &it, Words: hex.EncodeToString(it.Words[:])}
	}
	return out, nil
}

func wireParse(name string, raw []byte) ([]wire.Item, error) {
	if !picture.Is(raw) {
		return wire.Parse(name, raw)
	}
	info, err := picture.Inspect(raw)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be used: %w", wireName(filepath.Base(name)), err)
	}
	m := info.Meta
	return []wire.Item{wire.FromPicture(name, wire.Embedded{Type: info.Type, Headline: m.Headline, Caption: m.Caption, Alt: m.Alt, Credit: m.StoryCredit(),
		Copyright: m.Copyright, Usage: m.Usage, Instructions: m.Instructions, Width: info.Width, Height: info.Height})}, nil
}

// wireReason is the last cause of an error of the file system, without the name again.
func wireReason(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// wireName is a file's name as a terminal can take it.
func wireName(name string) string {
	if strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(name)
	}
	return name
}

// wirePrint tells the items of a file in words.
func wirePrint(out io.Writer, name string, items []wireItem) error {
	var b strings.Builder
	fmt.Fprintln(&b, wireName(name))
	if len(items) == 0 {
		fmt.Fprintln(&b, "  nothing to take: no text and no picture")
	}
	for _, it := range items {
		if it.Item == nil {
			fmt.Fprintf(&b, "  %s\n", it.Error)
			continue
		}
		for _, line := range wireLines(*it.Item) {
			if line[1] != "" {
				fmt.Fprintf(&b, "  %-10s %s\n", line[0], line[1])
			}
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// wireLines are the lines of one item, label and text, in the order in which an editor asks.
func wireLines(it wire.Item) [][2]string {
	lines := [][2]string{{string(it.Kind), strings.Join([]string{cmp.Or(it.Headline, "no headline"), it.Format, string(it.Status)}, " · ")},
		{"embargo", wireEmbargo(it.Embargo)}, {"sent", wireInstant(it.Sent)}, {"version", it.Version}, {"guid", it.GUID},
		{"by", it.Byline}, {"agency", it.Provider}, {"sources", strings.Join(it.InfoSources, ", ")}, {"standfirst", it.Standfirst}}
	if it.Kind == wire.KindText {
		lines = append(lines, [2]string{"body", counted(len(it.Doc), "block") + ", " + counted(it.Doc.Words(), "word")})
	}
	if it.Picture != nil {
		lines = append(lines, [2]string{"file", wirePicture(*it.Picture)})
	}
	for _, p := range it.Pictures {
		lines = append(lines, [2]string{"picture", wirePicture(p)})
	}
	return append(lines, [2]string{"usage", it.Usage}, [2]string{"note", it.EdNote})
}

func wirePicture(p wire.PictureRef) string {
	return strings.Join([]string{cmp.Or(p.File, p.GUID), cmp.Or(p.Credit.String(), "no credit"), cmp.Or(p.Caption, "no caption")}, " · ")
}

func wireEmbargo(e wire.Embargo) string {
	switch {
	case !e.Set:
		return ""
	case e.Until.IsZero():
		return strings.TrimSpace("without an end " + e.Raw)
	}
	return "until " + wireInstant(e.Until)
}

// wireInstant is an instant as programs and editors can both read it.
func wireInstant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}
