package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"

	"dateline/internal/edition"
	"dateline/internal/store"
)

// checkFiles looks for damage: in the store's file, in pictures, in the edition.
func checkFiles(ctx context.Context, c Config, db *store.DB, doubt func(string, ...any)) error {
	lines, err := db.Damage(ctx)
	if err != nil {
		return err
	}
	for _, line := range lines {
		doubt("store: %s", line)
	}
	var originals, renditions []string
	if err := db.Read(ctx, func(q *store.Query) (err error) {
		originals, renditions, err = q.NamedFiles()
		return err
	}); err != nil {
		return err
	}
	for kind, shas := range map[string][]string{"originals": originals, "renditions": renditions} {
		for _, sha := range shas {
			checkPicture(filepath.Join(c.sharedFolder("pictures"), kind), sha, doubt)
		}
	}
	zones, err := openZones(c.ZoneData)
	if err != nil {
		return err
	}
	doubts, err := edition.Check(ctx, filepath.Join(c.Data, "edition"), db, zones.Load)
	for _, d := range doubts {
		doubt("%s", d)
	}
	return err
}

// checkPicture reads a picture's file and compares it with its name.
func checkPicture(folder, sha string, doubt func(string, ...any)) {
	raw, err := os.ReadFile(filepath.Join(folder, sha[:2], sha))
	if err != nil {
		doubt("pictures: %s of %s cannot be read: %v", filepath.Base(folder), sha, err)
		return
	}
	if sum := sha256.Sum256(raw); hex.EncodeToString(sum[:]) != sha {
		doubt("pictures: %s of %s is damaged: its bytes are not those that were kept", filepath.Base(folder), sha)
	}
}
