package app

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"dateline/internal/picture"
	"dateline/internal/wire"
)

// wireFile is what one file holds, for dateline wire --json.
type wireFile struct {
	File  string      `json:"file"`
	Items []wire.Item `json:"items"`
	Error string      `json:"error,omitempty"`
}

// wireCommand tells what an agency sent. A file that cannot be read is told in one
// sentence, the others go on, and the command fails at the end.
func wireCommand(args []string, out io.Writer) error {
	f := flag.NewFlagSet("wire FILE…", flag.ContinueOnError)
	asJSON := f.Bool("json", false, "answer in JSON")
	names, err := parse(f, args, out)
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return errors.New("wire needs at least one file")
	}
	files, bad := []wireFile{}, 0
	for _, name := range names {
		one := wireFile{File: name, Items: []wire.Item{}}
		items, err := readWireFile(name)
		if err != nil {
			one.Error = err.Error()
			bad++
		} else {
			one.Items = items
		}
		files = append(files, one)
	}
	if *asJSON {
		e := json.NewEncoder(out)
		e.SetIndent("", " ")
		err = e.Encode(files)
	} else {
		err = printWire(out, files)
	}
	if err == nil && bad > 0 {
		err = fmt.Errorf("%d of %d files could not be read", bad, len(files))
	}
	return err
}

func readWireFile(name string) ([]wire.Item, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be opened", name)
	}
	if info.IsDir() || info.Size() > maxWireFile {
		return nil, fmt.Errorf("%s is a folder, or larger than 32 MiB: no wire item is", name)
	}
	raw, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read", name)
	}
	items, err := wire.Parse(name, raw)
	if err == nil {
		return items, nil
	}
	pic, notPicture := picture.Inspect(raw)
	if notPicture != nil {
		return nil, err
	}
	return []wire.Item{{Format: pic.Type, Kind: wire.KindPicture, Status: wire.Usable, Headline: pic.Meta.Headline, Picture: &wire.PictureRef{
		File: filepath.Base(name), Caption: pic.Meta.Caption, Alt: pic.Meta.Alt, Credit: pic.Meta.StoryCredit(), Width: pic.Width, Height: pic.Height}}}, nil
}

func printWire(out io.Writer, files []wireFile) error {
	for _, f := range files {
		if f.Error != "" {
			if _, err := fmt.Fprintf(out, "%s\n  %s\n", f.File, f.Error); err != nil {
				return err
			}
			continue
		}
		for _, it := range f.Items {
			if _, err := fmt.Fprintf(out, "%s\n  %s %s, %s, version %q: %s\n  %d blocks, %d pictures, guid %s\n", f.File, it.Format, it.Kind, it.Status, it.Version, it.Headline, len(it.Doc), len(it.Pictures), it.GUID); err != nil {
				return err
			}
		}
	}
	return nil
}
