package sim

import (
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"dateline/internal/edition"
	"dateline/internal/record"
	"dateline/internal/web/site"
)

// checkWhole looks at everything: the record proved, the edition built again, every public
// page, every file of the edition, the logs, and all that people were told.
func (w *world) checkWhole() error {
	armed := w.armed
	w.armed = nil
	defer func() { w.armed = armed }()
	if err := w.verify(); err != nil {
		return err
	}
	if err := w.antiJoins(); err != nil {
		return err
	}
	if err := w.keptWord(); err != nil {
		return err
	}
	if err := w.catchUp(); err != nil {
		w.breaks("I-09", "the edition cannot follow: %v", err)
		return nil
	}
	if err := w.rebuilt(); err != nil || w.broken != nil {
		return err
	}
	if err := w.destroyed(); err != nil || w.broken != nil {
		return err
	}
	return w.canaries()
}

func (w *world) verify() error {
	report, err := record.Verify(w.ctx, w.db, record.VerifyOptions{Verifier: w.key.Verifier()})
	if err != nil {
		return err
	}
	if len(report.Problems) > 0 || report.Entries != w.judge.n {
		w.breaks("I-54", "verify found %d entries of %d: %v", report.Entries, w.judge.n, report.Problems)
	}
	return nil
}

// whole are questions that nothing may answer (I-04, I-10).
var whole = []struct{ what, query string }{
	{"a posted act without its entry", `SELECT count(*) FROM act a WHERE a.state = 'posted' AND NOT EXISTS (SELECT 1 FROM record r WHERE r.n = a.entry AND r.subject = a.subject)`},
	{"an entry with two acts", `SELECT count(*) FROM (SELECT 1 FROM act WHERE entry > 0 GROUP BY entry HAVING count(*) > 1)`},
	{"an article entry without its revision", `SELECT count(*) FROM record r WHERE r.kind = 'article' AND r.content IS NOT NULL AND NOT EXISTS (SELECT 1 FROM revision v WHERE v.article = r.subject AND v.number = r.revision)`},
	{"an act's entry without an act", `SELECT count(*) FROM record r WHERE r.kind IN ('article', 'live', 'withdraw', 'kill', 'front') AND NOT EXISTS (SELECT 1 FROM act a WHERE a.entry = r.n)`},
	{"an act's entry without its audit", `SELECT count(*) FROM record r WHERE r.kind IN ('article', 'live', 'withdraw', 'kill', 'front') AND NOT EXISTS (SELECT 1 FROM audit u WHERE u.entry = r.n)`},
	{"a text of a killed story that is not withheld", `SELECT count(*) FROM record r JOIN record k ON k.subject = r.subject AND k.kind = 'kill' AND k.n > r.n WHERE r.kind IN ('article', 'live', 'withdraw') AND r.gone_by IS NULL`},
	{"two pending acts where one may be", `SELECT count(*) FROM (SELECT 1 FROM act WHERE state = 'pending' GROUP BY subject, part, class HAVING count(*) > 1)`},
	{"a story without words", `SELECT count(*) FROM article a WHERE a.standing <> 'erased' AND NOT EXISTS (SELECT 1 FROM working w WHERE w.article = a.id)`},
}

func (w *world) antiJoins() error {
	for _, q := range whole {
		var n int
		if err := w.rows.QueryRowContext(w.ctx, q.query).Scan(&n); err != nil {
			return fmt.Errorf("%s: %w", q.what, err)
		}
		if n > 0 {
			w.breaks("I-04", "%d times %s", n, q.what)
		}
	}
	return nil
}

// keptWord wants everything to be there that somebody was told is.
func (w *world) keptWord() error {
	for _, id := range w.told.acts {
		if _, there := w.judge.acts[id]; !there {
			w.breaks("I-01", "act %d was answered, and is not there", id)
		}
	}
	for _, t := range w.tales {
		if w.erased(t) {
			if t.wire != nil {
				t.wire.versions = 0 // what it was taken from goes with it
			}
			continue
		}
		have := map[string]int{}
		now := &tale{id: t.id, parts: have}
		if _, err := w.reload(now, ""); err != nil {
			return err
		}
		for part, version := range t.parts {
			if have[part] < version {
				w.breaks("I-01", "version %d of %s of %s was answered, and there are %d", version, part, t.name, have[part])
			}
		}
	}
	for _, it := range w.wires {
		var n int
		if err := w.rows.QueryRowContext(w.ctx, `SELECT count(*) FROM wire_version WHERE item = $1`, it.id).Scan(&n); err != nil {
			return err
		}
		if n < it.versions {
			w.breaks("I-01", "%d versions of %s were taken in, and there are %d", it.versions, it.guid, n)
		}
	}
	return nil
}

// rebuilt wants an edition that is built from nothing to be the one that grew, and to print
// the same pages.
func (w *world) rebuilt() error {
	quiet := slog.New(slog.DiscardHandler)
	dir := filepath.Join(w.dir, "again")
	again, err := edition.Open(w.ctx, dir, w.editionOptions(quiet))
	if err != nil {
		return err
	}
	defer func() {
		_ = again.Close() // and nothing of it is kept
		_ = os.RemoveAll(dir)
	}()
	if err := again.CatchUp(w.ctx, w.db); err != nil {
		return err
	}
	grown, err := w.edition.Digest(w.ctx)
	if err != nil {
		return err
	}
	built, err := again.Digest(w.ctx)
	if err != nil {
		return err
	}
	if grown != built || w.edition.Applied() != w.judge.n {
		w.breaks("rebuilt", "the edition, which follows to entry %d of %d, is not the one that is built again", w.edition.Applied(), w.judge.n)
		return nil
	}
	other := site.New(again, site.Options{Now: w.clock.wall, Log: quiet})
	for _, path := range []string{"/", "/he", "/coverage", "/corrections", "/feed.atom"} {
		if x, y := ask(w.site, path), ask(other, path); x != y {
			w.breaks("rebuilt", "%s is another page in the edition that is built again", path)
		}
	}
	return nil
}

