// Package mirror reads a record over HTTP and believes nothing: for whoever verifies it,
// and for an edition that follows it from elsewhere.
package mirror

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"dateline/internal/record"
)

// What an answer may hold, in bytes. A page of entries ends with the first one beyond a
// mebibyte; the largest rendition is a few.
const (
	maxCheckpoint = 16 << 10
	maxPage       = 16 << 20
	maxRendition  = 32 << 20
)

// maxSize is how many entries a checkpoint may cover. No newspaper has written as many, and
// far above it the arithmetic of trees leaves 64 bits.
const maxSize = 1 << 40

// An Origin is the readers' address of a house whose record is read. Nothing of it is
// believed: answers are bounded in size and time, and it cannot send us elsewhere.
type Origin struct {
	address string // without a slash at its end
	client  *http.Client
}

// At is the origin at an address such as https://paper.example. Nobody is asked yet.
func At(address string) (*Origin, error) {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return nil, fmt.Errorf("%q is not the address of a house, such as https://paper.example", address)
	}
	transport := &http.Transport{
		Proxy:                  nil, // who is asked is what was asked for, whatever the environment says
		DialContext:            (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
		TLSHandshakeTimeout:    5 * time.Second,
		ResponseHeaderTimeout:  15 * time.Second,
		IdleConnTimeout:        time.Minute,
		MaxIdleConnsPerHost:    2,
		MaxResponseHeaderBytes: 32 << 10,
		DisableCompression:     true, // a small answer must not become a large one
	}
	return &Origin{address: strings.TrimRight(u.String(), "/"), client: &http.Client{
		Transport:     transport,
		Timeout:       time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// An answer is what came back, whole.
type answer struct {
	status int
	tag    string // names this state of the answer
	body   []byte
}

// get asks for a path. An answer other than 200, 304 and 404 is an error, as is one that is
// longer than most bytes or ends before it should.
func (o *Origin) get(ctx context.Context, path, tag string, most int64) (a answer, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, o.address+path, nil)
	if err != nil {
		return a, err
	}
	req.Header.Set("User-Agent", "dateline")
	if tag != "" {
		req.Header.Set("If-None-Match", tag)
	}
	resp, err := o.client.Do(req)
	if err != nil {
		return a, o.unreachable(ctx, err)
	}
	a = answer{status: resp.StatusCode, tag: resp.Header.Get("ETag")}
	a.body, err = io.ReadAll(io.LimitReader(resp.Body, most+1))
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return a, o.unreachable(ctx, err)
	}
	switch {
	case a.status == http.StatusForbidden:
		return a, fmt.Errorf("%s keeps the contents of its record to itself", o.address)
	case a.status >= 300 && a.status < 400 && a.status != http.StatusNotModified:
		return a, fmt.Errorf("%s leads elsewhere from %s, and nobody else is asked", o.address, path)
	case a.status != http.StatusOK && a.status != http.StatusNotModified && a.status != http.StatusNotFound:
		return a, fmt.Errorf("%s answers %d to %s", o.address, a.status, path)
	case a.status == http.StatusOK && int64(len(a.body)) > most:
		return a, fmt.Errorf("%s answers more than %d bytes to %s", o.address, most, path)
	}
	return a, nil
}

// unreachable tells why there is no answer, without the address a second time.
func (o *Origin) unreachable(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	var late interface{ Timeout() bool }
	if errors.As(err, &late) && late.Timeout() {
		return fmt.Errorf("%s does not answer in time", o.address)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return fmt.Errorf("%s ended an answer before its end", o.address)
	}
	return fmt.Errorf("%s cannot be reached: %w", o.address, err)
}

// page reads entries of a volume after a number. They follow each other without a gap; that
// they are in the record is for the caller to check. None: there are no more.
func (o *Origin) page(ctx context.Context, volume, after int64) (all []record.Entry, err error) {
	path := fmt.Sprintf("/record/%d?after=%d", volume, after)
	a, err := o.get(ctx, path, "", maxPage)
	if err != nil {
		return nil, err
	}
	if a.status != http.StatusOK {
		return nil, fmt.Errorf("%s has no volume %d of a record", o.address, volume)
	}
	for len(a.body) > 0 {
		line, rest, ended := bytes.Cut(a.body, []byte("\n"))
		if !ended {
			return nil, fmt.Errorf("%s ended an answer before its end", o.address)
		}
		e, err := record.ParseLine(line)
		if err != nil {
			return nil, fmt.Errorf("what %s gives after entry %d is no record: %w", o.address, after, err)
		}
		if e.Volume != volume || len(all) > 0 && e.N != all[len(all)-1].N+1 || len(all) == 0 && after > 0 && e.N != after+1 {
			return nil, fmt.Errorf("%s gives entry %d of volume %d where another belongs, after entry %d", o.address, e.N, e.Volume, after+int64(len(all)))
		}
		all, a.body = append(all, e), rest
	}
	return all, nil
}

// An opening is how a record presents itself: its newest checkpoint, and the entry that
// begins its volume. The signature is checked, and nothing else.
type opening struct {
	note       []byte
	tag        string
	checkpoint record.Checkpoint
	volume     int64
	first      int64  // the volume's own entry
	key        string // that opens the checkpoint
	named      string // that the volume's own entry names
}

// open reads how a record presents itself. key was kept elsewhere; without it, the record's
// own word is taken.
func (o *Origin) open(ctx context.Context, key string) (x opening, err error) {
	a, err := o.get(ctx, "/checkpoint", "", maxCheckpoint)
	if err != nil {
		return x, err
	}
	if a.status != http.StatusOK {
		return x, fmt.Errorf("%s has no record: there is nothing at /checkpoint", o.address)
	}
	log, _, _ := strings.Cut(string(a.body), "\n")
	if x.volume, err = record.VolumeOf(log); err != nil {
		return x, fmt.Errorf("the checkpoint of %s: %w", o.address, err)
	}
	entries, err := o.page(ctx, x.volume, 0)
	if err != nil {
		return x, err
	}
	if len(entries) == 0 {
		return x, fmt.Errorf("the record of %s is empty", o.address)
	}
	volume, err := record.Decode[record.Volume](entries[0])
	if err != nil || entries[0].Kind != record.KindVolume {
		return x, fmt.Errorf("the record of %s does not begin with a volume entry", o.address)
	}
	x.first, x.named, x.note, x.tag, x.key = entries[0].N, volume.Key, a.body, a.tag, key
	if key == "" {
		x.key = volume.Key
	}
	x.checkpoint, err = o.read(a.body, x.key)
	return x, err
}

// read opens a checkpoint of the origin with a key.
func (o *Origin) read(note []byte, key string) (record.Checkpoint, error) {
	c, err := record.OpenCheckpoint(note, key)
	if err == nil && (c.Size < 1 || c.Size > maxSize) {
		err = fmt.Errorf("no record has %d entries", c.Size)
	}
	if err != nil {
		return c, fmt.Errorf("the checkpoint of %s: %w", o.address, err)
	}
	return c, nil
}

// tiles reads tiles of a volume for tlog.TileHashReader, which believes none of them.
type tiles struct {
	ctx    context.Context
	origin *Origin
	volume int64
}

func (r tiles) Height() int                     { return 8 }
func (r tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (r tiles) ReadTiles(all []tlog.Tile) (out [][]byte, err error) {
	for _, t := range all {
		b, err := r.origin.tile(r.ctx, r.volume, t)
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}

// tile reads one tile of hashes.
func (o *Origin) tile(ctx context.Context, volume int64, t tlog.Tile) ([]byte, error) {
	path := fmt.Sprintf("/record/%d/%s", volume, strings.Replace(t.Path(), "tile/8/", "tile/", 1))
	a, err := o.get(ctx, path, "", int64(t.W*tlog.HashSize))
	if err == nil && (a.status != http.StatusOK || len(a.body) != t.W*tlog.HashSize) {
		err = fmt.Errorf("%s does not give %s, which its checkpoint covers", o.address, path)
	}
	return a.body, err
}

// Rendition reads the bytes of a picture at the address where readers find it. They are for
// the caller to hold to their hash. An error is fs.ErrNotExist where the origin has none.
func (o *Origin) Rendition(ctx context.Context, sha256 string) ([]byte, error) {
	for _, ending := range []string{"jpg", "png", "webp", "gif"} { // an entry tells the type, and its asker only the hash
		a, err := o.get(ctx, "/picture/"+sha256+"."+ending, "", maxRendition)
		if err != nil || a.status == http.StatusOK {
			return a.body, err
		}
	}
	return nil, fmt.Errorf("%s does not have picture %s: %w", o.address, sha256, fs.ErrNotExist)
}
