// Command gen makes zoneinfo.zip from a folder of compiled zone files, such as a system's
// /usr/share/zoneinfo: go run ./internal/zone/gen FOLDER VERSION OUT.zip
package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: gen FOLDER VERSION OUT.zip")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(folder, version, out string) error {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	add := func(name string, body []byte) error {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate}) // no times: the same bytes every day
		if err == nil {
			_, err = w.Write(body)
		}
		return err
	}
	if err := add("VERSION", []byte(version+"\n")); err != nil {
		return err
	}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name == "posix" || name == "right" {
				return filepath.SkipDir
			}
			return nil
		}
		body, err := os.ReadFile(path)
		if err != nil || !strings.HasPrefix(string(body), "TZif") || name == "localtime" || name == "posixrules" {
			return err
		}
		return add(filepath.ToSlash(name), body)
	})
	return errors.Join(err, z.Close(), os.WriteFile(out, b.Bytes(), 0o644))
}
