package mirror_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"dateline/internal/mirror"
	"dateline/internal/record"
)

func TestAMirrorIsItsOrigin(t *testing.T) {
	h := newHouse(t).week()
	p := newProxy(t, h.server.URL)
	folder := t.TempDir()
	f, err := follow(t, p.server.URL, folder, "")
	check(t, err)
	if f.source.Key() != h.key.Verifier() {
		t.Errorf("the key that is held on to is %q", f.source.Key())
	}
	check(t, f.catchUp())
	f.same(h)
	p.set(nil)
	check(t, f.catchUp())
	if len(p.asked) != 1 || p.asked[0] != "/checkpoint" {
		t.Errorf("a look at a record that did not grow asks for %q", p.asked)
	}
	h.more(300) // beyond one tile
	check(t, f.catchUp())
	f.same(h)

	// A text is killed after a new mirror saw the newest checkpoint, which does not cover that.
	between, err := follow(t, h.server.URL, t.TempDir(), "")
	check(t, err)
	h.kill()
	check(t, between.catchUp())
	between.same(h)
	check(t, f.catchUp())
	f.same(h)

	// A mirror that begins after the kill is the same, and so is a mirror of a mirror.
	late, err := follow(t, h.server.URL, t.TempDir(), h.key.Verifier())
	check(t, err)
	check(t, late.catchUp())
	late.same(h)

	// The origin dies; the mirror starts again without it, has what it had, and catches up.
	p.set(func(*reply) { panic(http.ErrAbortHandler) })
	check(t, f.edition.Close())
	h.more(3)
	f, err = follow(t, p.server.URL, folder, "")
	check(t, err)
	if err := f.catchUp(); err == nil || f.source.Doubt() == "" || f.edition.Applied() != h.edition.Applied()-3 {
		t.Errorf("without its origin the mirror has %d entries and says %v", f.edition.Applied(), err)
	}
	f.honest(h)
	p.set(nil)
	check(t, f.catchUp())
	f.same(h)
	if f.source.Doubt() != "" {
		t.Error("a mirror that caught up is still in doubt:", f.source.Doubt())
	}
}

// TestNothingForgedIsEverShown puts a proxy between a mirror and its origin. Whatever the
// proxy does, what the mirror has is the beginning of what the origin has; and once it
// stops, the mirror catches up.
func TestNothingForgedIsEverShown(t *testing.T) {
	h := newHouse(t).week()
	h.kill()
	h.more(230)
	p := newProxy(t, h.server.URL)
	t.Run("any bit", func(t *testing.T) { anyBit(t, h, p) })
	t.Run("cut at any byte", func(t *testing.T) { cutAtAnyByte(t, h, p) })
	for name, evil := range tampering(h) {
		t.Run(name, func(t *testing.T) {
			p.set(evil)
			entries, err := walk(t, p.server.URL)
			wantRefused(t, err)
			h.has(entries)
		})
	}
	p.set(nil)
	if entries, err := walk(t, p.server.URL); err != nil || len(entries) != int(h.edition.Applied()) {
		t.Errorf("untouched, %d entries come: %v", len(entries), err)
	}
	for name, evil := range map[string]func(*reply){
		"a picture is another": func(r *reply) {
			if r.is("/picture/") && r.status == 200 {
				r.body[len(r.body)/2] ^= 1
			}
		},
		"a picture is missing": func(r *reply) { missing(r, "/picture/") },
		"a picture is endless": func(r *reply) {
			if r.is("/picture/") {
				r.body = make([]byte, 33<<20)
			}
		},
		"an entry is dropped": tampering(h)["an entry is dropped"],
	} {
		t.Run(name, func(t *testing.T) {
			f, err := follow(t, p.server.URL, t.TempDir(), "")
			check(t, err)
			p.set(evil)
			defer p.set(nil)
			wantRefused(t, f.catchUp())
			f.honest(h)
			p.set(nil)
			check(t, f.catchUp())
			f.same(h)
		})
	}
}

