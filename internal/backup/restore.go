package backup

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// Into copies a generation into a folder, which is empty, and holds every byte to the
// manifest: a torn or changed backup is refused, by the name of what is wrong. The
// configuration stays in the backup.
func (g Generation) Into(ctx context.Context, data string, progress func(what string, done, all int64)) (err error) {
	defer func() { err = full(data, err) }()
	if progress == nil {
		progress = func(string, int64, int64) {}
	}
	for _, name := range []string{storeFile, picturesFile} {
		if _, ok := g.file(name); !ok {
			return errManifest
		}
	}
	folders := map[string]bool{data: true}
	for _, f := range g.Files {
		to := filepath.Join(data, f.Name)
		if f.Name == ConfigFile {
			continue
		}
		bytes, _, err := copyFile(ctx, filepath.Join(g.dir, f.Name), to, f.SHA256)
		if err != nil || bytes != f.Bytes {
			return refused(f.Name, err)
		}
		folders[filepath.Dir(to)] = true
		progress(f.Name, bytes, bytes)
	}
	list := filepath.Join(data, picturesFile)
	all, err := readList(list)
	if err != nil {
		return err
	}
	if err := g.pictures(ctx, all, data, progress); err != nil {
		return err
	}
	return errors.Join(os.Remove(list), syncFolders(slices.Collect(maps.Keys(folders))...))
}

// refused names what is wrong with a file of a backup.
func refused(name string, err error) error {
	if err == nil || errors.Is(err, errDamaged) {
		return fmt.Errorf("the backup cannot be used: %s is not as it was written", name)
	}
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("the backup cannot be used: %s is missing", name)
	}
	return fmt.Errorf("reading %s of the backup: %w", name, err)
}

func (g Generation) pictures(ctx context.Context, all []picture, data string, progress func(what string, done, all int64)) error {
	var bytes, done int64
	for _, p := range all {
		bytes += p.bytes
	}
	pool := filepath.Join(data, picturesDir)
	folders := map[string]bool{data: true}
	for _, p := range all {
		to := p.path(pool)
		if _, _, err := copyFile(ctx, p.path(g.pool), to, p.sha); err != nil {
			return refused("the picture "+p.sha, err)
		}
		folders[filepath.Dir(to)], folders[filepath.Join(pool, p.kind)], folders[pool] = true, true, true
		done += p.bytes
		progress("pictures", done, bytes)
	}
	for folder := range folders {
		if err := syncFolders(folder); err != nil {
			return err
		}
	}
	return nil
}
