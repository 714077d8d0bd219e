package store

import (
	"slices"
	"strings"

	"dateline/internal/story"
)

// A Change is what a write touched, as far as an open page of the newsroom cares. It holds
// no words: a page asks for those again, by its own session.
type Change struct {
	What Changed
	ID   string // of the story or the desk; "" for the others
}

// Changed is what a Change is about.
type Changed string

// The kinds of changes.
const (
	StoryChanged Changed = "story"
	DeskChanged  Changed = "desk"
	TrayChanged  Changed = "tray"
	// AnyChanged says that anything may have: changes were too many to be listed, or what
	// told of them was cut off for a while.
	AnyChanged Changed = "any"
)

// mostChanges is how many changes one commit lists: on PostgreSQL they go as the payload of
// a notification, which has to be shorter than 8,000 bytes (its manual, NOTIFY).
const mostChanges = 256

// OnChange has fn hear what each commit touched, in the order of the commits: in this
// process on SQLite, in every process on PostgreSQL. fn is not to wait for anything.
func (db *DB) OnChange(fn func([]Change)) {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.hear = append(db.hear, fn)
}

func (db *DB) tellChanges(all []Change) {
	db.mu.Lock()
	hear := slices.Clone(db.hear)
	db.mu.Unlock()
	if len(all) == 0 {
		return
	}
	for _, fn := range hear {
		fn(all)
	}
}

// touch notes that a write touches something. A subject that is no id is nothing that a
// page could show.
func (tx *Tx) touch(what Changed, id string) {
	if what != TrayChanged && (id == "" || len(id) > 20 || strings.Trim(id, story.Base32) != "") {
		return
	}
	tx.touched = addChange(tx.touched, Change{what, id})
}

func addChange(all []Change, more ...Change) []Change {
	for _, c := range more {
		switch {
		case slices.Contains(all, c) || slices.Contains(all, Change{What: AnyChanged}):
		case len(all) == mostChanges:
			return []Change{{What: AnyChanged}}
		default:
			all = append(all, c)
		}
	}
	return all
}

// changeWords writes changes for the other processes: "tray story:4k2m9x7q1d".
func changeWords(all []Change) string {
	var words []string
	for _, c := range all {
		words = append(words, strings.TrimSuffix(string(c.What)+":"+c.ID, ":"))
	}
	return strings.Join(words, " ")
}

// readChanges reads what changeWords wrote. What it cannot read may be anything.
func readChanges(words string) (all []Change) {
	for _, word := range strings.Fields(words) {
		what, id, _ := strings.Cut(word, ":")
		c := Change{Changed(what), id}
		if !slices.Contains([]Changed{StoryChanged, DeskChanged, TrayChanged}, c.What) {
			c = Change{What: AnyChanged}
		}
		all = addChange(all, c)
	}
	return all
}