// ask asks for a page and returns all that it answers.
func ask(h http.Handler, path string) string {
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
	var b strings.Builder
	fmt.Fprintln(&b, rec.Code)
	_ = rec.Header().Write(&b) // a builder takes everything
	b.Write(rec.Body.Bytes())
	return b.String()
}

// canariesIn lists the canaries in a text, in lower case: z, q or p, five digits, u. A text is
// a file at times, so it is not written anew in lower case to be looked through.
func canariesIn(text string) (all []string) {
	for i := 0; i+8 <= len(text); i++ {
		next := strings.IndexAny(text[i:], "zZ")
		if i += next; next < 0 || i+8 > len(text) {
			break
		}
		if c := strings.ToLower(text[i : i+8]); (c[1] == 'q' || c[1] == 'p') && c[7] == 'u' && strings.Trim(c[2:7], "0123456789") == "" {
			all = append(all, c)
		}
	}
	return all
}

// canaries asks for every public page. A word is there only if an entry that readers may
// read has it, and the house's own words are nowhere.
func (w *world) canaries() error {
	public, err := w.publicWords()
	if err != nil {
		return err
	}
	for _, path := range w.addresses() {
		answer := ask(w.site, path)
		for _, t := range canariesIn(answer) {
			if !public[t] && !strings.Contains(path, t) {
				w.breaks("I-29", "%s shows %s, which no entry that may be read has", path, t)
			}
		}
		if strings.HasPrefix(answer, "5") {
			w.breaks("no page fails", "%s answers %.200s", path, answer)
		}
	}
	if t := canariesIn(w.log.String()); len(t) > 0 {
		w.breaks("I-33", "the log holds %s", t[0])
	}
	return w.scanFiles(public)
}

func (w *world) publicWords() (map[string]bool, error) {
	rows, err := w.rows.QueryContext(w.ctx, `SELECT content FROM record WHERE gone_by IS NULL AND content IS NOT NULL`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	public := map[string]bool{}
	for rows.Next() {
		var content []byte
		if err := rows.Scan(&content); err != nil {
			return nil, err
		}
		for _, t := range canariesIn(string(content)) {
			public[t] = true
		}
	}
	return public, rows.Err()
}

// scanFiles looks at every byte of the edition's folder.
func (w *world) scanFiles(public map[string]bool) error {
	return filepath.WalkDir(filepath.Join(w.live, "edition"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, "-shm") {
			return err
		}
		raw, err := os.ReadFile(path)
		for _, t := range canariesIn(string(raw)) {
			if !public[t] {
				w.breaks("I-29", "%s holds %s, which no entry that may be read has", d.Name(), t)
			}
		}
		return err
	})
}

var variable = regexp.MustCompile(`{(\w+)(?:\.\.\.)?}`)

// third are the routes of which a third is asked for each time.
var third = regexp.MustCompile(`^/as-of|^/archive|\.(atom|rss|json)$`)

// addresses fills in the patterns of all public routes. A route with a part that is not known
// here stops the run: it has to be said how it is asked for.
func (w *world) addresses() (all []string) {
	articles := []string{"0000000000"}
	for i := range min(4, len(w.tales)) { // others the next time
		articles = append(articles, "x-"+string(w.tales[(w.steps/7+i*3)%len(w.tales)].id))
	}
	then := w.clock.wall().Add(-time.Duration(w.steps%240) * time.Hour).UTC()
	values := map[string][]string{"section": {"city", "world"}, "desk": {w.desks[0].slug, w.desks[1].slug}, "article": articles, "package": articles, "person": articles, "n": {"1", "2"},
		"subject": {"by-zqanna", "by-zqben"}, "year": {then.Format("2006")}, "month": {then.Format("01")}, "day": {then.Format("02")}, "when": {then.Format("2006-01-02T15:04Z")},
		"file": {"none.css"}, "id": {"1-1"}, "volume": {"1"}, "part": {"month", "all.ics"}, "tile": {"0/000.p/1", "entries/000.p/5"}}
	for i, r := range site.Routes() {
		if third.MatchString(r.Pattern) && (i+w.steps)%3 != 0 {
			continue // there are many of its sort: it is asked for the next time, or the one after
		}
		filled := []string{r.Pattern}
		for _, m := range variable.FindAllStringSubmatch(r.Pattern, -1) {
			if values[m[1]] == nil {
				w.breaks("I-29", "the simulator does not know how to ask for %s", r.Pattern)
			}
			var next []string
			for _, p := range filled {
				for _, v := range values[m[1]] {
					next = append(next, strings.Replace(p, m[0], v, 1))
				}
			}
			filled = next
		}
		all = append(all, filled...)
		if r.Langs {
			for _, p := range filled[:min(2, len(filled))] {
				all = append(all, strings.TrimSuffix("/he"+p, "/"))
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
