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

	"golang.org/x/mod/sumdb/note"

	"dateline/internal/record"
)

// A Source is the record of an origin, for an edition elsewhere to follow. No entry leaves
// it that is not proved to be in the tree of a checkpoint signed with the key that was seen
// first, and each checkpoint is proved to go on from the one before, over restarts as well.
// Older volumes are proved by the entry that begins the next. What is forged, shortened or
// forked is refused, and asked for again.
type Source struct {
	origin *Origin
	file   string

	asking sync.Mutex // held by the one who asks the origin
	held   held       // guarded by asking; as in the file
	tag    string     // guarded by asking; of the newest answer at /checkpoint
	fails  int        // guarded by asking; looks that failed, one after the other
	pass   int        // guarded by asking; looks to pass over before the next

	mu     sync.Mutex // never held while anybody is asked
	proved int64      // guarded by mu; the newest entry that a proved checkpoint covers
	doubt  error      // guarded by mu; why the last look failed, nil if it did not
}

// held is what a mirror holds on to, whatever it is told later: the key of the newest
// volume is the first one seen or the one that was given, its checkpoint the newest proved.
type held struct {
	Volumes []volume `json:"volumes"`
}

func (h held) newest() volume { return h.Volumes[len(h.Volumes)-1] }

// Follow is a source on an origin. What it holds on to is in a file. Where there is none
// yet, the origin is asked, and its key is taken unless one is given. A key that is given
// and not the one held on to must be that of a volume which goes on from what is held.
func Follow(ctx context.Context, origin *Origin, file, key string) (*Source, error) {
	s := &Source{origin: origin, file: file}
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return s, s.begin(ctx, key)
	}
	if err != nil {
		return nil, fmt.Errorf("reading what this mirror holds on to: %w", err)
	}
	err = json.Unmarshal(text, &s.held)
	if err == nil && len(s.held.Volumes) == 0 {
		err = errors.New("it holds no volume")
	}
	for i := range s.held.Volumes {
		err = errors.Join(err, s.held.Volumes[i].open())
	}
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", file, err)
	}
	s.proved = s.held.newest().last()
	if key != "" && !same(key, s.held.newest().Key) {
		return s, s.turn(ctx, key)
	}
	return s, nil
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// begin takes the origin at its word for the first and only time.
func (s *Source) begin(ctx context.Context, key string) error {
	newest, tag, err := s.origin.newest(ctx, key)
	if err != nil {
		return err
	}
	if key != "" && !same(newest.Key, key) {
		return fmt.Errorf("the record of %s names another key than the one given: %s", s.origin.address, newest.Key)
	}
	all, err := s.origin.chain(ctx, newest, 1)
	if err != nil {
		return err
	}
	return s.hold(held{all}, tag)
}

// turn goes on with a later volume, whose key its house told the operator. Nobody else could
// say that it is the house's: what it knows of the volume before is public.
func (s *Source) turn(ctx context.Context, key string) error {
	before := s.held.newest()
	if k, err := note.NewVerifier(key); err != nil || k.Name() == before.Log {
		return fmt.Errorf("this mirror follows a record signed with the key %s: another is followed in a folder of its own", before.Key)
	}
	newest, tag, err := s.origin.newest(ctx, key)
	if err != nil {
		return err
	}
	if !same(newest.Key, key) || newest.Number <= before.Number {
		return fmt.Errorf("this mirror follows a record signed with the key %s, and the key that was given is not that of a later volume", before.Key)
	}
	all, err := s.origin.chain(ctx, newest, before.Number)
	if err != nil {
		return err
	}
	if all[0].Log != before.Log || !same(all[0].Key, before.Key) {
		return fmt.Errorf("%s has another volume %d than this mirror: follow it in a folder of its own", s.origin.address, before.Number)
	}
	if err := s.origin.goesOn(ctx, before, all[0]); err != nil {
		return fmt.Errorf("the new volume does not go on from what is here, so follow it in a folder of its own: %w", err)
	}
	return s.hold(held{append(append([]volume(nil), s.held.Volumes[:len(s.held.Volumes)-1]...), all...)}, tag)
}

