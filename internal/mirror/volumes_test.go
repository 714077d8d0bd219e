package mirror_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dateline/internal/edition"
	"dateline/internal/mirror"
	"dateline/internal/record"
	"dateline/internal/zone"
)

// TestAHouseBeginsAnotherVolume: a mirror does not believe a new key by itself. Once its
// operator has it from the house, the mirror goes on; and who comes later reads all volumes.
func TestAHouseBeginsAnotherVolume(t *testing.T) {
	h := newHouse(t)
	sooner := h.note()
	h.week()
	p := newProxy(t, h.server.URL)
	f, err := follow(t, p.server.URL, t.TempDir(), "")
	check(t, err)
	check(t, f.catchUp())
	first, early := h.key.Verifier(), h.note()
	lost, err := h.key.Sign(record.Checkpoint{Log: h.key.Log(), Size: h.edition.Applied() + 7, Root: [32]byte{9}})
	check(t, err)

	h.turn(nil).more(2)
	if err := f.catchUp(); err == nil || !strings.Contains(err.Error(), "began volume 2 of its record: have its house tell you the key") {
		t.Error("a new key is believed:", err)
	}
	f.honest(h)
	check(t, f.edition.Close())
	f, err = follow(t, p.server.URL, f.folder, h.key.Verifier())
	check(t, err)
	check(t, f.catchUp())
	f.same(h)
	check(t, f.edition.Close())
	if f, err = follow(t, p.server.URL, f.folder, ""); err != nil || f.source.Key() != h.key.Verifier() {
		t.Fatal("what was gone on with is not held on to:", err)
	}
	check(t, f.catchUp())

	// A third one, after a restore that lost entries: their numbers are not used again.
	second := h.key
	known, err := second.Sign(record.Checkpoint{Log: second.Log(), Size: 12, Root: [32]byte{8}})
	check(t, err)
	h.turn(known).kill() // a text of the first volume
	late, err := follow(t, h.server.URL, t.TempDir(), h.key.Verifier())
	check(t, err)
	check(t, late.catchUp())
	late.same(h)
	check(t, f.edition.Close())
	f, err = follow(t, h.server.URL, f.folder, h.key.Verifier())
	check(t, err)
	check(t, f.catchUp())
	f.same(h)

	wantVerified(t, h, p, first, early)
	wantBrokenChains(t, h, p, sooner)
	wantEachLastCheckpoint(t, h)

	// One that has what the house lost cannot go on.
	folder := t.TempDir()
	f, err = follow(t, h.server.URL, folder, "")
	check(t, err)
	file := filepath.Join(folder, "origin.json")
	text, err := os.ReadFile(file)
	check(t, err)
	begin, end := bytes.Index(text, []byte("{\n      \"log\"")), bytes.Index(text, []byte("},"))
	only := replaceCheckpoint(string(text[begin:end+1]), string(lost))
	check(t, os.WriteFile(file, []byte(`{"volumes": [`+only+`]}`), 0o600))
	if _, err := follow(t, h.server.URL, folder, h.key.Verifier()); err == nil || !strings.Contains(err.Error(), "does not go on from what is here") {
		t.Error("a mirror of lost entries goes on:", err)
	}
}

// replaceCheckpoint puts another checkpoint into a volume of what a mirror holds on to.
func replaceCheckpoint(volume, note string) string {
	at := strings.Index(volume, `"checkpoint": `)
	return volume[:at] + `"checkpoint": "` + strings.ReplaceAll(note, "\n", `\n`) + `"}`
}

// wantVerified checks all volumes over HTTP as on the disk.
func wantVerified(t *testing.T, h *house, p *proxy, first string, early []byte) {
	t.Helper()
	for name, o := range map[string]record.VerifyOptions{"by itself": {}, "with the newest key": {Verifier: h.key.Verifier()},
		"with the first key": {Verifier: first}, "since the first volume": {Checkpoint: early}} {
		here, err := record.Verify(t.Context(), h.db, o)
		check(t, err)
		there, err := mirror.Verify(t.Context(), p.server.URL, o)
		check(t, err)
		if len(there.Problems) > 0 || there.Proved == "" || there.Proved != here.Proved || there.Volumes != 3 || there.Entries != here.Entries || there.Checkpoints != 3 {
			t.Errorf("%s: %+v\nand on the disk %+v", name, there, here)
		}
	}
}

// wantBrokenChains has a proxy change what leads from volume to volume.
func wantBrokenChains(t *testing.T, h *house, p *proxy, sooner []byte) {
	t.Helper()
	other := newHouse(t).week()
	for name, evil := range map[string]func(*reply){
		"a volume of another house": func(r *reply) {
			if r.is("/record/1") {
				change(t, r, other.server.URL)
			}
		},
		"its checkpoint": func(r *reply) {
			if r.is("/record/2/checkpoint") {
				change(t, r, other.server.URL)
			}
		},
		"an older one of it": func(r *reply) {
			if r.is("/record/1/checkpoint") {
				r.body = sooner
			}
		},
		"no checkpoint": func(r *reply) { missing(r, "/record/1/checkpoint") },
		"another volume's": func(r *reply) {
			if r.is("/record/2/checkpoint") {
				r.path = "/record/1/checkpoint"
				change(t, r, h.server.URL)
			}
		},
		"no first volume": func(r *reply) { missing(r, "/record/1") },
		"the second in the first place": func(r *reply) {
			if r.is("/record/1?") {
				r.path = strings.Replace(r.path, "/1?", "/2?", 1)
				change(t, r, h.server.URL)
			}
		},
		"an older end of a volume": func(r *reply) {
			if r.is("/record/1?") {
				lines := r.lines()
				r.body = bytes.Join(lines[:len(lines)/2], nil)
			}
		},
	} {
		p.set(evil)
		entries, err := walk(t, p.server.URL)
		h.has(entries)
		if name != "an older end of a volume" { // which is no lie: the rest comes with the next page
			wantRefused(t, err)
			wantDoubt(t, p, name, record.VerifyOptions{}, "")
		}
	}
	p.set(nil)
}

// wantEachLastCheckpoint builds the edition again, from all volumes in one go: it gives the
// last checkpoint of each, by which those who come later prove it.
func wantEachLastCheckpoint(t *testing.T, h *house) {
	t.Helper()
	again, err := edition.Open(t.Context(), t.TempDir(), edition.Options{Zone: zone.Built().Load, Renditions: h.room.Rendition, Log: quiet})
	check(t, err)
	check(t, again.CatchUp(t.Context(), h.db))
	check(t, again.View(t.Context(), func(v *edition.View) error {
		for number := int64(1); number <= 3; number++ {
			x, ok, err := v.Volume(number)
			if err != nil || !ok || x.Checkpoint.Size != x.Size() {
				t.Errorf("volume %d has %d entries, and a checkpoint of %d: %v", number, x.Size(), x.Checkpoint.Size, err)
			}
		}
		return nil
	}))
	check(t, again.Close())
}
