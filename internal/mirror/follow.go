package mirror

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/mod/sumdb/tlog"

	"dateline/internal/record"
)

// A Source is the record of an origin, for an edition elsewhere to follow. No entry leaves
// it that is not proved to be in the tree of a checkpoint signed with the key that was seen
// first, and each checkpoint is proved to go on from the one before, over restarts as well.
// What is forged, shortened or forked is refused, and asked for again.
type Source struct {
	origin *Origin
	file   string

	asking sync.Mutex        // held by the one who asks the origin
	held   held              // guarded by asking; as in the file
	at     record.Checkpoint // guarded by asking; held's, opened
	tag    string            // guarded by asking; of the newest answer at /checkpoint
	fails  int               // guarded by asking; looks that failed, one after the other
	pass   int               // guarded by asking; looks to pass over before the next

	mu     sync.Mutex // never held while anybody is asked
	proved int64      // guarded by mu; the newest entry that a proved checkpoint covers
	doubt  error      // guarded by mu; why the last look failed, nil if it did not
}

// held is what a mirror holds on to, whatever it is told later.
type held struct {
	Log        string `json:"log"`
	Key        string `json:"key"` // the first one seen, or the one that was given
	Volume     int64  `json:"volume"`
	First      int64  `json:"first"`      // the volume's own entry
	Checkpoint string `json:"checkpoint"` // the newest one that was proved
}

// Follow is a source on an origin. What it holds on to is in a file. Where there is none
// yet, the origin is asked, and its key is taken unless one is given.
func Follow(ctx context.Context, origin *Origin, file, key string) (*Source, error) {
	s := &Source{origin: origin, file: file}
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return s, s.begin(ctx, key)
	}
	if err != nil {
		return nil, fmt.Errorf("reading what this mirror holds on to: %w", err)
	}
	if err := json.Unmarshal(text, &s.held); err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", file, err)
	}
	if key != "" && !same(key, s.held.Key) {
		return nil, fmt.Errorf("this mirror follows a record signed with the key %s: another is followed in a folder of its own", s.held.Key)
	}
	s.at, err = record.OpenCheckpoint([]byte(s.held.Checkpoint), s.held.Key)
	if err == nil && s.at.Log != s.held.Log {
		err = errors.New("it is of another log")
	}
	if err != nil {
		return nil, fmt.Errorf("%s holds a checkpoint that is none: %w", file, err)
	}
	s.proved = s.head()
	return s, nil
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// begin takes the origin at its word for the first and only time.
func (s *Source) begin(ctx context.Context, key string) error {
	x, err := s.origin.open(ctx, key)
	if err != nil {
		return err
	}
	if !same(x.named, x.key) {
		return fmt.Errorf("the record of %s names another key than the one given: %s", s.origin.address, x.named)
	}
	return s.hold(x.checkpoint, held{Log: x.checkpoint.Log, Key: x.key, Volume: x.volume, First: x.first, Checkpoint: string(x.note)}, x.tag)
}

// hold writes down what is held on to, durably, before anything is done by it.
func (s *Source) hold(c record.Checkpoint, h held, tag string) error {
	text, err := json.MarshalIndent(h, "", "  ")
	if err == nil {
		err = replace(s.file, append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("writing down what this mirror holds on to: %w", err)
	}
	s.held, s.at, s.tag = h, c, tag
	s.mu.Lock()
	defer s.mu.Unlock()
	s.proved = s.head()
	return nil
}

// replace writes a file whole or not at all.
func replace(file string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(file), "new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	folder, err := os.Open(filepath.Dir(file))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// Key is the public key that is held on to.
func (s *Source) Key() string {
	s.asking.Lock()
	defer s.asking.Unlock()
	return s.held.Key
}

// Checkpoint is the newest checkpoint that was proved.
func (s *Source) Checkpoint() []byte {
	s.asking.Lock()
	defer s.asking.Unlock()
	return []byte(s.held.Checkpoint)
}

// Doubt says why the last look at the origin failed, "" if it did not.
func (s *Source) Doubt() string {
	if doubt := s.why(); doubt != nil {
		return doubt.Error()
	}
	return ""
}

func (s *Source) head() int64 { return s.held.First + s.at.Size - 1 }

// Head implements record.Source: the newest entry that a proved checkpoint covers.
func (s *Source) Head(context.Context) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.proved, nil
}

// Wake implements record.Source. Nobody wakes a mirror: it looks each second.
func (s *Source) Wake() <-chan struct{} { return nil }

// Checkpoints implements record.Signed with the newest checkpoint.
func (s *Source) Checkpoints(_ context.Context, volume, size int64, limit int) ([]record.SignedCheckpoint, error) {
	s.asking.Lock()
	defer s.asking.Unlock()
	if volume != s.held.Volume || size >= s.at.Size || limit < 1 {
		return nil, nil
	}
	return []record.SignedCheckpoint{{Size: s.at.Size, Note: []byte(s.held.Checkpoint)}}, nil
}

// After implements record.Source. After a look that failed, some of the next are passed
// over: more each time, up to half a minute of them, and as many as chance says.
func (s *Source) After(ctx context.Context, n int64, limit int) ([]record.Entry, error) {
	s.asking.Lock()
	defer s.asking.Unlock()
	if s.pass > 0 {
		s.pass--
		return nil, s.why()
	}
	entries, err := s.after(ctx, n, limit)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	s.tell(err)
	if err == nil {
		s.fails = 0
		return entries, nil
	}
	s.fails = min(s.fails+1, 5)
	s.pass = rand.IntN(1 << s.fails)
	return nil, err
}

func (s *Source) tell(doubt error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.doubt = doubt
}

func (s *Source) why() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.doubt
}

