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

// parseCheckpoint reads the three lines; more may follow, which mean nothing to us.
func parseCheckpoint(text string) (c Checkpoint, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || lines[0] == "" {
		return c, errors.New("a checkpoint has three lines")
	}
	c.Log = lines[0]
	if c.Size, err = strconv.ParseInt(lines[1], 10, 64); err != nil || c.Size < 0 || strconv.FormatInt(c.Size, 10) != lines[1] {
		return c, errors.New("the size of a checkpoint is a number")
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
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

// VolumeOf is the number of the volume that a log's name tells.
func VolumeOf(log string) (int64, error) {
	_, name, found := strings.Cut(log, "/record/")
	text, _, cut := strings.Cut(name, "-")
	n, err := strconv.ParseInt(text, 10, 64)
	if !found || !cut || err != nil || n < 1 || strconv.FormatInt(n, 10) != text {
		return 0, fmt.Errorf("%q is not the name of a record's volume", log)
	}
	return n, nil
}

// NewKey makes the secret of a log's key: one line, to be kept readable by its owner alone.
func NewKey(log string, random io.Reader) (secret string, err error) {
	if random == nil {
		random = rand.Reader
	}
	private, verifier, err := note.GenerateKey(random, log)
	if err != nil {
		return "", fmt.Errorf("making a key: %w", err)
	}
	secret = private + " " + verifier
	if _, err := ParseKey(secret); err != nil {
		return "", fmt.Errorf("a log cannot be named %q: neither spaces nor a plus may stand in it", log)
	}
	return secret, nil
}

// ParseKey reads a secret that NewKey made.
func ParseKey(secret string) (k Key, err error) {
	private, verifier, ok := strings.Cut(strings.TrimSpace(secret), " ")
	if !ok {
		return k, errors.New("it is not a key of a record")
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		return k, errors.New("it is not a key of a record")
	}
	k = Key{log: signer.Name(), signer: signer, verifier: verifier}
	msg, err := k.Sign(Checkpoint{Log: k.log})
	if err != nil {
		return Key{}, errors.New("it is not a key of a record")
	}
	if _, err := OpenCheckpoint(msg, verifier); err != nil {
		return Key{}, errors.New("its two halves do not belong together")
	}
	return k, nil
}

// Log is the name of the log that the key signs.
func (k Key) Log() string { return k.log }

// Verifier is the public half, for those who check.
func (k Key) Verifier() string { return k.verifier }

// Sign signs a checkpoint as a note.
func (k Key) Sign(c Checkpoint) ([]byte, error) {
	if k.signer == nil || c.Log != k.log {
		return nil, fmt.Errorf("the key of %q does not sign for %q", k.log, c.Log)
	}
	return note.Sign(&note.Note{Text: c.text()}, k.signer)
}

// OpenCheckpoint checks the signature of a checkpoint and reads it. Others may have signed
// beside the key.
func OpenCheckpoint(msg []byte, verifier string) (c Checkpoint, err error) {
	v, err := note.NewVerifier(verifier)
	if err != nil {
		return c, errors.New("it is not a verifier key")
	}
	c, _, err = openCheckpoint(msg, v)
	return c, err
}

// openCheckpoint also tells whether msg is byte for byte what the key alone signs: base64
// leaves bits that no signature covers.
func openCheckpoint(msg []byte, v note.Verifier) (c Checkpoint, exact bool, err error) {
	n, err := note.Open(msg, note.VerifierList(v))
	if err != nil {
		return c, false, errors.New("its signature is not by the record's key")
	}
	if c, err = parseCheckpoint(n.Text); err != nil {
		return c, false, err
	}
	if c.Log != v.Name() {
		return c, false, errors.New("it is of another log")
	}
	sig := n.Sigs[0]
	_, err = base64.StdEncoding.Strict().DecodeString(sig.Base64)
	exact = err == nil && n.Text == c.text() && string(msg) == n.Text+"\n— "+sig.Name+" "+sig.Base64+"\n"
	return c, exact, nil
}
