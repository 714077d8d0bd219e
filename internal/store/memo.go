package store

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"

	"dateline/internal/record"
)

// A memo remembers what the members of one commit have asked: the same desk, the same
// member, the same end of the tree. Nobody else writes meanwhile, so an answer holds until
// one of them writes to a table that its question names. It is dropped with the commit, and
// whenever anything is taken back.
type memo struct {
	answers map[string]remembered  // by question and arguments
	changes map[string]int         // by table: how often it was written to
	newest  map[[2]string]any      // by kind and subject: what the newest entry says
	hashes  map[[2]int64]tlog.Hash // by volume and position
}

type remembered struct {
	rows    any // []T
	changes int // of the question's tables, when it was asked
}

// memoRows bounds what is worth remembering of one question.
const memoRows = 100

func newMemo() memo {
	return memo{map[string]remembered{}, map[string]int{}, map[[2]string]any{}, map[[2]int64]tlog.Hash{}}
}

// question is how an answer is found again. No constant ends in an argument.
func question(sqlText string, args []any) string {
	b := make([]byte, 0, len(sqlText)+16*len(args))
	b = append(b, sqlText...)
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

// age is how often the tables of a statement were written to.
func (m *memo) age(tables []string) (n int) {
	for _, t := range tables {
		n += m.changes[t]
	}
	return n
}

// written notes that a statement changed its tables. What the newest entries say changes
// with an append, which notes it itself, and with what takes entries back.
func (m *memo) written(sqlText string, tables []string) {
	for _, t := range tables {
		m.changes[t]++
	}
	if sqlText != insertEntry && slices.Contains(tables, "record") {
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

var tableName = regexp.MustCompile(`\b(?:FROM|JOIN|INTO|UPDATE)\s+([a-z_]+)`)

// tablesOf lists the tables that a statement reads or writes. No statement joins with commas
// (TestEveryTableIsSeen).
func tablesOf(sqlText string) (named []string) {
	for _, m := range tableName.FindAllStringSubmatch(sqlText, -1) {
		named = append(named, m[1])
	}
	return named
}