func (s *Source) after(ctx context.Context, n int64, limit int) ([]record.Entry, error) {
	if n >= s.head() {
		if err := s.look(ctx); err != nil {
			return nil, err
		}
	}
	switch head := s.head(); {
	case n > head:
		return nil, fmt.Errorf("the record of %s was shortened: it has %d entries, and entry %d is here", s.origin.address, s.at.Size, n)
	case n == head:
		return nil, nil
	}
	entries, err := s.origin.page(ctx, s.held.Volume, n)
	if err != nil {
		return nil, err
	}
	if len(entries) == 0 {
		return nil, fmt.Errorf("the record of %s was shortened: it signed for %d entries, and has none after entry %d", s.origin.address, s.at.Size, n)
	}
	entries = entries[:min(int64(len(entries)), int64(limit), s.head()-n)]
	return entries, s.prove(ctx, entries)
}

// look asks for the newest checkpoint.
func (s *Source) look(ctx context.Context) error {
	a, err := s.origin.get(ctx, "/checkpoint", s.tag, maxCheckpoint)
	switch {
	case err != nil:
		return err
	case a.status == http.StatusNotModified && s.tag != "":
		return nil
	case a.status != http.StatusOK:
		return fmt.Errorf("%s has no record any more", s.origin.address)
	}
	if log, _, _ := strings.Cut(string(a.body), "\n"); log != s.held.Log {
		return fmt.Errorf("%s has another record now, %q, and this mirror follows %q: follow it in a folder of its own once its house says why", s.origin.address, log, s.held.Log)
	}
	c, err := s.origin.read(a.body, s.held.Key)
	if err != nil {
		return err
	}
	if err := s.goesOn(ctx, c); err != nil {
		return err
	}
	if c.Size == s.at.Size {
		s.tag = a.tag
		return nil
	}
	h := s.held
	h.Checkpoint = string(a.body)
	return s.hold(c, h, a.tag)
}

// goesOn proves that the tree of a checkpoint begins with the tree of the one before.
func (s *Source) goesOn(ctx context.Context, c record.Checkpoint) error {
	switch {
	case c.Size < s.at.Size:
		return fmt.Errorf("the record of %s was shortened: it signs for %d entries, and signed for %d", s.origin.address, c.Size, s.at.Size)
	case c.Size == s.at.Size && c.Root != s.at.Root:
		return fmt.Errorf("the record of %s was forked: it signed two trees of %d entries", s.origin.address, c.Size)
	case c.Size == s.at.Size:
		return nil
	}
	root, err := tlog.TreeHash(s.at.Size, s.tree(ctx, c))
	if err != nil {
		return s.notInTree(ctx, err)
	}
	if root != s.at.Root {
		return fmt.Errorf("the record of %s was changed: what it signs for now does not begin with the %d entries that it signed for", s.origin.address, s.at.Size)
	}
	return nil
}

// tree reads hashes that are proved to be in the tree of a checkpoint.
func (s *Source) tree(ctx context.Context, c record.Checkpoint) tlog.HashReader {
	return tlog.TileHashReader(tlog.Tree{N: c.Size, Hash: c.Root}, tiles{ctx, s.origin, s.held.Volume})
}

// notInTree is the error of a tree that its tiles do not bear out.
func (s *Source) notInTree(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("the tree of %s is not the one that it signed: %w", s.origin.address, err)
}

// prove holds entries to the tree that is signed, and what is gone of them to what took it.
func (s *Source) prove(ctx context.Context, entries []record.Entry) error {
	takers := map[int64]record.Entry{}
	for _, e := range entries {
		if e.GoneBy > s.head() { // killed since we looked
			if err := s.look(ctx); err != nil {
				return err
			}
		}
		if e.GoneBy != 0 {
			takers[e.GoneBy] = record.Entry{}
		}
	}
	if err := s.inTree(ctx, entries); err != nil {
		return err
	}
	for n := range takers {
		found, err := s.origin.page(ctx, s.held.Volume, n-1)
		if err != nil {
			return err
		}
		if len(found) == 0 || n > s.head() {
			return fmt.Errorf("%s says that an entry is gone by entry %d, and does not have that", s.origin.address, n)
		}
		if err := s.inTree(ctx, found[:1]); err != nil {
			return err
		}
		takers[n] = found[0]
	}
	for _, e := range entries {
		if e.GoneBy != 0 && !record.Takes(takers[e.GoneBy], e) {
			return fmt.Errorf("%s says that entry %d is gone by entry %d, which does not take it back", s.origin.address, e.N, e.GoneBy)
		}
	}
	return nil
}

// inTree proves that entries are the leaves of the signed tree at their places.
func (s *Source) inTree(ctx context.Context, entries []record.Entry) error {
	indexes := make([]int64, len(entries))
	for i, e := range entries {
		indexes[i] = tlog.StoredHashIndex(0, e.N-s.held.First)
	}
	hashes, err := s.tree(ctx, s.at).ReadHashes(indexes)
	if err != nil {
		return s.notInTree(ctx, err)
	}
	for i, e := range entries {
		if leaf, err := e.SafeLeaf(); err != nil || tlog.RecordHash(leaf) != hashes[i] {
			return fmt.Errorf("entry %d of %s is not the one that it signed for", e.N, s.origin.address)
		}
	}
	return nil
}
