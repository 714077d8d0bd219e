package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"dateline/internal/backup"
	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/store"
)

func (n *node) keyFile() string { return filepath.Join(n.config.Data, backup.KeyFile) }

// nextKeyFile holds the key of a volume that is being begun, until its entry is committed.
func (n *node) nextKeyFile() string { return n.keyFile() + ".next" }

// readKey reads a key from a file.
func readKey(file string) (k record.Key, err error) {
	secret, err := os.ReadFile(file)
	if err != nil {
		return k, fmt.Errorf("reading the record's key: %w", err)
	}
	if k, err = record.ParseKey(strings.TrimSpace(string(secret))); err != nil {
		err = fmt.Errorf("%s: %w", file, err)
	}
	return k, err
}

// writeKey writes a key, durably, readable by its owner alone.
func writeKey(file, secret string, how int) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|how, 0o600)
	if err != nil {
		return fmt.Errorf("making %s: %w", filepath.Base(file), err)
	}
	_, err = f.WriteString(secret + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = backup.SyncFolder(filepath.Dir(file))
	}
	if err != nil {
		return fmt.Errorf("making %s: %w", filepath.Base(file), err)
	}
	return nil
}

// loadKey reads the key of the record's newest volume. A change of keys that was cut off
// after the volume's own entry was committed is finished here.
func (n *node) loadKey(ctx context.Context) error {
	volume, found, err := n.volume(ctx)
	if err != nil {
		return err
	}
	key, err := readKey(n.keyFile())
	if found && (err != nil || key.Verifier() != volume.Key) {
		if next, nextErr := readKey(n.nextKeyFile()); nextErr == nil && next.Verifier() == volume.Key {
			key, err = next, n.takeNextKey()
		}
	}
	switch {
	case errors.Is(err, fs.ErrNotExist) && !found:
		return nil // there is no house yet
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("record.key is missing from %s: put it back, or begin a volume under a new one with dateline record newkey", n.config.Data)
	case err != nil:
		return err
	case found && key.Verifier() != volume.Key:
		return fmt.Errorf("record.key in %s is not that of the record's newest volume, %s: put that one back, or begin a volume under a new one with dateline record newkey", n.config.Data, volume.Log)
	}
	n.useKey(key)
	return nil
}

func (n *node) useKey(key record.Key) {
	n.key = &key
	n.db.SetKey(key)
}

func (n *node) takeNextKey() error {
	if err := os.Rename(n.nextKeyFile(), n.keyFile()); err != nil {
		return fmt.Errorf("changing record.key: %w", err)
	}
	return backup.SyncFolder(n.config.Data)
}

// volume is what the newest volume of the record says of itself.
func (n *node) volume(ctx context.Context) (v record.Volume, found bool, err error) {
	err = n.db.Read(ctx, func(q *store.Query) (err error) {
		v, found, err = q.VolumeContent()
		return err
	})
	return v, found, err
}

// newVolume begins a volume of the record under a new key. The key is on the disk before
// the entry that names it, beside the old one until that is committed.
func (n *node) newVolume(ctx context.Context, cause record.VolumeCause, known []byte, seen int64) error {
	var number int64
	var house record.House
	if err := n.db.Read(ctx, func(q *store.Query) error {
		v, err := q.Volume()
		if err != nil {
			return err
		}
		number = v.Number + 1
		e, found, err := q.Newest(record.KindHouse, newsroom.HouseID)
		if err != nil || !found {
			return errors.Join(err, fmt.Errorf("there is no house in %s yet", n.config.Data))
		}
		house, err = record.Decode[record.House](e)
		return err
	}); err != nil {
		return err
	}
	u, err := url.Parse(house.Address)
	if err != nil {
		return fmt.Errorf("the house's address: %w", err)
	}
	secret, err := record.NewKey(record.LogName(u.Host, number, rand.Reader), rand.Reader)
	if err != nil {
		return err
	}
	if err := writeKey(n.nextKeyFile(), secret, os.O_TRUNC); err != nil {
		return err
	}
	key, err := record.ParseKey(secret)
	if err != nil {
		return err
	}
	n.useKey(key)
	if err := n.room.BeginVolume(ctx, key, cause, known, seen); err != nil {
		return err
	}
	return n.takeNextKey()
}

// newKeyCommand gives the record of a stopped house a new key, and with it a new volume.
func newKeyCommand(ctx context.Context, c Config, out, log io.Writer) (err error) {
	now, err := sourceOf(c.Data)
	if err != nil {
		return err
	}
	if err := c.mustBeThere(); err != nil {
		return err
	}
	n, err := openKeyless(ctx, c, now, newLog(log))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.close()) }()
	if err := n.newVolume(ctx, record.KeyChange, nil, 0); err != nil {
		return err
	}
	if err := n.edition.CatchUp(ctx, n.db); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s begins.\n  key       %s\n  keep a copy of %s elsewhere, and give readers the line above\n", n.key.Log(), n.key.Verifier(), n.keyFile())
	return err
}

// volumeSize is how many entries the newest volume has.
func (n *node) volumeSize(ctx context.Context) (size int64, err error) {
	err = n.db.Read(ctx, func(q *store.Query) error {
		v, err := q.Volume()
		if err != nil {
			return err
		}
		last, _, _, err := q.Last()
		size = last - v.First + 1
		return err
	})
	return size, err
}
