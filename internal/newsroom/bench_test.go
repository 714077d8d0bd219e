package newsroom_test

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"dateline/internal/newsroom"
	"dateline/internal/store/storetest"
	"dateline/internal/story"
)

// An acknowledged publish is a whole one: filed with its key, judged by the gate, its
// revision cut, its entry appended and signed for, audited, on the disk, answered. Beside
// it, in turns within the same run, is what the engine alone does in a commit of 64 times as
// many plain rows and bytes, with nothing asked and nothing decided.
//
//	acks/s      acknowledged publishes in a second
//	p50-ms …    how long one waited for its answer
//	cpu-µs/op   of this process, for one; PostgreSQL's own is not in it
//	raw/s       the engine's own figure, and of-raw how much of it is left

// BenchmarkPublish is one caller after another.
func BenchmarkPublish(b *testing.B) { publish(b, sqliteRaw(b), storetest.SQLite(b), 1) }

// BenchmarkPublish64 is 64 callers that wait for one another's commits.
func BenchmarkPublish64(b *testing.B) { publish(b, sqliteRaw(b), storetest.SQLite(b), 64) }

// BenchmarkPostgresPublish64 is the same on PostgreSQL.
func BenchmarkPostgresPublish64(b *testing.B) {
	publish(b, postgresRaw(b), storetest.Postgres(b), 64)
}

// benchRound is how many are published before the engine alone has its turn.
const benchRound = 2048

func publish(b *testing.B, plain *rawEngine, address string, callers int) {
	now := begin
	r, _ := roomIn(b, address, &now)
	who, err := r.Acting(b.Context(), "Rina")
	if err != nil {
		b.Fatal(err)
	}
	h, err := r.House(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	ids, took := make([]story.ArticleID, b.N), make([]time.Duration, b.N)
	together(64, b.N, func(i int) { ids[i] = begunAt(b, r, who, h.Desks[0].ID, fmt.Sprintf("bench-%010d", i)) })
	file := func(i int) {
		start := time.Now()
		f, err := r.File(b.Context(), who, newsroom.Filing{Key: fmt.Sprintf("file-bench-%010d", i), Article: ids[i], What: story.Publish, NoUndo: true, Base: -1})
		took[i] = time.Since(start)
		if err != nil || f.State != story.Posted {
			b.Error(f, err)
		}
	}
	var cpu, raw time.Duration
	b.ResetTimer()
	for from := 0; from < b.N; from += benchRound {
		n := min(benchRound, b.N-from)
		before := processor(b)
		together(callers, n, func(i int) { file(from + i) })
		cpu += processor(b) - before
		b.StopTimer()
		raw += plain.commits(b, n)
		b.StartTimer()
	}
	b.StopTimer()
	slices.Sort(took)
	for _, p := range []int{50, 99} {
		b.ReportMetric(float64(took[len(took)*p/100].Microseconds())/1000, fmt.Sprintf("p%d-ms", p))
	}
	acks, alone := float64(b.N)/b.Elapsed().Seconds(), float64(b.N)/raw.Seconds()
	b.ReportMetric(acks, "acks/s")
	b.ReportMetric(alone, "raw/s")
	b.ReportMetric(acks/alone, "of-raw")
	b.ReportMetric(float64(cpu.Microseconds())/float64(b.N), "cpu-µs/op")
}

// processor is how long this process has had one.
func processor(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// together has callers do n things, each as soon as it has done one before.
func together(callers, n int, do func(i int)) {
	var next atomic.Int64
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				do(int(i))
			}
		})
	}
	all.Wait()
}

// What one publish writes: rows that are inserted or changed, and bytes of a row. A house's
// file grew by 1.8 kB with each of 3,000 short stories that were published.
const rawRows, rawBytes = 12, 150

// A rawEngine is a store's engine, with the settings of a store and a table of plain rows.
type rawEngine struct {
	db     *sql.DB
	insert string // as many rows as a publish writes
}

func sqliteRaw(b *testing.B) *rawEngine {
	return openRaw(b, "sqlite", "file:"+storetest.SQLite(b)+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=secure_delete(1)&_txlock=immediate", "INTEGER PRIMARY KEY, body BLOB", "?")
}

func postgresRaw(b *testing.B) *rawEngine {
	return openRaw(b, "pgx", storetest.Postgres(b), "BIGINT PRIMARY KEY GENERATED ALWAYS AS IDENTITY, body BYTEA", "$1")
}

func openRaw(b *testing.B, driver, address, columns, place string) *rawEngine {
	db, err := sql.Open(driver, address)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	if _, err = db.Exec(`CREATE TABLE raw (id ` + columns + ` NOT NULL)`); err != nil {
		b.Fatal(err)
	}
	var places []string
	for i := range rawRows {
		places = append(places, "("+strings.Replace(place, "1", fmt.Sprint(i+1), 1)+")")
	}
	return &rawEngine{db, `INSERT INTO raw (body) VALUES ` + strings.Join(places, ", ")}
}

// commits is how long the engine takes for the rows of n publishes, 64 to a commit.
func (e *rawEngine) commits(b *testing.B, n int) time.Duration {
	args := make([]any, rawRows)
	for i := range args {
		args[i] = make([]byte, rawBytes)
	}
	start := time.Now()
	for i := 0; i < n; i += 64 {
		tx, err := e.db.Begin()
		if err != nil {
			b.Fatal(err)
		}
		for range min(64, n-i) {
			if _, err := tx.Exec(e.insert, args...); err != nil {
				b.Fatal(err)
			}
		}
		if err := tx.Commit(); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(start)
}
