package store

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A statement is what the writer knows of a text of SQL.
type statement struct {
	text    string
	tables  []string // that it reads or writes; the first is the one that it changes
	asks    bool     // it changes nothing
	inserts bool
	// head is the text before the values, and columns how many there are, of one that
	// inserts a row of nothing but its arguments: several of those go as one statement.
	head    string
	columns int
	bundles map[int]*statement // by rows
}

var tableName = regexp.MustCompile(`\b(?:FROM|JOIN|INTO|UPDATE)\s+([a-z_]+)`)

// tablesOf lists the tables that a statement reads or writes. No statement joins with commas
// (TestEveryTableIsSeen).
func tablesOf(sqlText string) (named []string) {
	for _, m := range tableName.FindAllStringSubmatch(sqlText, -1) {
		named = append(named, m[1])
	}
	return named
}

var plainInsert = regexp.MustCompile(`^(\s*INSERT INTO [a-z_]+ \([^)]*\)\s*VALUES )\((\$1(?:, \$[0-9]+)*)\)\s*$`)

func readStatement(sqlText string) *statement {
	trimmed := strings.TrimSpace(sqlText)
	s := &statement{text: sqlText, tables: tablesOf(sqlText), asks: strings.HasPrefix(trimmed, "SELECT"), inserts: strings.HasPrefix(trimmed, "INSERT")}
	if m := plainInsert.FindStringSubmatch(sqlText); m != nil {
		if columns := strings.Count(m[2], "$"); m[2] == places(1, columns) {
			s.head, s.columns = m[1], columns
		}
	}
	return s
}

// places is "$from, $from+1, …", n of them.
func places(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", from+i)
	}
	return b.String()
}

// unnumbered is a text whose arguments come in order with places that SQLite does not have
// to look for: it goes through all names for each.
func unnumbered(sqlText string) string { return place.ReplaceAllString(sqlText, "?") }

var place = regexp.MustCompile(`\$[0-9]+`)

// times is the statement that inserts so many rows.
func (w *writer) times(s *statement, rows int) *statement {
	if rows == 1 {
		return s
	}
	if t, there := s.bundles[rows]; there {
		return t
	}
	var b strings.Builder
	b.WriteString(s.head)
	for i := range rows {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("(" + places(1+i*s.columns, s.columns) + ")")
	}
	if s.bundles == nil {
		s.bundles = map[int]*statement{}
	}
	s.bundles[rows] = w.statement(w.inOrder(b.String()))
	return s.bundles[rows]
}

// inOrder is a text whose arguments come in order, as the engine likes it best.
func (w *writer) inOrder(sqlText string) string {
	if w.batch != nil {
		return sqlText
	}
	return unnumbered(sqlText)
}

// refersTo are the tables whose rows the rows of a table name (TestEveryReferenceIsKnown).
var refersTo = map[string][]string{
	"role": {"member"}, "link": {"member"}, "session": {"member"}, "asking": {"member"},
	"working": {"article"}, "clash": {"article"}, "revision": {"article"}, "lineage": {"article", "wire_item"}, "wire_doubt": {"article", "wire_item"},
	"passkey": {"member"}, "password": {"member"}, "recovery": {"member"}, "invitation": {"member"}, "token": {"member"}, "closing_line": {"closing"},
	"wire_version": {"wire_item"}, "wire_link": {"wire_item"}, "rendition": {"picture"}, "record": {"taken_back"},
}

// awaits reports whether rows that s inserts must come after what another statement does:
// it touches the same table, or may insert what they name.
func (s *statement) awaits(other *statement) bool {
	if len(other.tables) == 0 {
		return true
	}
	return slices.Contains(other.tables, s.tables[0]) || other.inserts && slices.Contains(refersTo[s.tables[0]], other.tables[0])
}

// pending is a statement that waits to be sent with the next.
type pending struct {
	*statement
	args   []any
	rows   int  // how many it inserts, or has to change
	anyRow bool // it may change any number
}

// bundleLimit is how many rows are inserted by one statement.
const bundleLimit = 64

// A queue is statements that wait, in order. Rows that are inserted alike go together, as
// soon as the first of them may go.
type queue struct {
	all     []pending
	bundles map[string]int // by text: which of all may take more rows
}

func (q *queue) add(p pending) {
	if i, there := q.bundles[p.text]; there && p.columns > 0 {
		b := &q.all[i]
		b.args, b.rows = append(b.args, p.args...), b.rows+1
		return
	}
	for text, i := range q.bundles {
		if q.all[i].awaits(p.statement) {
			delete(q.bundles, text)
		}
	}
	if p.columns > 0 {
		if q.bundles == nil {
			q.bundles = map[string]int{}
		}
		q.bundles[p.text] = len(q.all)
		p.args = slices.Clone(p.args)
	}
	q.all = append(q.all, p)
}

// take empties the queue. Bundles come in sizes of powers of two, so that there are few
// texts to prepare.
func (q *queue) take(w *writer) (all []pending) {
	for _, p := range q.all {
		for p.rows > 1 {
			n := bundleLimit
			for n > p.rows {
				n /= 2
			}
			all = append(all, pending{statement: w.times(p.statement, n), args: p.args[:n*p.columns], rows: n})
			p.args, p.rows = p.args[n*p.columns:], p.rows-n
		}
		if p.rows == 1 || p.anyRow {
			all = append(all, p)
		}
	}
	*q = queue{}
	return all
}
