package newsroom

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"dateline/internal/almanac"
	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// Calendar files lie in one folder of the house. A desk names one in its observances, and
// a change of it is noticed within a minute.

// MaxCalendar is how many bytes a calendar file may have: the almanac reads no more.
const MaxCalendar = 1 << 20

const maxCalendars = 200 // files in the folder, as far as the newsroom adds to it

// checkCalendarName refuses whatever is not the plain name of a calendar file.
func checkCalendarName(name string) error {
	odd := func(r rune) bool { return !unicode.IsPrint(r) || strings.ContainsRune(`/\:`, r) }
	if !strings.HasSuffix(strings.ToLower(name), ".ics") || len(name) > 100 || strings.HasPrefix(name, ".") || strings.ContainsFunc(name, odd) {
		return fmt.Errorf("%.60q is not the plain name of a calendar file, such as holidays.ics", name)
	}
	return nil
}

// CalendarFile reads a calendar file of the house.
func (r *Room) CalendarFile(name string) (raw []byte, err error) {
	if err := checkCalendarName(name); err != nil {
		return nil, err
	}
	info, err := os.Lstat(filepath.Join(r.calendars, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New("it is not in the house’s folder of calendars")
	}
	if err != nil || !info.Mode().IsRegular() {
		return nil, errors.New("it cannot be read, or is no plain file")
	}
	f, err := os.OpenInRoot(r.calendars, name)
	if err != nil {
		return nil, errors.New("it cannot be read")
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	raw, err = io.ReadAll(io.LimitReader(f, MaxCalendar+1))
	if err != nil {
		return nil, errors.New("it cannot be read to its end")
	}
	return raw, nil // what is too long is refused by the almanac, which says how long it may be
}

// Calendars lists the calendar files of the house by name.
func (r *Room) Calendars() (names []string, err error) {
	entries, err := os.ReadDir(r.calendars)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("listing the calendar files: %w", err)
	}
	for _, e := range entries {
		if e.Type().IsRegular() && checkCalendarName(e.Name()) == nil {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// tryCalendar refuses a file that a desk at a place could not keep.
func (r *Room) tryCalendar(name string, raw []byte, at record.Place, now time.Time) error {
	if err := checkCalendarName(name); err != nil {
		return story.Refuse(story.Invalid, "%s", sentence(err))
	}
	where, err := r.almanacPlace(at)
	if err != nil {
		return err
	}
	desk := almanac.Desk{Place: where, File: func(string) ([]byte, error) { return raw, nil }, Zone: r.zones.Load}
	calendar, err := almanac.Keep(desk, "ics "+name)
	if err == nil {
		_, err = calendar.Rests(now.Add(-windowsBack), now.Add(windowsAhead))
	}
	if err != nil {
		return story.Refuse(story.Invalid, "%s", sentence(err))
	}
	return nil
}

// sentence is an error as people read it on a page.
func sentence(err error) string {
	text := err.Error()
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:] + "."
}

// keepCalendar writes a calendar file, whole and durably or not at all.
func (r *Room) keepCalendar(name string, raw []byte) (err error) {
	if err := checkCalendarName(name); err != nil {
		return err
	}
	if err := os.MkdirAll(r.calendars, 0o700); err != nil {
		return fmt.Errorf("making the folder of calendars: %w", err)
	}
	there, err := r.Calendars()
	if err != nil {
		return err
	}
	if len(there) >= maxCalendars && !slices.Contains(there, name) {
		return story.Refuse(story.Invalid, "There are %d calendar files already. Remove one first.", len(there))
	}
	folder, err := os.Open(r.calendars)
	if err != nil {
		return fmt.Errorf("keeping the calendar file: %w", err)
	}
	err = r.writeBytes(r.calendars, filepath.Join(r.calendars, name), raw)
	if err == nil {
		err = r.sync(folder)
	}
	if err = errors.Join(err, folder.Close()); err != nil {
		return fmt.Errorf("keeping the calendar file: %w", err)
	}
	return nil
}

// dropCalendar deletes a calendar file.
func (r *Room) dropCalendar(name string) error {
	if err := checkCalendarName(name); err != nil {
		return story.Refuse(story.Invalid, "%s", sentence(err))
	}
	err := os.Remove(filepath.Join(r.calendars, name))
	if errors.Is(err, fs.ErrNotExist) {
		return story.Refuse(story.Unknown, "There is no calendar file %s.", name)
	}
	return err
}

// look is a fingerprint of the calendar files that a desk's rest hangs on, which says also
// that one cannot be read, and why; "" where it hangs on none.
func (r *Room) look(seat Seat, s DeskSettings) string {
	names := files(seat, s)
	if len(names) == 0 {
		return ""
	}
	sum := sha256.New()
	for _, name := range names {
		raw, err := r.CalendarFile(name)
		fmt.Fprintf(sum, "%q %d %v\n", name, len(raw), err)
		sum.Write(raw)
	}
	return string(sum.Sum(nil))
}

// A Calendar is a calendar file with who keeps it.
type Calendar struct {
	Name string
	By   []story.DeskID // "" is the house
}

// CalendarsKept lists the calendar files and who keeps each.
func (r *Room) CalendarsKept(ctx context.Context) (all []Calendar, err error) {
	names, err := r.Calendars()
	if err != nil {
		return nil, err
	}
	err = r.db.Read(ctx, func(q *store.Query) error {
		for _, name := range names {
			keepers, err := r.keepers(q, name)
			if err != nil {
				return err
			}
			c := Calendar{Name: name}
			for _, k := range keepers {
				c.By = append(c.By, k.desk)
			}
			all = append(all, c)
		}
		return nil
	})
	return all, err
}

// A keeper keeps a calendar file: a desk, or with no id the house.
type keeper struct {
	desk story.DeskID
	name story.Sentence
}

func (r *Room) keepers(q *store.Query, file string) (all []keeper, err error) {
	rows, err := q.Desks()
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		s, err := settingsOf(row.Settings)
		if err != nil {
			return nil, err
		}
		if slices.Contains(namedFiles(s.Lines()), file) {
			all = append(all, keeper{row.ID, says("the %s desk", s.Names.In("en"))})
		}
	}
	seat, err := r.seat(q)
	if err == nil && slices.Contains(namedFiles(seat.Lines()), file) {
		all = append(all, keeper{"", says("the house")})
	}
	return all, err
}

// PutCalendar keeps a calendar file, whose name is made plain, once it has been read
// through. One that others keep is theirs to change.
func (r *Room) PutCalendar(ctx context.Context, who Who, key string, id story.DeskID, name string, raw []byte) (kept string, err error) {
	kept = plainName(name)
	if len(raw) > MaxCalendar {
		return "", story.Refuse(story.TooLarge, "A calendar file may have at most 1 MB.")
	}
	asked := struct {
		Desk story.DeskID
		Name string
		Raw  []byte
	}{id, kept, raw}
	_, err = do(ctx, r, who, "calendar", key, asked, func(tx *store.Tx, who Who) (bool, error) {
		if err := r.mayChange(&tx.Query, who, id, kept); err != nil {
			return false, err
		}
		_, s, err := deskRow(&tx.Query, id)
		if err != nil {
			return false, err
		}
		if err := r.tryCalendar(kept, raw, s.Place, tx.Now); err != nil {
			return false, err
		}
		if err := r.keepCalendar(kept, raw); err != nil {
			return false, err
		}
		return true, tx.Note(store.Audit{Member: who.Member, Verb: "calendar", Desk: id, Subject: kept, Detail: fmt.Sprintf("%d bytes", len(raw))})
	})
	return kept, err
}

// RemoveCalendar deletes a calendar file that nobody keeps.
func (r *Room) RemoveCalendar(ctx context.Context, who Who, key string, id story.DeskID, name string) error {
	asked := []string{string(id), name}
	_, err := do(ctx, r, who, "remove calendar", key, asked, func(tx *store.Tx, who Who) (bool, error) {
		if err := who.must("change settings", id); err != nil {
			return false, err
		}
		keepers, err := r.keepers(&tx.Query, name)
		if err != nil {
			return false, err
		}
		if len(keepers) > 0 {
			return false, story.Refuse(story.Conflict, "%s is kept by %s. Its line goes first, and is saved.", name, keepers[0].name)
		}
		if err := r.dropCalendar(name); err != nil {
			return false, err
		}
		return true, tx.Note(store.Audit{Member: who.Member, Verb: "remove calendar", Desk: id, Subject: name})
	})
	return err
}

// mayChange refuses a change of a calendar file by who may not change those that keep it.
func (r *Room) mayChange(q *store.Query, who Who, id story.DeskID, name string) error {
	if err := who.must("change settings", id); err != nil {
		return err
	}
	keepers, err := r.keepers(q, name)
	if err != nil {
		return err
	}
	for _, k := range keepers {
		if !who.Admin && (k.desk == "" || !who.May("change settings", k.desk)) {
			return story.Refuse(story.Forbidden, "%s is kept by %s, which is not yours to change. Give the file another name.", name, k.name)
		}
	}
	return nil
}

// plainName makes a plain one of an uploaded file's name: "UK holidays.ICS" is
// "uk-holidays.ics".
func plainName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	if i := strings.LastIndex(name, "."); i > 0 && strings.EqualFold(name[i:], ".ics") {
		name = name[:i]
	}
	if name = story.Slug(name); name == "" {
		name = "calendar"
	}
	return name + ".ics"
}
