package newsroom

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// maxMoved bounds one entry of moved addresses.
const maxMoved = 1000

// MoveAddresses tells where old paths lead now. It is the house's own, and so never held:
// an administrator's.
func (r *Room) MoveAddresses(ctx context.Context, who Who, key string, paths []record.MovedPath) (n int64, err error) {
	return do(ctx, r, who, "move addresses", key, paths, func(tx *store.Tx, who Who) (int64, error) {
		if !who.May("move addresses", "") {
			return 0, story.Refuse(story.Forbidden, "An administrator moves addresses.")
		}
		if len(paths) == 0 || len(paths) > maxMoved {
			return 0, story.Refuse(story.Invalid, "Give between 1 and %d lines: an old path, a space, and where it leads now.", maxMoved)
		}
		before, err := movedPaths(&tx.Query)
		if err != nil {
			return 0, err
		}
		m, err := r.instant(tx)
		if err != nil {
			return 0, err
		}
		paths := slices.Clone(paths)
		for i, p := range paths {
			if err := checkMoved(p); err != nil {
				return 0, err
			}
			paths[i].At, before[p.From] = m.at, p.To
		}
		for _, p := range paths {
			if circles(before, p.From) {
				return 0, story.Refuse(story.Invalid, "%s would lead back to itself.", p.From)
			}
		}
		e, err := r.houses(tx, record.KindMoved, HouseID, record.Moved{Paths: paths})
		if err != nil {
			return 0, err
		}
		return e.N, tx.Note(store.Audit{Member: who.Member, Verb: "move addresses", Subject: HouseID, Entry: e.N})
	})
}

// checkMoved holds a path to what a request for it would carry, and its goal to this house:
// an open road to elsewhere would serve deceivers.
func checkMoved(p record.MovedPath) error {
	plain := func(path string) bool {
		return len(path) <= 2048 && utf8.ValidString(path) && strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "//") &&
			!strings.ContainsFunc(path, func(c rune) bool {
				return !unicode.IsGraphic(c) || unicode.IsSpace(c) || strings.ContainsRune(`?#\%`, c)
			})
	}
	switch {
	case !plain(p.From):
		return story.Refuse(story.Invalid, "An old path is what came after the house’s name, such as /2019/03/harbour.html; %.80q is not.", p.From)
	case !plain(p.To):
		return story.Refuse(story.Invalid, "A path leads to one of this house, such as /harbour-abcdefgh00; %.80q is not.", p.To)
	case p.From == "/" || p.From == p.To:
		return story.Refuse(story.Invalid, "%s stays where it is.", p.From)
	}
	return nil
}

// movedPaths are all paths that lead elsewhere now.
func movedPaths(q *store.Query) (map[string]string, error) {
	all, err := q.Readable(record.KindMoved)
	if err != nil {
		return nil, err
	}
	paths := map[string]string{}
	for _, e := range all {
		if !e.Readable() {
			continue
		}
		x, err := record.Decode[record.Moved](e)
		if err != nil {
			return nil, err
		}
		for _, p := range x.Paths {
			paths[p.From] = p.To
		}
	}
	return paths, nil
}

func circles(paths map[string]string, from string) bool {
	seen := map[string]bool{}
	for at, ok := from, true; ok; at, ok = paths[at] {
		if seen[at] {
			return true
		}
		seen[at] = true
	}
	return false
}

// leadsTo tells paths that lead to an article.
func leadsTo(id story.ArticleID) func(record.MovedPath) bool {
	return func(p record.MovedPath) bool { return strings.HasSuffix(p.To, string(id)) }
}

// movedBeside are the paths that go with entries because another path of theirs led to a
// story that is taken back: they still lead where they led, and are told again.
func movedBeside(q *store.Query, id string, gone []int64) (kept []record.MovedPath, err error) {
	now, err := movedPaths(q)
	if err != nil {
		return nil, err
	}
	for _, n := range gone {
		e, found, err := q.Entry(n)
		if err != nil {
			return nil, err
		}
		if !found || e.Kind != record.KindMoved || !e.Readable() {
			continue
		}
		x, err := record.Decode[record.Moved](e)
		if err != nil {
			return nil, err
		}
		for _, p := range x.Paths {
			if !leadsTo(story.ArticleID(id))(p) && now[p.From] == p.To {
				kept = append(kept, p)
			}
		}
	}
	return kept, nil
}

func (r *Room) moveAgain(tx *store.Tx, kept []record.MovedPath) error {
	if len(kept) == 0 {
		return nil
	}
	_, err := r.houses(tx, record.KindMoved, HouseID, record.Moved{Paths: kept})
	return err
}

// Menus are the lines of the house's menus, by language.
type Menus map[string][]record.Menu

// maxMenu bounds the menu of a language.
const maxMenu = 30

// SetMenus keeps the menus of the house, and appends its entry: an administrator's.
func (r *Room) SetMenus(ctx context.Context, who Who, key string, menus Menus) error {
	_, err := do(ctx, r, who, "set menus", key, menus, func(tx *store.Tx, who Who) (bool, error) {
		if !who.May("set menus", "") {
			return false, story.Refuse(story.Forbidden, "An administrator says what is in the menus.")
		}
		e, found, err := tx.Newest(record.KindHouse, HouseID)
		if err != nil || !found {
			return false, joinUnknown(err, "There is no house here yet.")
		}
		h, err := record.Decode[record.House](e)
		if err != nil {
			return false, err
		}
		if err := menus.check(h); err != nil {
			return false, err
		}
		h.Menus = menus
		if _, err := r.houses(tx, record.KindHouse, HouseID, h); err != nil {
			return false, err
		}
		return true, tx.Note(store.Audit{Member: who.Member, Verb: "set menus", Subject: HouseID})
	})
	return err
}

func (m Menus) check(h record.House) error {
	for lang, lines := range m {
		if !slices.Contains(h.Languages, lang) {
			return story.Refuse(story.Invalid, "The house has no pages in %.40q.", lang)
		}
		if len(lines) > maxMenu {
			return story.Refuse(story.TooLarge, "A menu has at most %d lines.", maxMenu)
		}
		for _, l := range lines {
			own := strings.HasPrefix(l.Address, "/") && !strings.HasPrefix(l.Address, "//") && !strings.ContainsAny(l.Address, "\\\n\t ")
			if !story.Visible(l.Label) || len(l.Label) > 80 || !own && story.SafeLink(l.Address) == "" {
				return story.Refuse(story.Invalid, "A line of a menu is words and an address, such as: About us | /about; %.80q is not.", l.Label+" | "+l.Address)
			}
		}
	}
	return nil
}