func wantRefused(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		t.Error("nobody noticed")
	} else if text := err.Error(); strings.Contains(text, "\n") || len(text) > 400 {
		t.Errorf("it is not said in a sentence: %s", text)
	} else {
		t.Log(text)
	}
}

// tampering is what a proxy may do to answers.
func tampering(h *house) map[string]func(*reply) {
	page := func(change func(r *reply, lines [][]byte) [][]byte) func(*reply) {
		return func(r *reply) {
			if lines := r.lines(); r.is("/record/1?") && len(lines) > 9 {
				r.body = bytes.Join(change(r, lines), nil)
			}
		}
	}
	leaf := func(from, to string) func(*reply) {
		return page(func(_ *reply, l [][]byte) [][]byte {
			for i := range l {
				l[i] = bytes.Replace(l[i], []byte(from), []byte(to), 1)
			}
			return l
		})
	}
	return map[string]func(*reply){
		"an entry is dropped":        page(func(_ *reply, l [][]byte) [][]byte { return append(l[:5:5], l[6:]...) }),
		"the first entry is dropped": page(func(_ *reply, l [][]byte) [][]byte { return l[1:] }),
		"two change places":          page(func(_ *reply, l [][]byte) [][]byte { l[5], l[6] = l[6], l[5]; return l }),
		"an entry comes twice":       page(func(_ *reply, l [][]byte) [][]byte { l[6] = l[5]; return l }),
		"no entries come":            page(func(*reply, [][]byte) [][]byte { return nil }),
		"it ends within a line":      page(func(_ *reply, l [][]byte) [][]byte { l[7] = l[7][:30]; return l[:8] }),
		"it ends before its length":  page(func(r *reply, l [][]byte) [][]byte { r.length = len(r.body); return l[:4] }),
		"another revision":           leaf(`\nrevision 1\n`, `\nrevision 2\n`),
		"another instant":            leaf(`\nat 171`, `\nat 172`),
		"another desk":               leaf(`\nroad house\n`, `\nroad person\n`),
		"other words, committed to":  page(forge),
		"words are said to be gone":  page(strip(h)),
		"gone by what is not there": page(func(_ *reply, l [][]byte) [][]byte {
			l[len(l)-3] = gone(l[len(l)-3], 1<<40)
			return l
		}),
		"tiles of nothing": func(r *reply) { zero(r, "/record/1/tile/") },
		"no tiles":         func(r *reply) { missing(r, "/record/1/tile/") },
		"a tile that is short": func(r *reply) {
			if r.is("/record/1/tile/") {
				r.body = r.body[:32]
			}
		},
		"an endless answer": func(r *reply) {
			if r.is("/record/1?") {
				r.body = bytes.Repeat([]byte("x"), 17<<20)
			}
		},
		"an endless tile": func(r *reply) {
			if r.is("/record/1/tile/") {
				r.body = bytes.Repeat([]byte("x"), 9000)
			}
		},
		"it leads elsewhere": func(r *reply) {
			r.status, r.body = http.StatusFound, nil
			r.header.Set("Location", h.server.URL+r.path)
		},
		"it fails": func(r *reply) { r.status = http.StatusBadGateway },
		"it takes its time": func(r *reply) {
			if r.is("/record/1?") {
				time.Sleep(3 * time.Second)
			}
		},
		"it is not HTTP": func(*reply) { panic(http.ErrAbortHandler) },
		"contents are withheld": func(r *reply) {
			if r.is("/record/1?") {
				r.status = http.StatusForbidden
			}
		},
	}
}

func zero(r *reply, prefix string) {
	if r.is(prefix) {
		clear(r.body)
	}
}

func missing(r *reply, prefix string) {
	if r.is(prefix) {
		r.status = http.StatusNotFound
	}
}

