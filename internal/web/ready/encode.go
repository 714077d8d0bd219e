package ready

import (
	"bytes"
	"io"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

// On a page of 60 KB gzipLevel takes a quarter of the time that drawing it does, and is within
// a twentieth of the smallest; brotliLevel takes as long as drawing it, for another twentieth.
const (
	gzipLevel   = 6
	brotliLevel = 5
)

// An encoder is a compressor that can begin again: one takes most of a megabyte, many times
// what it compresses here.
type encoder interface {
	io.WriteCloser
	Reset(io.Writer)
}

var encoders = [codings]*sync.Pool{
	gzipped:  {New: func() any { z, _ := gzip.NewWriterLevel(nil, gzipLevel); return z }}, // a known level
	brotlied: {New: func() any { return brotli.NewWriterLevel(nil, brotliLevel) }},
}

func (c coding) encode(body []byte) []byte {
	pool := encoders[c]
	if pool == nil {
		return body
	}
	z := pool.Get().(encoder)
	defer pool.Put(z)
	var b bytes.Buffer
	b.Grow(len(body) / 3)
	z.Reset(&b)
	_, _ = z.Write(body) // a buffer takes everything
	_ = z.Close()
	return bytes.Clone(b.Bytes()) // without the room that a buffer keeps
}
