package store

import (
	"errors"
	"slices"
	"testing"
)

// TestWriteEach keeps what came before the one that fails, and nothing of that one or after.
func TestWriteEach(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		broken, after := errors.New("broken"), []string{}
		add := func(name string, fails error) func(*Tx) error {
			return func(tx *Tx) error {
				tx.AfterCommit(func() { after = append(after, name) })
				_, err := tx.AddMember(name, false, 0)
				return errors.Join(err, fails)
			}
		}
		if err := db.WriteEach(t.Context(), []func(*Tx) error{add("Ana", nil), add("Ben", nil), add("Carl", broken), add("Dora", nil)}); !errors.Is(err, broken) {
			t.Errorf("it answers %v", err)
		}
		if err := db.WriteEach(t.Context(), []func(*Tx) error{add("Eva", broken), add("Finn", nil)}); !errors.Is(err, broken) {
			t.Errorf("where the first fails it answers %v", err)
		}
		if err := errors.Join(db.WriteEach(t.Context(), nil), addMember(t, db, "Gila")); err != nil {
			t.Error(err)
		}
		if got := names(t, db); !slices.Equal(got, []string{"Ana", "Ben", "Gila"}) {
			t.Errorf("kept: %q", got)
		}
		if !slices.Equal(after, []string{"Ana", "Ben"}) {
			t.Errorf("told after the commit: %q", after)
		}
	})
}
