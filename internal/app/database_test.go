package app

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline/internal/clock"
	"dateline/internal/demo"
	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/store/storetest"
	"dateline/internal/story"
)

// machine is one of several that serve a house from one database.
type machine struct {
	*node
	wires *wireFolders
}

func openMachine(t *testing.T, c Config, now clock.Source) (*machine, error) {
	t.Helper()
	if err := c.fill(); err != nil {
		t.Fatal(err)
	}
	n, err := openNode(t.Context(), c, now, newLog(io.Discard))
	if err != nil {
		return nil, err
	}
	wires, err := newWireFolders(n.room, nil, n.log)
	if err != nil {
		t.Fatal(err)
	}
	return &machine{n, wires}, nil
}

// run has a machine do what works by itself until the test ends.
func (m *machine) run(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	m.startLoops(ctx, m.wires)
	t.Cleanup(func() {
		stop()
		if err := m.close(); err != nil {
			t.Error(err)
		}
	})
}

// twoMachines are on one database, with the demo's house and no rest within sight.
func twoMachines(t *testing.T) (a, b *machine) {
	t.Helper()
	c := Config{Database: storetest.Postgres(t), Shared: t.TempDir(), Data: t.TempDir()}
	began := clock.System()()
	now := func() clock.Reading { // the machine's own, moved to a Sunday and ten times as fast
		r := clock.System()()
		gone := 10 * (r.Boot - began.Boot)
		r.Wall, r.Boot = demo.Begin.Add(gone), began.Boot+gone
		return r
	}
	var err error
	if a, err = openMachine(t, c, now); err != nil {
		t.Fatal(err)
	}
	s, err := demo.Setup("http://localhost:8080")
	if err != nil {
		t.Fatal(err)
	}
	if err := a.setUp(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if err := demo.AddPeople(t.Context(), a.room); err != nil {
		t.Fatal(err)
	}
	a.run(t)
	c.Data = t.TempDir()
	if m, err := openMachine(t, c, now); err == nil || !strings.Contains(err.Error(), "record.key is missing") {
		t.Fatal("a machine without the key opened", m, err)
	}
	key, err := os.ReadFile(a.keyFile())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(c.Data, "record.key"), key, 0o600); err != nil {
		t.Fatal(err)
	}
	elsewhere := c
	elsewhere.Shared = t.TempDir()
	if m, err := openMachine(t, elsewhere, now); err == nil || !strings.Contains(err.Error(), "is not the folder that this house's machines share") {
		t.Fatal("a machine with another folder opened", m, err)
	}
	if b, err = openMachine(t, c, now); err != nil {
		t.Fatal(err)
	}
	b.run(t)
	return a, b
}

// TestTwoMachinesOnOneDatabase files on both at once; half of it is left to whichever looks
// first. Every act is posted once, and both show the same.
func TestTwoMachinesOnOneDatabase(t *testing.T) {
	a, b := twoMachines(t)
	house, err := a.room.House(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	who, err := a.room.Acting(t.Context(), demo.Admin)
	if err != nil {
		t.Fatal(err)
	}
	const callers, each = 8, 15
	var all sync.WaitGroup
	for c := range callers {
		m := []*machine{a, b}[c%2]
		all.Go(func() {
			for i := range each {
				if err := m.begins(t, who, house, fmt.Sprintf("two-machines-%d-%04d", c, i), i%2 == 0); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	entries := a.articles(t, callers*each)
	once := map[string]int{}
	for _, e := range entries {
		once[e.Subject]++
	}
	if len(entries) != callers*each || len(once) != len(entries) {
		t.Errorf("%d entries about %d stories", len(entries), len(once))
	}
	same(t, a, b)
	if r, err := record.Verify(t.Context(), b.db, record.VerifyOptions{}); err != nil || len(r.Problems) > 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

// begins starts a story and files it, for now or for a moment later.
func (m *machine) begins(t *testing.T, who newsroom.Who, house newsroom.HouseView, key string, undo bool) error {
	d := house.Desks[0]
	for _, x := range house.Desks {
		if len(who.Roles[x.ID]) > 0 {
			d = x
		}
	}
	text := story.Text{Type: story.Report, Lang: "en", Section: house.House.Sections[0].ID, Slug: "a-report", Headline: "Of " + key,
		Doc: story.Doc{{Kind: story.Paragraph, Spans: []story.Span{{Text: "Words."}}}}}
	id, err := m.room.Start(t.Context(), who, newsroom.Beginning{Key: "start-" + key, Desk: d.ID, Text: &text})
	if err != nil {
		return err
	}
	f, err := m.room.File(t.Context(), who, newsroom.Filing{Key: "file-" + key, Article: id, What: story.Publish, NoUndo: !undo, Base: -1})
	if err == nil && (f.State == story.Posted) == undo {
		err = fmt.Errorf("filed: %+v", f)
	}
	return err
}

// articles waits, as long as the undo of the last may take, until n are posted.
func (m *machine) articles(t *testing.T, n int) (all []record.Entry) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		entries, err := m.db.After(t.Context(), 0, 10_000)
		if err != nil {
			t.Fatal(err)
		}
		all = nil
		for _, e := range entries {
			if e.Kind == record.KindArticle {
				all = append(all, e)
			}
		}
		if len(all) >= n {
			return all
		}
	}
	return all
}

// same waits until both editions have everything, and compares them.
func same(t *testing.T, a, b *machine) {
	t.Helper()
	head, err := a.db.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var digests []string
	for _, m := range []*machine{a, b} {
		ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
		defer stop()
		if err := m.edition.WaitFor(ctx, head); err != nil {
			t.Fatal(err)
		}
		d, err := m.edition.Digest(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		digests = append(digests, d)
	}
	if digests[0] != digests[1] {
		t.Errorf("two machines show different things: %s", digests)
	}
}
