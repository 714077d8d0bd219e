package ready

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
)

func TestChoose(t *testing.T) {
	for header, want := range map[string]string{
		"gzip, deflate, br, zstd": "br", "gzip, deflate": "gzip", "gzip": "gzip", "x-gzip": "gzip", "BR": "br", "": "", "deflate": "", "identity": "", "compress, zstd;q=1": "",
		"br;q=0.5, gzip;q=0.8": "gzip", "br;q=0.8,gzip;q=0.8": "br", "gzip;q=0.001": "gzip", "gzip;q=0": "", "gzip;q=0, br;q=0.000": "", "*": "br", "*;q=0.1, br;q=0": "gzip",
		"identity;q=1, gzip;q=0.5": "", "identity;q=0.5, gzip;q=0.5": "gzip", "identity;q=0, gzip": "gzip", "br ; q = 1": "br", "br;Q=0.3, gzip;q=0.2": "br",
		"gzip;q=2": "", "gzip;q=1.001": "", "gzip;q=-1": "", "gzip;q=0.1234": "", "gzip;q=": "", "gzip;level=9": "", "gzip;q=1.": "gzip", "gzip;q=.5": "", "br;q=abc, gzip": "gzip",
		",,, gzip ,,": "gzip", "gzip;q=0, *": "br", "identity;q=0": "none", "*;q=0": "none", "*;q=0, identity": "", "gzip;q=0, identity;q=0, br;q=0": "none", "deflate, identity;q=0": "none",
		strings.Repeat("gzip;q=0.5,", 3000) + "br": "br", "\x00gzip": "", "gzip\x7f": "",
	} {
		c, acceptable := choose([]string{header})
		got := c.name()
		if !acceptable {
			got = "none"
		}
		if got != want {
			t.Errorf("%.60q: %q, want %q", header, got, want)
		}
	}
	if c, ok := choose(nil); c != identity || !ok {
		t.Error("without the header")
	}
	if c, _ := choose([]string{"gzip", "br"}); c != brotlied {
		t.Error("two lines are one list")
	}
}

func FuzzHeaders(f *testing.F) {
	f.Add("gzip;q=0.5, br", `W/"x", "y"`)
	f.Add("*;q=0,identity;q=1.000", `"`)
	f.Fuzz(func(t *testing.T, accept, match string) {
		if c, _ := choose([]string{accept}); c < 0 || c >= codings {
			t.Error(c)
		}
		if tagged([]string{match}, `"no such tag"`) && !strings.Contains(match, "*") && !strings.Contains(match, `"no such tag"`) {
			t.Errorf("%q names what it does not hold", match)
		}
	})
}

func TestTagged(t *testing.T) {
	for header, want := range map[string]bool{
		`"tag"`: true, `W/"tag"`: true, `"a", "tag"`: true, `"a","b" , W/"tag"`: true, `*`: true, ` , "tag"`: true, `"a", *`: true, `"a,b", "tag"`: true,
		"": false, `tag`: false, `"ta"`: false, `"tag`: false, `"x"tag"`: false, `w/"tag"`: false, `"a" tag`: false, `"tag-gzip"`: false, `W/`: false, `"\"tag\""`: false,
	} {
		if got := tagged([]string{header}, `"tag"`); got != want {
			t.Errorf("%q: %v", header, got)
		}
	}
	if !tagged([]string{`"a"`, `"tag"`}, `"tag"`) || tagged(nil, `"tag"`) {
		t.Error("several lines, or none")
	}
}

// send asks for an answer at an instant, with the headers "name: value".
func send(a *Answer, method string, now time.Time, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/", nil)
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	a.Send(w, r, now)
	return w
}

func page(status int, until time.Time) *Answer {
	return Prepare(Draft{Status: status, Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}, "X-Own": {"own"}}, Body: []byte(strings.Repeat("<p>Words of a page.</p>\n", 100)),
		Kept: true, Keys: []string{"a-1", "house"}, Moment: "moment", Until: until})
}

