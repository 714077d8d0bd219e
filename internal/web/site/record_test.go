package site_test

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"dateline/internal/record"
	"dateline/internal/story"
)

// tiles reads the tree as any client of C2SP tlog-tiles does.
type tiles struct {
	p      *paper
	prefix string
}

func (r tiles) Height() int                     { return 8 }
func (r tiles) SaveTiles([]tlog.Tile, [][]byte) {}
func (r tiles) ReadTiles(all []tlog.Tile) (out [][]byte, err error) {
	for _, t := range all {
		path := r.prefix + "/" + strings.Replace(t.Path(), "tile/8/", "tile/", 1)
		w := r.p.get(path)
		if w.Code != http.StatusOK {
			return nil, fmt.Errorf("%s answers %d", path, w.Code)
		}
		out = append(out, w.Body.Bytes())
	}
	return out, nil
}

// signed is the public checkpoint, opened with the key of the house.
func (p *paper) signed(path string) record.Checkpoint {
	p.t.Helper()
	w := p.get(path)
	if w.Code != http.StatusOK || w.Header().Get("Cache-Control") != "no-cache" {
		p.t.Fatal(path, w.Code, w.Header())
	}
	c, err := record.OpenCheckpoint(w.Body.Bytes(), p.key.Verifier())
	check(p.t, err)
	return c
}

// lines reads pages of the record until there are no more.
func (p *paper) lines() (all []record.Entry) {
	p.t.Helper()
	for {
		after := int64(0)
		if len(all) > 0 {
			after = all[len(all)-1].N
		}
		w := p.get(fmt.Sprintf("/record/1?after=%d", after))
		if w.Code != http.StatusOK {
			p.t.Fatal(w.Code)
		}
		if w.Body.Len() == 0 {
			return all
		}
		scan := bufio.NewScanner(w.Body)
		scan.Buffer(nil, 8<<20)
		for scan.Scan() {
			e, err := record.ParseLine(scan.Bytes())
			check(p.t, err)
			all = append(all, e)
		}
		check(p.t, scan.Err())
	}
}

// TestTheTreeIsReadByOthers checks tiles, bundles and checkpoint with the functions of
// golang.org/x/mod/sumdb/tlog: each leaf is in the tree that is signed, and the tree of
// some entries is the beginning of it.
func TestTheTreeIsReadByOthers(t *testing.T) {
	p := print(t)
	check(t, p.edition.CatchUp(t.Context(), p.db))
	before := p.signed("/checkpoint")
	p.week()
	entries := p.lines()
	for _, prefix := range []string{"", "/record/1"} {
		now := p.signed(prefix + "/checkpoint")
		if now.Size != p.edition.Applied() || now.Size != int64(len(entries)) || before.Size >= now.Size {
			t.Fatalf("%d entries, %d signed before and %d now, %d lines", p.edition.Applied(), before.Size, now.Size, len(entries))
		}
		tree := tlog.TileHashReader(tlog.Tree{N: now.Size, Hash: now.Root}, tiles{p, prefix})
		proof, err := tlog.ProveTree(now.Size, before.Size, tree)
		check(t, err)
		check(t, tlog.CheckTree(proof, now.Size, now.Root, before.Size, before.Root))
		for i, leaf := range p.bundles(prefix, now.Size) {
			proof, err := tlog.ProveRecord(now.Size, int64(i), tree)
			check(t, err)
			check(t, tlog.CheckRecord(proof, now.Size, now.Root, int64(i), tlog.RecordHash(leaf)))
			if string(entries[i].Leaf()) != string(leaf) {
				t.Errorf("the line of entry %d holds another leaf than its bundle", i+1)
			}
		}
	}
}

// bundles takes the bundles of all leaves apart.
func (p *paper) bundles(prefix string, size int64) (leaves [][]byte) {
	p.t.Helper()
	for n := int64(0); n*256 < size; n++ {
		path := fmt.Sprintf("%s/tile/entries/%03d", prefix, n)
		if width := size - n*256; width < 256 {
			path += fmt.Sprintf(".p/%d", width)
		}
		w := p.get(path)
		if w.Code != http.StatusOK {
			p.t.Fatal(path, w.Code)
		}
		for b := w.Body.Bytes(); len(b) > 0; {
			length := 2 + int(binary.BigEndian.Uint16(b))
			leaves, b = append(leaves, b[2:length]), b[length:]
		}
	}
	return leaves
}

