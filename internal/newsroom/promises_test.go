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

	"dateline/internal/clock"
	"dateline/internal/newsroom"
	"dateline/internal/store"
	"dateline/internal/store/storetest"
	"dateline/internal/story"
)

// TestOneKeyHasOneEffect sends each of many filings several times at once. Each story is in
// the record once, and all who sent it were told the same. I-05.
func TestOneKeyHasOneEffect(t *testing.T) {
	storetest.Each(t, func(t *testing.T, address string) {
		l := openLoad(t, address, 60)
		answers := make([]sync.Map, len(l.ids))
		together(16, 8*len(l.ids), func(n int) {
			i := n / 8 % len(l.ids)
			f, err := l.room.File(t.Context(), l.who, newsroom.Filing{Key: fmt.Sprintf("one-key-once-%010d", i), Article: l.ids[i], What: story.Publish, NoUndo: true, Base: -1})
			if err != nil || f.State != story.Posted {
				t.Errorf("story %d: %+v, %v", i, f, err)
			}
			answers[i].Store(fmt.Sprintf("%d %d %s", f.Act, f.Entry, f.State), true)
		})
		for i := range answers {
			told := 0
			answers[i].Range(func(any, any) bool { told++; return true })
			if told != 1 {
				t.Errorf("story %d: %d different answers", i, told)
			}
		}
		l.once()
	})
}

// TestACommitThatNeverArrived ends the writer's session just before it commits: what was
// filed is not there, nobody is told that it is or is not, and the same key does it once.
// The other outcome, a commit that was kept though nobody heard so, is
// TestABackendKilledOnCommit's. I-06.
func TestACommitThatNeverArrived(t *testing.T) {
	address := storetest.Postgres(t)
	var cut atomic.Bool
	fault := func(m store.Moment) error {
		if m == store.BeforeCommit && cut.Swap(false) {
			endWriters(t, address)
		}
		return nil
	}
	l := &load{t: t}
	l.room, l.db = roomOf(t, address, store.Options{Fault: fault, Now: func() clock.Reading {
		return clock.Reading{Wall: begin, Boot: time.Hour, BootID: "test"}
	}})
	var err error
	if l.who, err = l.room.Acting(t.Context(), "Rina"); err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		l.ids = append(l.ids, begun(t, l.room, l.who, fmt.Sprintf("cut-%010d", i)))
		head, err := l.db.Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		f := newsroom.Filing{Key: fmt.Sprintf("cut-file-%010d", i), Article: l.ids[i], What: story.Publish, NoUndo: true, Base: -1}
		cut.Store(true)
		_, err = l.room.File(t.Context(), l.who, f)
		if r, ok := story.AsRefusal(err); !ok || !strings.Contains(r.Sentence, "kept or not") {
			t.Errorf("a commit without an answer: %v", err)
		}
		if now, err := l.db.Head(t.Context()); err != nil || now != head {
			t.Errorf("the record went from %d to %d: %v", head, now, err)
		}
		if again, err := l.room.File(t.Context(), l.who, f); err != nil || again.State != story.Posted {
			t.Errorf("the same key: %+v, %v", again, err)
		}
	}
	l.once()
}

// endWriters ends every session that is in a transaction of the newsroom's.
func endWriters(t *testing.T, address string) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		t.Error(err)
		return
	}
	defer func() { _ = conn.Close(ctx) }()
	var ended int
	if err := conn.QueryRow(ctx, `SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_locks JOIN pg_stat_activity USING (pid)
	                               WHERE locktype = 'advisory' AND classid = hashtext('dateline')::oid AND objid = hashtext(current_schema())::oid`).Scan(&ended); err != nil || ended == 0 {
		t.Errorf("%d sessions were ended: %v", ended, err)
	}
}

// TestTimesThatAreNone: an hour that never comes, comes twice or is written as none is
// refused in a sentence, by slots and by embargoes, and is never taken for now. What is right
// is the instant at which the city's clocks show it. I-22, I-24.
func TestTimesThatAreNone(t *testing.T) {
	now := begin
	r, _ := room(t, &now)
	who, err := r.Acting(t.Context(), "Rina")
	if err != nil {
		t.Fatal(err)
	}
	wrong := []string{
		"2024-03-31 01:30 Europe/London",                  // the clocks go forward
		"2024-10-27 01:30 Europe/London",                  // and back
		"2024-10-06 02:15 Australia/Lord_Howe",            // by half an hour
		"2024-04-07 01:45 Australia/Lord_Howe",            //
		"2011-12-30 12:00 Pacific/Apia",                   // a day that never was
		"2024-06-30 23:59:60 UTC", "2024-06-30 23:60 UTC", // leap seconds
		"2024-03-22 24:00 UTC", "2024-03-22 25:00 UTC", "2024-02-30 09:00 UTC",
		"0000-01-01 00:00 UTC", "9999-12-31 23:59 UTC", "10000-01-01 00:00 UTC", "-001-01-01 00:00 UTC",
		"2024-03-22 09:00:00.1234567 UTC", "2024-03-22 09:00 ../../etc/passwd", "2024-03-22 09:00 Europe/../UTC", "2024-03-22 09:00 Local",
		"now", "tomorrow 09:00 UTC", "2024-03-22", "2024-03-22T09:00Z", "2024-03-22 09:00", "٢٠٢٤-03-22 09:00 UTC", strings.Repeat("9", 4000),
	}
	for i, wish := range wrong {
		id := begun(t, r, who, fmt.Sprintf("times-%010d", i))
		f, err := r.File(t.Context(), who, newsroom.Filing{Key: fmt.Sprintf("times-file-%010d", i), Article: id, What: story.Publish, NoUndo: true, Base: -1, Slot: wish})
		if refusal, ok := story.AsRefusal(err); !ok || refusal.Kind != story.Invalid {
			t.Errorf("slot %.60q: %+v, %v", wish, f, err)
		}
		err = r.Embargo(t.Context(), who, newsroom.EmbargoWish{Key: fmt.Sprintf("times-embargo-%010d", i), Article: id, Until: wish})
		if refusal, ok := story.AsRefusal(err); !ok || refusal.Kind != story.Invalid {
			t.Errorf("embargo %.60q: %v", wish, err)
		}
	}
	id := begun(t, r, who, "times-right-0000")
	f, err := r.File(t.Context(), who, newsroom.Filing{Key: "times-right-file-0000", Article: id, What: story.Publish, NoUndo: true, Base: -1, Slot: "2024-03-31 02:00 Europe/London"})
	if want := time.Date(2024, 3, 31, 1, 0, 0, 0, time.UTC); err != nil || f.State != story.Pending || !f.Due.Equal(want) {
		t.Errorf("%+v, %v; it is due at %s", f, err, want)
	}
}
