package edition

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"time"
)

// SetSchema makes a file say that it is of another form.
func SetSchema(ctx context.Context, e *Edition, version string) error {
	_, err := e.write.ExecContext(ctx, `UPDATE meta SET value = $1 WHERE name = 'schema'`, version)
	return err
}

// Scrub does what is left to do after words were taken out.
func Scrub(ctx context.Context, e *Edition) error { return e.scrub(ctx) }

// Decoded counts the texts that are kept decoded.
func Decoded(e *Edition) int {
	e.texts.mu.Lock()
	defer e.texts.mu.Unlock()
	return len(e.texts.kept)
}

// Listing are the questions whose answers are lists, by name: none may look through more than
// it tells, however much there is.
var Listing = map[string]string{
	"stoodLatest": stoodLatest, "stoodSection": stoodSection, "stoodDesk": stoodDesk, "stoodOne": stoodOne, "frontBy": frontBy, "houseBy": houseBy, "deskBy": deskBy, "entryBy": entryBy,
	"correctionsBy": correctionsBy, "livePageBy": livePageBy, "liveBy": liveBy, "liveWordsBy": liveWordsBy,
	"filedCards": filedCards, "filedWhen": filedWhen, "subject": subject, "subjectTongues": subjectTongues, "periodBefore": periodBefore, "periodAfter": periodAfter,
	"firstAt": firstAt,
}

// Plan is how the engine goes about a question.
func Plan(ctx context.Context, e *Edition, query string) (steps []string, err error) {
	args := make([]any, strings.Count(query, "$"))
	for i := range args {
		args[i] = 1
	}
	err = e.View(ctx, func(v *View) error {
		steps, err = many(v, "EXPLAIN QUERY PLAN "+query, args[:highest(query)], func(rows *sql.Rows) (step string, err error) {
			var id, parent, unused int
			return step, rows.Scan(&id, &parent, &unused, &step)
		})
		return err
	})
	return steps, err
}

// highest is the number of the last parameter of a query.
func highest(query string) (n int) {
	for i := 1; i < 10; i++ {
		if strings.Contains(query, "$"+strconv.Itoa(i)) {
			n = i
		}
	}
	return n
}

// SetPatience has searches look through windows of so many entries, and stop after so long.
func SetPatience(e *Edition, window int64, patience time.Duration) {
	e.window, e.patience = window, patience
}