func TestForms(t *testing.T) {
	a := page(200, time.Time{})
	tags := map[string]bool{}
	for accept, unpack := range map[string]func(io.Reader) (io.Reader, error){
		"identity": func(r io.Reader) (io.Reader, error) { return r, nil },
		"gzip":     func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
		"br":       func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
	} {
		w := send(a, "GET", noon, "Accept-Encoding: "+accept)
		h := w.Header()
		r, err := unpack(bytes.NewReader(w.Body.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(body, a.body) {
			t.Errorf("%s: %q, %v", accept, body, err)
		}
		if enc := strings.TrimPrefix(accept, "identity"); w.Code != 200 || h.Get("Content-Encoding") != enc || h.Get("Content-Length") != fmt.Sprint(w.Body.Len()) || h.Get("Vary") != "Accept-Encoding" ||
			h.Get("Surrogate-Key") != "a-1 house" || h.Get("X-Own") != "own" || !strings.HasPrefix(h.Get("ETag"), `"moment-`) || tags[h.Get("ETag")] {
			t.Errorf("%s: %d %v", accept, w.Code, h)
		}
		tags[h.Get("ETag")] = true
		head := send(a, "HEAD", noon, "Accept-Encoding: "+accept)
		if head.Body.Len() > 0 || fmt.Sprint(head.Header()) != fmt.Sprint(h) {
			t.Errorf("HEAD %s: %v", accept, head.Header())
		}
		for _, match := range []string{h.Get("ETag"), `"x", W/` + h.Get("ETag"), "*"} {
			same := send(a, "GET", noon, "Accept-Encoding: "+accept, "If-None-Match: "+match)
			if same.Code != 304 || same.Body.Len() > 0 || same.Header().Get("ETag") != h.Get("ETag") || same.Header().Get("Vary") == "" || same.Header().Get("Cache-Control") == "" || same.Header().Get("Content-Length") != "" || same.Header().Get("Content-Encoding") != "" {
				t.Errorf("%s with %s: %d %v", accept, match, same.Code, same.Header())
			}
		}
		other := send(a, "GET", noon, "If-None-Match: "+h.Get("ETag"))
		if accept != "identity" && other.Code != 200 {
			t.Errorf("the tag of %s stands for another representation", accept)
		}
	}
	if w := send(a, "GET", noon, "Accept-Encoding: identity;q=0"); w.Code != 406 || w.Header().Get("Vary") == "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	gone := send(page(410, time.Time{}), "GET", noon, "If-None-Match: *", "Accept-Encoding: br")
	if gone.Code != 410 || gone.Header().Get("ETag") != "" || gone.Header().Get("Content-Encoding") != "br" {
		t.Errorf("a condition is for what would be found: %d %v", gone.Code, gone.Header())
	}
}

// TestFreshnessEndsWithTheMoment reads what shared caches are told as the end comes near.
func TestFreshnessEndsWithTheMoment(t *testing.T) {
	a := page(200, noon)
	for before, want := range map[time.Duration]string{time.Hour: "2", 2 * time.Second: "2", 2*time.Second - 1: "1", time.Second: "1", time.Second - 1: "0", 0: "0", -3 * time.Second: "0"} {
		if got := send(a, "GET", noon.Add(-before)).Header().Get("Cache-Control"); got != "public, max-age=0, must-revalidate, s-maxage="+want {
			t.Errorf("%s before the end: %s", before, got)
		}
	}
	still := Prepare(Draft{Status: 200, Header: http.Header{"Cache-Control": {"public, max-age=31536000, immutable"}, "Content-Type": {"font/woff2"}}, Body: bytes.Repeat([]byte("x"), 5000), Kept: true})
	if h := send(still, "GET", noon, "Accept-Encoding: br").Header(); h.Get("Cache-Control") != "public, max-age=31536000, immutable" || h.Get("Content-Encoding") != "" || h.Get("Vary") != "" || h.Get("ETag") == "" {
		t.Errorf("%v", h)
	}
	other := Prepare(Draft{Status: 404, Header: http.Header{"Cache-Control": {"no-cache"}, "Content-Type": {"text/html"}}, Body: bytes.Repeat([]byte("x"), 5000)})
	if h := send(other, "GET", noon, "Accept-Encoding: br").Header(); h.Get("Cache-Control") != "no-cache" || h.Get("ETag") != "" || h.Get("Content-Encoding") != "" {
		t.Errorf("%v", h)
	}
}

// sink is a response that goes nowhere and costs nothing.
type sink struct{ header http.Header }

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) WriteHeader(int)             {}
func (s *sink) Write(b []byte) (int, error) { return len(b), nil }

// TestAHitAllocatesNothing counts what finding and sending an answer allocates.
func TestAHitAllocatesNothing(t *testing.T) {
	c := newCache(1 << 20)
	c.put(t, "/", "", strings.Repeat("<p>Words</p>", 5000), "a-1")
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Accept-Encoding", "gzip, deflate, br, zstd")
	r.Header.Set("If-None-Match", `"another"`)
	w := &sink{http.Header{}}
	if n := testing.AllocsPerRun(100, func() { c.Find(Address{Path: r.URL.Path}, noon).Send(w, r, noon) }); n > 0 {
		t.Errorf("%.0f allocations", n)
	}
}

// page60k is about 60 KB of markup that compresses as a page does.
func page60k() []byte {
	var b bytes.Buffer
	words := strings.Fields("harbour board votes to dredge channel depth engineers city council trade report minister morning market station river bridge school train violin library")
	for i := 0; b.Len() < 60_000; i++ {
		fmt.Fprintf(&b, "<p id=\"b%07d\">", i*7919%9999991)
		for j := range 40 {
			b.WriteString(words[(i*i*31+j*j*17+i*j)%len(words)] + " ")
		}
		b.WriteString("</p>\n")
	}
	return b.Bytes()
}

func BenchmarkEncode(b *testing.B) {
	body := page60k()
	for _, c := range []coding{gzipped, brotlied} {
		b.Run(c.name(), func(b *testing.B) {
			for b.Loop() {
				b.ReportMetric(float64(len(c.encode(body))), "B")
			}
		})
	}
}

func BenchmarkHit(b *testing.B) {
	c := newCache(1 << 20)
	if _, err := c.Get(b.Context(), Address{Path: "/"}, noon, drawn(string(page60k()), "a-1")); err != nil {
		b.Fatal(err)
	}
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Accept-Encoding", "gzip, deflate, br, zstd")
	w := &sink{http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		c.Find(Address{Path: "/"}, noon).Send(w, r, noon)
	}
}