// forge gives an article other words, with a commitment to them.
func forge(_ *reply, l [][]byte) [][]byte {
	for i := range l {
		e, err := record.ParseLine(bytes.TrimSpace(l[i]))
		if err != nil || e.Kind != record.KindArticle || !e.Readable() {
			continue
		}
		e.Content = bytes.Replace(e.Content, []byte(`"headline":"`), []byte(`"headline":"Forged: `), 1)
		e.Commit = record.CommitTo(e.Salt, e.Content)
		l[i], _ = record.AppendLine(nil, e)
	}
	return l
}

// strip says of a text that can be read that the record's one kill took it.
func strip(h *house) func(*reply, [][]byte) [][]byte {
	all, _ := h.edition.After(h.t.Context(), 0, 10000)
	kill := int64(0)
	for _, e := range all {
		if e.Kind == record.KindKill {
			kill = e.N
		}
	}
	return func(_ *reply, l [][]byte) [][]byte {
		for i := range l {
			if e, err := record.ParseLine(bytes.TrimSpace(l[i])); err == nil && e.Kind == record.KindArticle && e.Readable() {
				l[i] = gone(l[i], kill)
				break
			}
		}
		return l
	}
}

func gone(line []byte, by int64) []byte {
	e, err := record.ParseLine(bytes.TrimSpace(line))
	if err != nil {
		panic(err)
	}
	e.GoneBy = by
	b, _ := record.AppendLine(nil, e)
	return b
}

// anyBit flips bits of everything that is read of a record.
func anyBit(t *testing.T, h *house, p *proxy) {
	random := rand.New(rand.NewPCG(1, 2))
	const flips = 50
	for _, prefix := range []string{"/checkpoint", "/record/1?", "/record/1/tile/"} {
		noticed := 0
		for range flips {
			p.set(func(r *reply) {
				if r.is(prefix) {
					r.body[random.IntN(len(r.body))] ^= 1 << random.IntN(8)
				}
			})
			entries, err := walk(t, p.server.URL)
			if err != nil {
				noticed++
			}
			h.has(entries)
		}
		// Base64 and the signatures of a note have a few bits that mean nothing.
		if t.Logf("%s: %d of %d flips refused", prefix, noticed, flips); noticed < flips*9/10 {
			t.Errorf("%s: only %d of %d flips are noticed", prefix, noticed, flips)
		}
	}
}

// cutAtAnyByte cuts answers short, and says so or does not.
func cutAtAnyByte(t *testing.T, h *house, p *proxy) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, prefix := range []string{"/checkpoint", "/record/1?", "/record/1/tile/"} {
		for i := range 40 {
			p.set(func(r *reply) {
				if !r.is(prefix) {
					return
				}
				if i%2 == 0 {
					r.length = len(r.body)
				}
				r.body = r.body[:random.IntN(len(r.body))]
			})
			entries, err := walk(t, p.server.URL)
			if err == nil {
				t.Errorf("%s: an answer that was cut is taken as whole", prefix)
			}
			h.has(entries)
		}
	}
}

