package record

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"dateline/internal/story"
)

// Grow returns the hashes to store (from tlog.StoredHashIndex(0, size) on) when e becomes
// the leaf with index size, and the root of the tree that then has size+1 leaves.
func Grow(size int64, e Envelope, hashes tlog.HashReader) (stored []tlog.Hash, root tlog.Hash, err error) {
	leaf, err := e.SafeLeaf()
	if err != nil {
		return nil, root, err
	}
	if stored, err = tlog.StoredHashes(size, leaf, hashes); err != nil {
		return nil, root, err
	}
	root, err = tlog.TreeHash(size+1, overlay{tlog.StoredHashIndex(0, size), stored, hashes})
	return stored, root, err
}

// overlay reads new hashes from memory and the others from where they are kept.
type overlay struct {
	from  int64
	fresh []tlog.Hash
	below tlog.HashReader
}

func (o overlay) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	var old, places []int64
	for i, x := range indexes {
		if x >= o.from && x-o.from < int64(len(o.fresh)) {
			out[i] = o.fresh[x-o.from]
			continue
		}
		old, places = append(old, x), append(places, int64(i))
	}
	if len(old) == 0 {
		return out, nil
	}
	got, err := o.below.ReadHashes(old)
	if err != nil {
		return nil, err
	}
	for i, p := range places {
		out[p] = got[i]
	}
	return out, nil
}

// A Checkpoint says how long a log is and what its tree hashes to (C2SP tlog-checkpoint).
type Checkpoint struct {
	Log  string
	Size int64
	Root tlog.Hash
}

// A SignedCheckpoint is a checkpoint as it is kept and published.
type SignedCheckpoint struct {
	Size int64
	Note []byte
}

func (c Checkpoint) text() string {
	return fmt.Sprintf("%s\n%d\n%s\n", c.Log, c.Size, base64.StdEncoding.EncodeToString(c.Root[:]))
}

func parseCheckpoint(text string) (c Checkpoint, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 {
		return c, errors.New("a checkpoint has three lines")
	}
	c.Log = lines[0]
	if c.Size, err = strconv.ParseInt(lines[1], 10, 64); err != nil || c.Size < 0 || strconv.FormatInt(c.Size, 10) != lines[1] {
		return c, errors.New("the size of a checkpoint is a number")
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return c, errors.New("the root of a checkpoint is 32 bytes")
	}
	copy(c.Root[:], root)
	return c, nil
}

// A Key signs the checkpoints of one log.
type Key struct {
	log      string
	signer   note.Signer
	verifier string
}

// LogName names a log after its house: <host>/record/<volume>-<10 random characters>.
func LogName(host string, volume int64, random io.Reader) string {
	return fmt.Sprintf("%s/record/%d-%s", host, volume, story.NewID(random, story.ArticleIDLength))
}

// NewKey makes the secret of a log's key: one line, to be kept readable by its owner alone.
func NewKey(log string, random io.Reader) (secret string, err error) {
	if random == nil {
		random = rand.Reader
	}
	signer, verifier, err := note.GenerateKey(random, log)
	return signer + " " + verifier, err
}

// ParseKey reads a secret that NewKey made.
func ParseKey(secret string) (k Key, err error) {
	private, verifier, ok := strings.Cut(strings.TrimSpace(secret), " ")
	if !ok {
		return k, errors.New("it is not a key of a record")
	}
	if k.signer, err = note.NewSigner(private); err != nil {
		return k, errors.New("it is not a key of a record")
	}
	v, err := note.NewVerifier(verifier)
	if err != nil || v.KeyHash() != k.signer.KeyHash() || v.Name() != k.signer.Name() {
		return k, errors.New("its two halves do not belong together")
	}
	k.log, k.verifier = k.signer.Name(), verifier
	return k, nil
}

// Log is the name of the log that the key signs.
func (k Key) Log() string { return k.log }

// Verifier is the public half, for those who check.
func (k Key) Verifier() string { return k.verifier }

// Sign signs a checkpoint as a note.
func (k Key) Sign(c Checkpoint) ([]byte, error) {
	if c.Log != k.log {
		return nil, fmt.Errorf("the key of %s does not sign for %s", k.log, c.Log)
	}
	return note.Sign(&note.Note{Text: c.text()}, k.signer)
}

// OpenCheckpoint checks the signature of a checkpoint and reads it.
func OpenCheckpoint(msg []byte, verifier string) (c Checkpoint, err error) {
	v, err := note.NewVerifier(verifier)
	if err != nil {
		return c, errors.New("it is not a verifier key")
	}
	n, err := note.Open(msg, note.VerifierList(v))
	if err != nil {
		return c, errors.New("its signature is not by the record's key")
	}
	if c, err = parseCheckpoint(n.Text); err != nil {
		return c, err
	}
	if c.Log != v.Name() {
		return c, errors.New("it is of another log")
	}
	return c, nil
}
