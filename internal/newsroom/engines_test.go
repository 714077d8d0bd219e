package newsroom_test

import (
	"context"
	crypto "crypto/rand"
	"database/sql"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"dateline/internal/clock"
	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/store/storetest"
	"dateline/internal/story"
	"dateline/internal/zone"
)

var (
	verbs = flag.Int("verbs", 300, "how many random verbs both engines are given")
	seed  = flag.Uint64("seed", 0, "of the random verbs; 0 chooses one")
)

// twins are one house on each engine: the same verbs, ids, keys and hours.
type twins struct {
	t         *testing.T
	rng       *rand.Rand
	now       time.Time
	rooms     [2]*newsroom.Room
	addresses [2]string
	members   []string
	stories   []story.ArticleID
	versions  map[string]int // of parts, by story and name
	clashes   []story.ArticleID
	pages     []story.ArticleID // live ones
	entries   map[story.ArticleID][]string
	acts      int64 // the newest
	keys      int
	did       map[string]int // by verb and whether it was refused
	pieces    []string       // ids of packages, pages, relations, persons
	known     string         // the id that the next verb about a piece names
	base      int64
}

func openTwins(t *testing.T, seed uint64) *twins {
	t.Helper()
	w := &twins{t: t, now: begin, rng: rand.New(rand.NewPCG(seed, 1)), did: map[string]int{}, versions: map[string]int{}, entries: map[story.ArticleID][]string{}, addresses: [2]string{storetest.SQLite(t), storetest.Postgres(t)}}
	secret, err := record.NewKey(record.LogName("localhost", 1, crypto.Reader), crypto.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key, err := record.ParseKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	for i, address := range w.addresses {
		db, err := store.Open(t.Context(), address, store.Options{Now: func() clock.Reading {
			return clock.Reading{Wall: w.now, Boot: w.now.Sub(begin) + time.Hour, BootID: "test"}
		}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		db.SetKey(key)
		var from [32]byte
		from[0] = byte(seed)
		w.rooms[i] = newsroom.New(db, newsroom.Options{Zones: zone.Built(), Pictures: t.TempDir(), Log: slog.New(slog.DiscardHandler), Random: rand.NewChaCha8(from)})
	}
	place := record.Place{City: record.Words{"en": "New York"}, Lat: 40.7128, Lon: -74.006, Zone: "America/New_York"}
	keeping := newsroom.Keeping{Lighting: "18m", Nightfall: "8.5deg"}
	london := record.Place{City: record.Words{"en": "London"}, Lat: 51.5074, Lon: -0.1278, Zone: "Europe/London"}
	w.do("set up", func(r *newsroom.Room) (any, error) {
		return nil, r.SetUp(t.Context(), newsroom.Setup{Admin: "Rina", Log: key.Log(), Key: key.Verifier(),
			House: record.House{Names: record.Words{"en": "The Courier"}, Address: "http://localhost", Seat: place, Languages: []string{"en"}, Sections: []record.Section{{ID: "news"}}},
			Desks: []newsroom.DeskSettings{{Slug: "new-york", Names: record.Words{"en": "New York"}, Place: place, Keeping: keeping},
				{Slug: "london", Names: record.Words{"en": "London"}, Place: london, Keeping: keeping, Eyes: true}}})
	})
	w.do("roles", func(r *newsroom.Room) (any, error) {
		return nil, r.GiveRoles(t.Context(), "Rina", []string{"new-york:chief", "new-york:editor", "london:chief", "london:editor", "london:standards"})
	})
	for _, m := range []string{"Noa", "noa", "Émile"} {
		w.do("member", func(r *newsroom.Room) (any, error) {
			return r.AddMember(t.Context(), m, false, []string{"new-york:editor", "london:editor"}, 1)
		})
	}
	w.members = []string{"Rina", "Rina", "Rina", "Noa", "noa", "Émile"}
	return w
}

// do gives both houses a verb, which must answer the same.
func (w *twins) do(verb string, fn func(r *newsroom.Room) (any, error)) any {
	w.t.Helper()
	var said [2]string
	var answer any
	var err error
	for i, r := range w.rooms {
		answer, err = fn(r)
		body, _ := json.Marshal(answer) // all answers can be
		said[i] = fmt.Sprintf("%s, %v", body, err)
		if _, refused := story.AsRefusal(err); err != nil && !refused {
			w.t.Fatalf("%s failed: %v", verb, err)
		}
	}
	if said[0] != said[1] {
		w.t.Fatalf("%s: SQLite answers %s\nPostgreSQL %s", verb, said[0], said[1])
	}
	w.did[fmt.Sprint(verb, " ", err == nil)]++
	return answer
}

func (w *twins) key() string { w.keys++; return fmt.Sprintf("random-verb-%08d", w.keys) }

// act is one of the newest acts.
func (w *twins) act() int64 { return w.acts - w.rng.Int64N(min(w.acts, 9)+1) }

func pick[T any](w *twins, from ...T) T { return from[w.rng.IntN(len(from))] }

func (w *twins) words() string {
	return pick(w, "Rain.", "Two words", "שלום עולם", "A \"quoted\" one", "It's; DROP TABLE act --", "", "$1 ? %s \\", "naïve ﬁ 𝄞")
}

// one does one random verb.
func (w *twins) one() {
	ctx := w.t.Context()
	name := pick(w, w.members...)
	who := func(r *newsroom.Room) newsroom.Who {
		who, err := r.Acting(ctx, name)
		if err != nil {
			w.t.Fatal(err)
		}
		return who
	}
	key, program := w.key(), w.rng.IntN(8) == 0
	as := func(r *newsroom.Room) newsroom.Who { x := who(r); x.Program = x.Program || program; return x }
	if len(w.stories) == 0 || w.rng.IntN(12) == 0 {
		w.begin(as, key)
		return
	}
	id := pick(w, w.stories...)
	switch w.rng.IntN(17) {
	case 13, 14:
		w.piece(as, key, id)
	case 0, 1, 2:
		w.save(as, key, id)
	case 3, 4, 5:
		w.file(as, key, id)
	case 6:
		act := w.act()
		w.do("take back", func(r *newsroom.Room) (any, error) { return nil, r.TakeBack(ctx, as(r), key, act) })
	case 7:
		act, slot := w.act(), w.slot()
		w.do("slot", func(r *newsroom.Room) (any, error) { return nil, r.MoveSlot(ctx, as(r), key, act, slot) })
	case 8:
		wish := newsroom.EmbargoWish{Key: key, Article: id, Until: pick(w, "", "", "open", w.slot()), Reason: pick(w, "", "It was agreed.")}
		w.do("embargo", func(r *newsroom.Room) (any, error) { return nil, r.Embargo(ctx, as(r), wish) })
	case 9:
		w.do("ready", func(r *newsroom.Room) (any, error) { return nil, r.Ready(ctx, as(r), key, id) })
		w.do("approve", func(r *newsroom.Room) (any, error) { return nil, r.Approve(ctx, as(r), key+"b", id) })
	case 10:
		choice := newsroom.Choice{Key: key, Article: id, Clash: int64(w.rng.IntN(len(w.clashes)+1)) + 1, Keep: pick(w, "first", "second", "second", "both", "none")}
		if n := int(choice.Clash); n <= len(w.clashes) {
			choice.Article = w.clashes[n-1]
		}
		w.do("settle", func(r *newsroom.Room) (any, error) { return nil, r.Settle(ctx, as(r), choice) })
	case 11, 12:
		w.live(as, key)
	default:
		w.step()
	}
}

func (w *twins) begin(who func(*newsroom.Room) newsroom.Who, key string) {
	desk := pick(w, 0, 0, 0, 1)
	text := story.Text{Type: story.Report, Lang: "en", Section: pick(w, "news", "news", "news", "news", "news", "news", ""), Slug: pick(w, "a-report", "rain"), Headline: w.words(), Bylines: []story.Byline{{Name: pick(w, "Ida", "ida", "Uri")}},
		Doc: story.Doc{{Kind: story.Paragraph, Spans: []story.Span{{Text: w.words()}}}, {Kind: story.Paragraph, Spans: []story.Span{{Text: "More."}}}}}
	answer := w.do("start", func(r *newsroom.Room) (any, error) {
		h, err := r.House(w.t.Context())
		if err != nil {
			return nil, err
		}
		copied := text // the room gives ids to it
		copied.Doc, copied.Bylines = slices.Clone(text.Doc), slices.Clone(text.Bylines)
		return r.Start(w.t.Context(), who(r), newsroom.Beginning{Key: key, Desk: h.Desks[desk].ID, Text: &copied})
	})
	if id, ok := answer.(story.ArticleID); ok && id != "" {
		w.stories = append(w.stories, id)
	}
}

// save saves the headline or the bylines, from the newest version or another.
func (w *twins) save(who func(*newsroom.Room) newsroom.Who, key string, id story.ArticleID) {
	part, body := "headline", any(w.words())
	if w.rng.IntN(3) == 0 {
		part, body = "bylines", []story.Byline{{Name: pick(w, "Ida", "IDA", "Uri", "")}}
	}
	raw, err := json.Marshal(body)
	if err != nil {
		w.t.Fatal(err)
	}
	of := string(id) + " " + part
	base := max(1, w.versions[of])
	if w.rng.IntN(10) == 0 {
		base++ // of nothing that anybody saw
	}
	answer := w.do("save", func(r *newsroom.Room) (any, error) {
		return r.Save(w.t.Context(), who(r), newsroom.Saving{Key: key, Article: id, Parts: []newsroom.PartSave{{Part: part, Base: base, Body: raw}}})
	})
	if saved, ok := answer.(newsroom.Saved); ok && saved.Versions != nil {
		w.versions[of] = saved.Versions[part]
		for range saved.Clashes {
			w.clashes = append(w.clashes, id)
		}
	}
}

func (w *twins) slot() string {
	if w.rng.IntN(3) > 0 {
		return ""
	}
	return w.now.Add(time.Duration(w.rng.IntN(72*60))*time.Minute).Format("2006-01-02 15:04 ") + pick(w, "Europe/London", "Europe/London", "America/New_York", "America/New_York", "Asia/Kathmandu", "Nowhere")
}

func (w *twins) file(who func(*newsroom.Room) newsroom.Who, key string, id story.ArticleID) {
	f := newsroom.Filing{Key: key, Article: id, What: pick(w, story.Publish, story.Publish, story.Publish, story.Update, story.Correct, story.Withdraw, story.Kill, story.Reinstate), Slot: w.slot(),
		NoUndo: w.rng.IntN(2) == 0, Base: pick[int64](w, -1, -1, -1, 0, 7), Detail: newsroom.Detail{Note: w.words()}}
	answer := w.do("file "+string(f.What), func(r *newsroom.Room) (any, error) { return r.File(w.t.Context(), who(r), f) })
	if filed, ok := answer.(newsroom.Filed); ok {
		w.acts = max(w.acts, filed.Act)
	}
	if w.rng.IntN(5) == 0 { // a form that is sent again
		w.do("file again", func(r *newsroom.Room) (any, error) { return r.File(w.t.Context(), who(r), f) })
	}
}

// step moves the clock, by a moment or over a rest, and does what fell due.
func (w *twins) step() {
	w.now = w.now.Add(pick(w, 0, time.Second, 11*time.Second, time.Minute, 20*time.Minute, 7*time.Hour, 26*time.Hour) + time.Duration(w.rng.IntN(1e6))*time.Microsecond)
	w.do("step", func(r *newsroom.Room) (any, error) { return r.Step(w.t.Context()) })
}

// unlike are the columns that differ between two houses: what is salted and what is signed.
var unlike = map[string]bool{"record.salt": true, "record.commitment": true, "record_hash.hash": true, "checkpoint.note": true}

// state is every row of a store, in words.
func state(t *testing.T, address string) []string {
	t.Helper()
	driver := "sqlite"
	if store.IsPostgres(address) {
		driver = "pgx"
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var all []string
	for _, table := range store.Tables() {
		all = append(all, rowsOf(t, db, table)...)
	}
	slices.Sort(all)
	return all
}

func rowsOf(t *testing.T, db *sql.DB, table string) (all []string) {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), "SELECT * FROM "+table)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values, into := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		var columns []string
		for i, v := range values {
			if text, ok := v.([]byte); ok {
				v = string(text)
			}
			if !unlike[table+"."+names[i]] {
				columns = append(columns, fmt.Sprintf("%s=%#v", names[i], v))
			}
		}
		slices.Sort(columns)
		all = append(all, table+" "+strings.Join(columns, " "))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestBothEnginesRememberTheSame gives both random verbs and holds their answers, and every
// row that they keep, against each other. -verbs says how many.
func TestBothEnginesRememberTheSame(t *testing.T) {
	if *seed == 0 {
		*seed = rand.Uint64()
	}
	t.Logf("-seed %d", *seed)
	w := openTwins(t, *seed)
	for n := range *verbs {
		w.one()
		if n%1000 == 999 || n == *verbs-1 {
			w.compare()
		}
	}
	t.Log(w.did)
}

func (w *twins) compare() {
	w.t.Helper()
	a, b := state(w.t, w.addresses[0]), state(w.t, w.addresses[1])
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			w.t.Fatalf("of %d and %d rows, the first that differ are\n%s\n%s", len(a), len(b), a[i], b[i])
		}
	}
	if len(a) != len(b) || len(a) < 100 {
		w.t.Fatalf("%d rows and %d", len(a), len(b))
	}
}