// hold writes down what is held on to, durably, before anything is done by it.
func (s *Source) hold(h held, tag string) error {
	text, err := json.MarshalIndent(h, "", "  ")
	if err == nil {
		err = replace(s.file, append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("writing down what this mirror holds on to: %w", err)
	}
	s.held, s.tag = h, tag
	s.mu.Lock()
	defer s.mu.Unlock()
	s.proved = h.newest().last()
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
	return s.held.newest().Key
}

// Checkpoint is the newest checkpoint that was proved.
func (s *Source) Checkpoint() []byte {
	s.asking.Lock()
	defer s.asking.Unlock()
	return []byte(s.held.newest().Checkpoint)
}

// Doubt says why the last look at the origin failed, "" if it did not.
func (s *Source) Doubt() string {
	if doubt := s.why(); doubt != nil {
		return doubt.Error()
	}
	return ""
}

// Head implements record.Source: the newest entry that a proved checkpoint covers.
func (s *Source) Head(context.Context) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.proved, nil
}

// Wake implements record.Source. Nobody wakes a mirror: it looks each second.
func (s *Source) Wake() <-chan struct{} { return nil }

// Checkpoints implements record.Signed with the newest checkpoint of each volume.
func (s *Source) Checkpoints(_ context.Context, volume, size int64, limit int) (all []record.SignedCheckpoint, err error) {
	s.asking.Lock()
	defer s.asking.Unlock()
	for _, x := range s.held.Volumes {
		if x.Number == volume && x.at.Size > size && limit > 0 {
			all = append(all, record.SignedCheckpoint{Size: x.at.Size, Note: []byte(x.Checkpoint)})
		}
	}
	return all, nil
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
	if n >= s.held.newest().last() {
		if err := s.look(ctx); err != nil {
			return nil, err
		}
	}
	for _, x := range s.held.Volumes {
		if n >= x.last() {
			continue
		}
		entries, err := s.origin.pageOf(ctx, x, n, limit)
		if err != nil {
			return nil, err
		}
		return entries, s.prove(ctx, x.Number, entries)
	}
	if newest := s.held.newest(); n > newest.last() {
		return nil, fmt.Errorf("the record of %s was shortened: it ends with entry %d, and entry %d is here", s.origin.address, newest.last(), n)
	}
	return nil, nil
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
	before := s.held.newest()
	if log, _, _ := strings.Cut(string(a.body), "\n"); log != before.Log {
		return s.otherLog(log, before)
	}
	now := before
	now.Checkpoint = string(a.body)
	if now.at, err = s.origin.read(a.body, before.Key); err != nil {
		return err
	}
	if err := s.origin.goesOn(ctx, before, now); err != nil {
		return err
	}
	if now.at.Size == before.at.Size {
		s.tag = a.tag
		return nil
	}
	return s.hold(held{append(append([]volume(nil), s.held.Volumes[:len(s.held.Volumes)-1]...), now)}, a.tag)
}

// otherLog says what to do about a log that is not the one which is followed.
func (s *Source) otherLog(log string, before volume) error {
	if number, err := record.VolumeOf(log); err == nil && number > before.Number {
		return fmt.Errorf("%s began volume %d of its record: have its house tell you the key, and start this mirror with it after --key", s.origin.address, number)
	}
	return fmt.Errorf("%s has another record now, %q, and this mirror follows %q: follow it in a folder of its own", s.origin.address, log, before.Log)
}

// prove holds entries of a volume to the tree that is signed, and what is gone of them to
// what took it.
func (s *Source) prove(ctx context.Context, number int64, entries []record.Entry) error {
	takers := map[int64]record.Entry{}
	for _, e := range entries {
		if e.GoneBy > s.held.newest().last() { // killed since we looked
			if err := s.look(ctx); err != nil {
				return err
			}
		}
		if e.GoneBy != 0 {
			takers[e.GoneBy] = record.Entry{}
		}
	}
	for _, x := range s.held.Volumes {
		if x.Number == number {
			if err := s.origin.inTree(ctx, x, entries); err != nil {
				return err
			}
		}
	}
	for n := range takers {
		found, err := s.one(ctx, n)
		if err != nil {
			return err
		}
		takers[n] = found
	}
	for _, e := range entries {
		if e.GoneBy != 0 && !record.Takes(takers[e.GoneBy], e) {
			return fmt.Errorf("%s says that entry %d is gone by entry %d, which does not take it back", s.origin.address, e.N, e.GoneBy)
		}
	}
	return nil
}

// one reads and proves one entry.
func (s *Source) one(ctx context.Context, n int64) (e record.Entry, err error) {
	for _, x := range s.held.Volumes {
		if n < x.First || n > x.last() {
			continue
		}
		found, err := s.origin.pageOf(ctx, x, n-1, 1)
		if err != nil {
			return e, err
		}
		if len(found) == 1 && found[0].N == n {
			return found[0], s.origin.inTree(ctx, x, found)
		}
	}
	return e, fmt.Errorf("%s says that an entry is gone by entry %d, and does not have that", s.origin.address, n)
}
