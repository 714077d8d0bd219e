package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"dateline/internal/backup"
	"dateline/internal/store"
	"dateline/internal/story"
)

// storeAddress is where the house's store is: a database, or a file in the data folder.
func (c Config) storeAddress() string {
	if c.Database != "" {
		return c.Database
	}
	return filepath.Join(c.Data, "newsroom.db")
}

// severalMachines reports whether others may have the same store open.
func (c Config) severalMachines() bool { return c.Database != "" }

// sharedFolder is a folder of what every machine of the house reads and writes.
func (c Config) sharedFolder(name string) string {
	if c.Shared != "" {
		return filepath.Join(c.Shared, name)
	}
	return filepath.Join(c.Data, name)
}

// checkDatabase refuses an address that is not one, before anything is opened.
func (c Config) checkDatabase() error {
	if c.Database != "" && !store.IsPostgres(c.Database) {
		return errors.New(`the database is an address such as "postgres://user@host/name"; without one the store is a file in the data folder`)
	}
	if c.Shared != "" && c.Database == "" {
		return errors.New("a shared folder is for machines that share a database: set database too")
	}
	return nil
}

// mustBeThere refuses a folder without a house, such as one that is spelled wrongly, before
// anything makes a new one there.
func (c Config) mustBeThere() error {
	if c.severalMachines() {
		return nil
	}
	if _, err := os.Stat(c.storeAddress()); err != nil {
		return fmt.Errorf("there is no house in %s", c.Data)
	}
	return nil
}

// sharedMark names the file by which a shared folder is known to be the house's, and the
// setting of the store that says what is in it.
const sharedMark = "shared-folder"

// forgetShared has the first machine of a house that came back say which its folder is.
func (n *node) forgetShared(ctx context.Context) error {
	return n.db.Write(ctx, func(tx *store.Tx) error { return tx.Set(sharedMark, "") })
}

// checkShared holds the shared folder against the one that the store knows: a machine that
// looked for pictures elsewhere than the others would not find theirs. The first machine
// of a house says which it is.
func (n *node) checkShared(ctx context.Context) error {
	if !n.config.severalMachines() {
		return nil
	}
	file := n.config.sharedFolder(sharedMark)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return fmt.Errorf("making the shared folder: %w", err)
	}
	return n.db.Write(ctx, func(tx *store.Tx) error {
		var known string
		found, err := tx.Setting(sharedMark, &known)
		if err != nil {
			return err
		}
		if !found || known == "" {
			known = story.NewID(rand.Reader, 26)
			if err := writeMark(file, known); err != nil {
				return err
			}
			return tx.Set(sharedMark, known)
		}
		here, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) || err == nil && strings.TrimSpace(string(here)) != known {
			return fmt.Errorf("%s is not the folder that this house's machines share: set shared to the one that holds its pictures", filepath.Dir(file))
		}
		return err
	})
}

func writeMark(file, mark string) error {
	if err := os.WriteFile(file, []byte(mark+"\n"), 0o600); err != nil {
		return fmt.Errorf("marking the shared folder: %w", err)
	}
	return backup.SyncFolder(filepath.Dir(file))
}
