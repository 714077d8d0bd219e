package backup

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

const errNoRoom = syscall.ENOSPC

// A picture of the pool: its kind, its SHA-256, which is its name, and its length.
type picture struct {
	kind, sha string
	bytes     int64
}

func (p picture) path(pool string) string { return filepath.Join(pool, p.kind, p.sha[:2], p.sha) }

// listed lists the pictures under a folder, in order. What is no picture is passed over: a
// file that is being written has another name until it is whole.
func listed(pool string) (all []picture, err error) {
	for _, kind := range kinds {
		err := filepath.WalkDir(filepath.Join(pool, kind), func(path string, d fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil // there is none yet, or it was erased meanwhile
			}
			if err != nil || d.IsDir() || !isSHA(d.Name()) || filepath.Base(filepath.Dir(path)) != d.Name()[:2] {
				return err
			}
			info, err := d.Info()
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err == nil {
				all = append(all, picture{kind, d.Name(), info.Size()})
			}
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("listing the pictures: %w", err)
		}
	}
	return all, nil
}

func isSHA(name string) bool {
	b, err := hex.DecodeString(name)
	return err == nil && len(b) == sha256.Size && strings.ToLower(name) == name
}

// encodeList writes pictures as lines of kind, SHA-256 and bytes.
func encodeList(all []picture) (b []byte) {
	for _, p := range all {
		b = fmt.Appendf(b, "%s %s %d\n", p.kind, p.sha, p.bytes)
	}
	return b
}

var errList = errors.New("the list of the backup's pictures is damaged")

func readList(file string) (all []picture, err error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		if len(words) != 3 || !slices.Contains(kinds, words[0]) || !isSHA(words[1]) {
			return nil, errList
		}
		bytes, err := strconv.ParseInt(words[2], 10, 64)
		if err != nil {
			return nil, errList
		}
		all = append(all, picture{words[0], words[1], bytes})
	}
	return all, lines.Err()
}

// copyFile copies a file, whole or not at all, and durably; its name is durable once its
// folder is synced. It returns the copy's length and SHA-256. Where want is not "", only
// bytes with that hash are kept.
func copyFile(ctx context.Context, from, to, want string) (bytes int64, sum string, err error) {
	in, err := os.Open(from)
	if err != nil {
		return 0, "", err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return 0, "", err
	}
	out, err := os.OpenFile(to+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return 0, "", err
	}
	h := sha256.New()
	bytes, err = io.Copy(io.MultiWriter(out, h), contextReader{ctx, in})
	sum = hex.EncodeToString(h.Sum(nil))
	if err == nil && want != "" && sum != want {
		err = errDamaged
	}
	if err == nil {
		err = out.Sync()
	}
	if err = errors.Join(err, out.Close()); err == nil {
		err = os.Rename(to+".new", to)
	}
	if err != nil {
		_ = os.Remove(to + ".new") // the first error is the one to tell
	}
	return bytes, sum, err
}

var errDamaged = errors.New("it is damaged")

type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (r contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

// hashFile returns a file's length and SHA-256.
func hashFile(ctx context.Context, file string) (bytes int64, sum string, err error) {
	f, err := os.Open(file)
	if err != nil {
		return 0, "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	h := sha256.New()
	bytes, err = io.Copy(h, contextReader{ctx, f})
	return bytes, hex.EncodeToString(h.Sum(nil)), err
}

// writeFile writes a new file, durably.
func writeFile(file string, b []byte) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Sync(), f.Close())
}

// syncFolders makes the names in folders durable.
func syncFolders(folders ...string) error {
	for _, folder := range folders {
		d, err := os.Open(folder)
		if err != nil {
			return err
		}
		if err := errors.Join(d.Sync(), d.Close()); err != nil {
			return err
		}
	}
	return nil
}

// WriteFile writes a new file, durably, readable by its owner alone.
func WriteFile(file string, b []byte) error {
	return errors.Join(writeFile(file, b), syncFolders(filepath.Dir(file)))
}

// SyncFolder makes the names in a folder durable.
func SyncFolder(folder string) error { return syncFolders(folder) }