func TestAddressesOfTheRecordAreStrict(t *testing.T) {
	p := print(t)
	check(t, p.edition.CatchUp(t.Context(), p.db))
	size := p.edition.Applied()
	for path, want := range map[string]int{
		"/tile/0/000.p/1": 200, fmt.Sprintf("/tile/0/000.p/%d", size): 200, fmt.Sprintf("/tile/0/000.p/%d", size+1): 404, "/tile/0/000": 404,
		"/tile/0/000.p/0": 404, "/tile/0/000.p/256": 404, "/tile/0/0": 404, "/tile/-1/000.p/1": 404, "/tile/data/000.p/1": 404, "/tile/entries/000.p/1": 200,
		"/tile/1/000.p/1": 404, "/tile/63/000.p/1": 404, "/tile/0/x999/x999/x999/x999/x999/999": 404, "/tile/0/000.p/1?x=1": 404, "/tile/": 404, "/tile/0": 404,
		"/tile/0/../0/000.p/1": 404, "/record/1/tile/0/000.p/1": 200, "/record/2/tile/0/000.p/1": 404, "/record/01": 404, "/record/0": 404, "/record/x": 404,
		"/record/1?after=0": 200, "/record/1?after=-1": 404, "/record/1?after=01": 404, "/record/1?before=1": 404, "/record/1?": 200,
		"/record/1?after=9223372036854775807": 200, "/checkpoint?x": 404, "/record/2/checkpoint": 404, "/he/checkpoint": 404,
	} {
		if w := p.get(path); w.Code != want {
			t.Errorf("%s answers %d and not %d", path, w.Code, want)
		}
	}
}

func TestAnswersOfTheRecordAreKeptAsLongAsTheyHold(t *testing.T) {
	p := print(t)
	for range 260 {
		p.now = p.now.Add(time.Second)
		p.another()
	}
	check(t, p.edition.CatchUp(t.Context(), p.db))
	for path, want := range map[string]string{
		"/record/1/tile/0/000": "public, max-age=31536000, immutable", "/record/1/tile/entries/000": "public, max-age=31536000, immutable",
		"/tile/0/000": "public, max-age=3600", "/tile/0/001.p/1": "public, max-age=60", "/record/1/tile/1/000.p/1": "public, max-age=60",
		"/record/1?after=3": "no-cache", "/checkpoint": "no-cache",
	} {
		w := p.get(path)
		if got := w.Header().Get("Cache-Control"); w.Code != 200 || got != want {
			t.Errorf("%s (%d) may be kept as %q, not as %q", path, w.Code, got, want)
		}
		again := httptest.NewRequest(http.MethodGet, path, nil)
		again.Header.Set("If-None-Match", w.Header().Get("ETag"))
		second := httptest.NewRecorder()
		p.web.ServeHTTP(second, again)
		if second.Code != http.StatusNotModified || second.Body.Len() > 0 {
			t.Errorf("%s is sent again to whoever has it: %d", path, second.Code)
		}
	}
}

// another appends one more entry to the record: the house with other words about it.
func (p *paper) another() {
	p.t.Helper()
	s := p.setup
	s.House.Masthead = record.Words{"en": p.now.String()}
	check(p.t, p.room.Reconcile(p.t.Context(), s))
}

func TestAHouseMayKeepItsContents(t *testing.T) {
	p := newKiosk(t).found()
	if w := p.get("/record/1"); w.Code != http.StatusForbidden || strings.Contains(w.Body.String(), "leaf") {
		t.Errorf("a house that keeps its contents gives them: %d", w.Code)
	}
	if w := p.get("/tile/entries/000.p/1"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "\nkind house\n") {
		t.Errorf("envelopes are public in any house: %d", w.Code)
	}
	house := record.House{Names: record.Words{"en": "M"}, Languages: []string{"en"}, Seat: record.Place{Zone: "Asia/Jerusalem"}, Contents: true}
	p.add("2024-03-20T06:00:00Z", record.KindHouse, "", "house", house)
	if w := p.get("/record/1"); w.Code != http.StatusOK || strings.Count(w.Body.String(), "\n") != int(p.n) {
		t.Errorf("a house that gives its contents does not: %d", w.Code)
	}
}

func TestWhatIsKilledLeavesTheStream(t *testing.T) {
	p := print(t)
	p.week()
	var id story.ArticleID
	for _, e := range p.lines() {
		if e.Kind == record.KindArticle && e.Readable() {
			id = story.ArticleID(e.Subject)
		}
	}
	p.kill(id)
	kills := 0
	for _, e := range p.lines() {
		if e.Kind == record.KindKill {
			kills++
		}
		if e.Subject == string(id) && e.Kind == record.KindArticle && (e.GoneBy == 0 || e.Content != nil || e.Salt != nil) {
			t.Errorf("entry %d still has words", e.N)
		}
	}
	if kills == 0 {
		t.Error("nothing was killed")
	}
}
