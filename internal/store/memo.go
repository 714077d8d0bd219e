package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"

	"dateline/internal/record"
)

// A memo remembers what the members of one commit have asked: the same desk, the same
// member, the same end of the tree. Nobody else writes meanwhile, so an answer holds until
// one of them writes rows that its question is about. It is dropped with the commit, and
// whenever anything is taken back.
type memo struct {
	answers map[question]remembered
	changes changes
	newest  map[[2]string]*said    // by kind and subject: what the newest entry says
	hashes  map[[2]int64]tlog.Hash // by volume and position
	ahead   map[string]bool        // articles and keys that were asked about ahead of time
}

type remembered struct {
	rows any // []T
	age  int // of what the question is about, when it was asked
}

// memoRows bounds what is worth remembering of one question.
const memoRows = 100

func newMemo() memo {
	return memo{answers: map[question]remembered{}, newest: map[[2]string]*said{}, hashes: map[[2]int64]tlog.Hash{}, ahead: map[string]bool{}}
}

// changes counts writes: to each table all, those that may be about any subject, and those
// about each.
type changes struct {
	all, any map[string]int
	about    map[[2]string]int
}

func (c *changes) add(tables, about []string) {
	if c.all == nil {
		*c = changes{map[string]int{}, map[string]int{}, map[[2]string]int{}}
	}
	for _, t := range tables {
		c.all[t]++
		if len(about) == 0 {
			c.any[t]++
		}
		for _, subject := range about {
			c.about[[2]string{t, subject}]++
		}
	}
}

// of is how many may have changed what a question about those subjects, or about any, sees.
func (c *changes) of(tables, about []string) (n int) {
	for _, t := range tables {
		if len(about) == 0 {
			n += c.all[t]
			continue
		}
		n += c.any[t]
		for _, subject := range about {
			n += c.about[[2]string{t, subject}]
		}
	}
	return n
}

// recall returns what a question was answered, if nothing can have changed since.
func recall[T any](q *Query, sqlText string, args []any) (all []T, known bool) {
	w, writing := q.tx.(*writer)
	if !writing {
		return nil, false
	}
	s := w.statement(sqlText)
	r, there := w.memo.answers[question{s, spell(args)}]
	if !there || r.age != w.memo.changes.of(s.tables, q.about) {
		return nil, false
	}
	return r.rows.([]T), true
}

// remember keeps what a question would be answered now.
func remember[T any](q *Query, sqlText string, args []any, all []T) {
	if w, writing := q.tx.(*writer); writing {
		s := w.statement(sqlText)
		w.memo.answers[question{s, spell(args)}] = remembered{all, w.memo.changes.of(s.tables, q.about)}
	}
}

// alter remembers the one row that a question is answered as a write leaves it.
func alter[T any](q *Query, sqlText string, args []any, write func() error, change func(*T)) error {
	rows, known := recall[T](q, sqlText, args)
	if err := write(); err != nil || !known || len(rows) != 1 {
		return err
	}
	row := rows[0]
	change(&row)
	remember(q, sqlText, args, []T{row})
	return nil
}

// A question is how an answer is found again.
type question struct {
	*statement
	args string
}

// spell tells arguments apart.
func spell(args []any) string {
	b := make([]byte, 0, 64)
	for _, a := range args {
		b = append(b, 0)
		switch v := a.(type) {
		case string:
			b = append(append(b, '"'), v...)
		case int64:
			b = strconv.AppendInt(b, v, 10)
		case int:
			b = strconv.AppendInt(b, int64(v), 10)
		default:
			b = fmt.Appendf(b, "%T %q", v, v)
		}
	}
	return string(b)
}

// written notes that a statement changes its tables. What the newest entries say changes
// with an append, which notes it itself, and with what takes entries back.
func (m *memo) written(s *statement, about []string) {
	m.changes.add(s.tables, about)
	if s.text != insertEntry && slices.Contains(s.tables, "record") {
		clear(m.newest)
	}
}

// appended notes that a newer entry is there.
func (m *memo) appended(e record.Entry) {
	delete(m.newest, [2]string{string(e.Kind), e.Subject})
	if e.Kind == record.KindVolume {
		delete(m.newest, newestVolumeKey)
	}
}

var newestVolumeKey = [2]string{string(record.KindVolume), ""}

// decodedLimit bounds how many texts are remembered as values.
const decodedLimit = 256

// Decoded is a JSON text as a value. It is remembered, so that nothing in it may be changed.
func Decoded[T any](q *Query, text []byte) (*T, error) {
	if r, reading := q.tx.(reader); reading {
		return decode[T](r.decoded, text)
	}
	w := q.tx.(*writer)
	if w.decoded == nil {
		w.decoded = map[string]any{}
	}
	return decode[T](w.decoded, text)
}

func decode[T any](known map[string]any, text []byte) (*T, error) {
	if v, there := known[string(text)].(*T); there {
		return v, nil
	}
	v := new(T)
	if err := json.Unmarshal(text, v); err != nil {
		return nil, err
	}
	if len(known) >= decodedLimit {
		clear(known)
	}
	known[string(text)] = v
	return v, nil
}
