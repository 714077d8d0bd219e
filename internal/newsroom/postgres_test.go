package newsroom_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/store/storetest"
	"dateline/internal/story"
)

// load is callers that file stories, each again with the same key until it is answered.
type load struct {
	t       *testing.T
	room    *newsroom.Room
	db      *store.DB
	who     newsroom.Who
	ids     []story.ArticleID
	acked   atomic.Int64
	unknown atomic.Int64 // answers that could not say whether it was kept
}

func openLoad(t *testing.T, address string, n int) *load {
	now := begin
	l := &load{t: t}
	l.room, l.db = roomIn(t, address, &now)
	var err error
	if l.who, err = l.room.Acting(t.Context(), "Rina"); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		l.ids = append(l.ids, begun(t, l.room, l.who, fmt.Sprintf("load-%010d", i)))
	}
	return l
}

// file files story i until it is acknowledged. Nothing but a refusal that tells people to
// try again may come between.
func (l *load) file(i int) {
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		f, err := l.room.File(l.t.Context(), l.who, newsroom.Filing{Key: fmt.Sprintf("file-load-%010d", i), Article: l.ids[i], What: story.Publish, NoUndo: true, Base: -1})
		if err == nil && f.State == story.Posted {
			l.acked.Add(1)
			return
		}
		r, ok := story.AsRefusal(err)
		if !ok || r.Kind != story.Unavailable {
			l.t.Errorf("story %d: %+v, %v", i, f, err)
			return
		}
		if strings.Contains(r.Sentence, "kept or not") {
			l.unknown.Add(1)
		}
	}
	l.t.Errorf("story %d was never acknowledged", i)
}

// once holds the record to what was acknowledged: every story in it, once.
func (l *load) once() {
	l.t.Helper()
	entries, err := l.db.After(l.t.Context(), 0, 10_000)
	if err != nil {
		l.t.Fatal(err)
	}
	posted := map[string]int{}
	for _, e := range entries {
		if e.Kind == record.KindArticle {
			posted[e.Subject]++
		}
	}
	for _, id := range l.ids {
		if posted[string(id)] != 1 {
			l.t.Errorf("%s was acknowledged and is in the record %d times", id, posted[string(id)])
		}
	}
	if r, err := record.Verify(l.t.Context(), l.db, record.VerifyOptions{}); err != nil || len(r.Problems) > 0 {
		l.t.Errorf("%+v, %v", r, err)
	}
}

// TestPostgresStoppedHard stops the server in the midst of a load, and starts it again.
func TestPostgresStoppedHard(t *testing.T) {
	server := storetest.NewServer(t)
	l := openLoad(t, server.Schema(t), 160)
	var all sync.WaitGroup
	all.Go(func() { together(8, len(l.ids), l.file) })
	for _, at := range []int64{20, 70, 120} {
		for l.acked.Load() < at && !t.Failed() {
			time.Sleep(time.Millisecond)
		}
		server.Crash(t)
		server.Start(t)
	}
	all.Wait()
	l.once()
}

// TestABackendKilledOnCommit ends sessions while they commit. Some of what they committed
// is kept and some is not; the same key tells which, and posts nothing twice.
func TestABackendKilledOnCommit(t *testing.T) {
	address := storetest.NewServer(t).Schema(t)
	l := openLoad(t, address+"&commit_delay=30000&commit_siblings=0", 60) // a commit takes 30 ms
	ctx, stop := context.WithCancel(t.Context())
	var killer sync.WaitGroup
	killed := 0
	killer.Go(func() {
		conn, err := pgx.Connect(context.Background(), address)
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = conn.Close(context.Background()) }()
		for ctx.Err() == nil {
			var n int
			if err := conn.QueryRow(ctx, `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
			                               WHERE application_name = 'dateline' AND state = 'active' AND query ILIKE 'commit%'`).Scan(&n); err == nil {
				killed += n
			}
			time.Sleep(time.Duration(40+killed) * time.Millisecond)
		}
	})
	together(4, len(l.ids), l.file)
	stop()
	killer.Wait()
	t.Logf("%d sessions ended while they committed, %d answers were not known", killed, l.unknown.Load())
	if l.unknown.Load() == 0 {
		t.Error("no commit was cut off")
	}
	l.once()
}
