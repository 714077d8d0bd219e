package ready

import (
	"container/list"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A Draft is an answer as a page drew it.
type Draft struct {
	Status int
	Header http.Header // all of it but what the cache itself tells
	Body   []byte

	// Kept answers may be kept and given to others. An answer that is not leaves as it is.
	Kept bool

	Keys   []string  // what the body shows
	Moment string    // names the moment that the body was drawn in; it is part of the ETag
	From   time.Time // the answer stands from here, zero for ever
	Until  time.Time // to before here, zero for ever
}

// An Answer is a draft whose bytes are ready. Nothing in it changes but what the cache owns.
type Answer struct {
	status      int
	kept        bool
	still       bool // it never changes, and says so itself
	packed      bool // its body may be compressed
	keys        []string
	from, until time.Time
	ordinary    []field // for every coding
	tag         string  // the ETag without its end
	body        []byte
	forms       [codings]form

	cache *Cache // set before others see the answer, nil if it is in none

	at    Address       // these three are guarded by the cache's mu
	place *list.Element // nil once it left
	cost  int
}

// A field is a header whose value is shared by all answers: nobody changes it.
type field struct {
	name  string
	value []string
}

// A form is an answer in one coding, made when it is first asked for.
type form struct {
	once   sync.Once
	body   []byte
	tag    string
	fields []field
	entity int    // from here on, fields are of the body and left out of a 304
	head   []byte // the header of 200 as a Front sends it, without its Date
	same   []byte // the header of 304
}

// For how long a cache that stands between us and many readers may answer without asking,
// while the moment lasts. A reader's own always asks, so that whoever posted something sees
// it at once; a shared one is asked for each reader and would be of no use. What is killed
// is out of both within this time (RFC 9111, 4.2.1 and 5.2.2.10).
const sharedFor = 2 * time.Second

const (
	untilAsked  = "public, max-age=0, must-revalidate, s-maxage="
	immutable   = "immutable"
	perAnswer   = 1 << 10 // what an answer costs beside its bytes and keys
	perKey      = 100
	worthCoding = 256
)

var whileFresh = []string{untilAsked + strconv.Itoa(int(sharedFor/time.Second))}

// Prepare makes an answer of a draft.
func Prepare(d Draft) *Answer {
	a := &Answer{status: d.Status, kept: d.Kept, body: d.Body, keys: d.Keys, from: d.From, until: d.Until}
	a.packed = a.kept && len(a.body) >= worthCoding && compressible(d.Header.Get("Content-Type"))
	a.still = strings.Contains(d.Header.Get("Cache-Control"), immutable)
	for name, value := range d.Header {
		if name = textproto.CanonicalMIMEHeaderKey(name); name != "Content-Length" && name != "Content-Type" {
			a.ordinary = append(a.ordinary, field{name, value})
		}
	}
	if a.kept {
		a.tells(d)
	}
	slices.SortFunc(a.ordinary, func(x, y field) int { return strings.Compare(x.name, y.name) })
	a.ordinary = append(a.ordinary, field{"Content-Type", d.Header["Content-Type"]})
	a.cost = perAnswer + len(a.body)
	for _, k := range a.keys {
		a.cost += perKey + len(k)
	}
	return a
}

// tells adds what a kept answer tells caches.
func (a *Answer) tells(d Draft) {
	set := func(name string, value ...string) {
		a.ordinary = slices.DeleteFunc(a.ordinary, func(f field) bool { return f.name == name })
		a.ordinary = append(a.ordinary, field{name, value})
	}
	if a.packed {
		set("Vary", "Accept-Encoding")
	}
	if !a.still {
		set("Cache-Control", whileFresh...)
	}
	if len(a.keys) > 0 {
		set("Surrogate-Key", strings.Join(a.keys, " "))
	}
	sum := sha256.Sum256(a.body)
	a.tag = hex.EncodeToString(sum[:12])
	if d.Moment != "" {
		a.tag = d.Moment + "-" + a.tag
	}
}

// compressible reports whether a media type is text by another name.
func compressible(kind string) bool {
	kind, _, _ = strings.Cut(kind, ";")
	return strings.HasPrefix(kind, "text/") || strings.HasSuffix(kind, "+xml") || strings.HasSuffix(kind, "json") || strings.HasSuffix(kind, "/xml")
}

// stands reports whether an answer holds at an instant. One that is not kept was made for
// whoever asked just then.
func (a *Answer) stands(now time.Time) bool {
	return !a.kept || !now.Before(a.from) && (a.until.IsZero() || now.Before(a.until))
}

// form returns an answer in one coding.
func (a *Answer) form(c coding) *form {
	f := &a.forms[c]
	f.once.Do(func() {
		f.body = c.encode(a.body)
		f.fields = slices.Clone(a.ordinary)
		if a.kept {
			f.tag = `"` + a.tag + c.suffix() + `"`
			if a.status == http.StatusOK {
				f.fields = slices.Insert(f.fields, 0, field{"Etag", []string{f.tag}})
			}
		}
		f.entity = len(f.fields) - 1 // the media type is last
		if name := c.name(); name != "" {
			f.fields = append(f.fields, field{"Content-Encoding", []string{name}})
		}
		f.fields = append(f.fields, field{"Content-Length", []string{strconv.Itoa(len(f.body))}})
		f.heads()
		if a.cache != nil {
			more := len(f.head) + len(f.same)
			if c != identity {
				more += len(f.body)
			}
			a.cache.grew(a, more)
		}
	})
	return f
}

// Send answers a request with GET or HEAD. What the caller has set of the header before
// stays unless the answer has its own.
func (a *Answer) Send(w http.ResponseWriter, r *http.Request, now time.Time) {
	c := identity
	if a.packed {
		var acceptable bool
		if c, acceptable = choose(r.Header["Accept-Encoding"]); !acceptable {
			a.refuse(w)
			return
		}
	}
	f := a.form(c)
	same := a.kept && a.status == http.StatusOK && tagged(r.Header["If-None-Match"], f.tag)
	fields := f.fields
	if same {
		fields = fields[:f.entity]
	}
	h := w.Header()
	for _, x := range fields {
		h[x.name] = x.value
	}
	if left := a.until.Sub(now); a.kept && !a.still && !a.until.IsZero() && left < sharedFor {
		h["Cache-Control"] = []string{untilAsked + strconv.Itoa(max(0, int(left/time.Second)))}
	}
	if same {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.WriteHeader(a.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(f.body) // the reader may have left
	}
}

// refuse answers who takes no coding that there is, not even none (RFC 9110, 12.5.3).
func (a *Answer) refuse(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(http.StatusNotAcceptable)
	_, _ = w.Write([]byte("There is this page as br, as gzip, and plain.\n"))
}