// TestAHouseThatSignsTwoRecords: the key itself signs what does not go on from before.
func TestAHouseThatSignsTwoRecords(t *testing.T) {
	h := newHouse(t).week()
	p := newProxy(t, h.server.URL)
	f, err := follow(t, p.server.URL, t.TempDir(), "")
	check(t, err)
	check(t, f.catchUp())
	size := h.edition.Applied()
	sign := func(key record.Key, log string, size int64, root string) func(*reply) {
		c := record.Checkpoint{Log: log, Size: size}
		copy(c.Root[:], root)
		note, err := key.Sign(c)
		check(t, err)
		return func(r *reply) {
			if r.is("/checkpoint") {
				r.body = note
			}
		}
	}
	old := f.at(h, size-4)
	secret, err := record.NewKey(h.key.Log(), nil)
	check(t, err)
	other, err := record.ParseKey(secret)
	check(t, err)
	another := newHouse(t)
	log := h.key.Log()
	for name, c := range map[string]struct {
		change func(*reply)
		says   string
	}{
		"forked":           {sign(h.key, log, size, "x"), "forked: it signed two trees"},
		"shortened":        {sign(h.key, log, size-4, old), "was shortened: it signs for"},
		"another tree":     {sign(h.key, log, size+5, "x"), "the tree of"},
		"beyond all trees": {sign(h.key, log, 1<<60, "x"), "no record has"},
		"of nothing":       {sign(h.key, log, 0, "x"), "no record has"},
		"by another key":   {sign(other, log, size+1, "x"), "its signature is not by the record's key"},
		"of another house": {func(r *reply) { change(t, r, another.server.URL) }, "has another record now"},
		"without a record": {func(r *reply) { missing(r, "/checkpoint") }, "has no record any more"},
		"with a long note": {func(r *reply) { r.body = append(r.body, make([]byte, 20<<10)...) }, "answers more than"},
	} {
		p.set(c.change)
		if err := f.catchUp(); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		} else {
			t.Log(err)
		}
		if f.source.Doubt() == "" {
			t.Errorf("%s: the mirror is not in doubt", name)
		}
		f.honest(h)
	}
	p.set(nil)
	h.more(2)
	check(t, f.catchUp())
	f.same(h)

	// What it holds on to lasts: a new start refuses the same.
	check(t, f.edition.Close())
	f, err = follow(t, p.server.URL, f.folder, "")
	check(t, err)
	p.set(sign(h.key, log, size, f.at(h, size)))
	if err := f.catchUp(); err == nil || !strings.Contains(err.Error(), "was shortened") {
		t.Error("after a new start:", err)
	}
	if _, err := follow(t, p.server.URL, f.folder, other.Verifier()); err == nil || !strings.Contains(err.Error(), "this mirror follows a record signed with the key") {
		t.Error("another key:", err)
	}
	if _, err := follow(t, h.server.URL, t.TempDir(), other.Verifier()); err == nil || !strings.Contains(err.Error(), "its signature is not by the record's key") {
		t.Error("a key that was given:", err)
	}
}

// at is the root of the tree when it had so many entries.
func (f *follower) at(h *house, size int64) string {
	f.t.Helper()
	hashes, err := h.db.Hashes(f.t.Context(), 1, 0, 100000)
	check(f.t, err)
	root, err := tlog.TreeHash(size, tlog.HashReaderFunc(func(indexes []int64) (all []tlog.Hash, err error) {
		for _, x := range indexes {
			all = append(all, hashes[x])
		}
		return all, nil
	}))
	check(f.t, err)
	return string(root[:])
}

// change answers with what another house says.
func change(t *testing.T, r *reply, address string) {
	resp, err := http.Get(address + r.path)
	check(t, err)
	var b bytes.Buffer
	_, err = b.ReadFrom(resp.Body)
	check(t, err)
	check(t, resp.Body.Close())
	r.status, r.body = resp.StatusCode, b.Bytes()
}

func TestWhatAMirrorHoldsOnToIsRead(t *testing.T) {
	h := newHouse(t)
	folder := t.TempDir()
	_, err := follow(t, h.server.URL, folder, "")
	check(t, err)
	file := filepath.Join(folder, "origin.json")
	text, err := os.ReadFile(file)
	check(t, err)
	var held map[string]any
	check(t, json.Unmarshal(text, &held))
	if held["key"] != h.key.Verifier() || held["log"] != h.key.Log() {
		t.Error(string(text))
	}
	for _, bad := range []string{"", "{", "{}", strings.Replace(string(text), "record/1-", "record/1-x", 1)} {
		check(t, os.WriteFile(file, []byte(bad), 0o600))
		if _, err := follow(t, h.server.URL, folder, ""); err == nil {
			t.Errorf("%q is believed", bad)
		}
	}
}

func TestAddressesThatAreNone(t *testing.T) {
	for _, bad := range []string{"", "paper.example", "ftp://paper.example", "http://", "http://a:b@paper.example", "http://paper.example?x", "http://paper.example#x", "http://paper example", "unix:/x"} {
		if _, err := mirror.At(bad); err == nil {
			t.Errorf("%q is taken as an address", bad)
		}
	}
}
