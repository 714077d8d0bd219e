package newsroom_test

import (
	"database/sql"
	"fmt"
	"slices"
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

// BenchmarkPublish is acknowledged publishes through the whole gate, one after another.
func BenchmarkPublish(b *testing.B) { publish(b, storetest.SQLite(b), 1) }

// BenchmarkPublish64 is the same with 64 callers that wait for one another's commits.
// Beside it, BenchmarkRaw64 is what the engine does with as many rows and bytes.
func BenchmarkPublish64(b *testing.B) { publish(b, storetest.SQLite(b), 64) }

// BenchmarkPostgresPublish64 is the same on PostgreSQL.
func BenchmarkPostgresPublish64(b *testing.B) { publish(b, storetest.Postgres(b), 64) }

func publish(b *testing.B, address string, callers int) {
	now := begin
	r, _ := roomIn(b, address, &now)
	who, err := r.Acting(b.Context(), "Rina")
	if err != nil {
		b.Fatal(err)
	}
	ids := make([]story.ArticleID, b.N)
	together(64, b.N, func(i int) { ids[i] = begun(b, r, who, fmt.Sprintf("bench-%010d", i)) })
	took := make([]time.Duration, b.N)
	before := processor(b)
	b.ResetTimer()
	together(callers, b.N, func(i int) {
		start := time.Now()
		f, err := r.File(b.Context(), who, newsroom.Filing{Key: fmt.Sprintf("file-bench-%010d", i), Article: ids[i], What: story.Publish, NoUndo: true, Base: -1})
		took[i] = time.Since(start)
		if err != nil || f.State != story.Posted {
			b.Error(f, err)
		}
	})
	b.StopTimer()
	b.ReportMetric(float64((processor(b)-before).Microseconds())/float64(b.N), "cpu-µs/op")
	report(b, took)
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

func report(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	b.ReportMetric(float64(len(took))/b.Elapsed().Seconds(), "acks/s")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

// What one publish writes: rows that are inserted or changed, and bytes of a row. A house's
// file grew by 1.8 kB with each of 3,000 short stories that were published.
const rawRows, rawBytes = 12, 150

// BenchmarkRaw64 is 64 publishes' worth of plain rows to a commit, with nothing asked and
// nothing decided: what the engine alone can do.
func BenchmarkRaw64(b *testing.B) {
	raw(b, "sqlite", "file:"+storetest.SQLite(b)+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=secure_delete(1)&_txlock=immediate", "INTEGER PRIMARY KEY, body BLOB")
}

// BenchmarkPostgresRaw64 is the same on PostgreSQL.
func BenchmarkPostgresRaw64(b *testing.B) {
	raw(b, "pgx", storetest.Postgres(b), "BIGINT PRIMARY KEY GENERATED ALWAYS AS IDENTITY, body BYTEA")
}

func raw(b *testing.B, driver, address, columns string) {
	must := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	db, err := sql.Open(driver, address)
	must(err)
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	_, err = db.Exec(`CREATE TABLE raw (id ` + columns + ` NOT NULL)`)
	must(err)
	body := make([]byte, rawBytes)
	b.ResetTimer()
	for i := 0; i < b.N; i += 64 {
		tx, err := db.Begin()
		must(err)
		s, err := tx.Prepare(`INSERT INTO raw (body) VALUES ($1)`)
		must(err)
		for range min(64, b.N-i) * rawRows {
			_, err := s.Exec(body)
			must(err)
		}
		must(tx.Commit())
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "acks/s")
}
