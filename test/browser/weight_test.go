package browser_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// TestArticlesAreLight: an article's HTML is under 60 KB, and 14 KB of it compressed, which a
// server sends in its first breath (RFC 6928: ten segments).
func TestArticlesAreLight(t *testing.T) {
	h := friday(t)
	articles := h.walks(func(p found) bool { return p.pattern == "/{article}" })
	if len(articles) < 20 {
		t.Errorf("%d articles", len(articles))
	}
	most, packed := 0, 0
	for _, p := range articles {
		var b bytes.Buffer
		z, err := gzip.NewWriterLevel(&b, gzip.DefaultCompression)
		if err == nil {
			_, err = z.Write(p.body)
		}
		if err == nil {
			err = z.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		most, packed = max(most, len(p.body)), max(packed, b.Len())
		if len(p.body) >= 60<<10 || b.Len() >= 14<<10 {
			t.Errorf("%s (%s) has %d bytes, %d compressed", p.path, p.layout, len(p.body), b.Len())
		}
	}
	t.Logf("%d articles: at most %d bytes, %d compressed", len(articles), most, packed)
}

// TestFewRequestsBeforeTheFirstPaint reads pages over a line on which the page, its sheet and
// two fonts are answered, and nothing else ever is: four requests are enough for the first paint.
func TestFewRequestsBeforeTheFirstPaint(t *testing.T) {
	const few = 4
	h := friday(t)
	origin, err := url.Parse(h.said["readers"])
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range h.sorts() {
		if p.pattern != "/{article}" && p.pattern != "/" {
			continue
		}
		var fonts, answered, held atomic.Int32
		straight := httputil.NewSingleHostReverseProxy(origin)
		line := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			kind := r.Header.Get("Sec-Fetch-Dest")
			if kind == "document" || kind == "style" || kind == "font" && fonts.Add(1) <= 2 {
				answered.Add(1)
				straight.ServeHTTP(w, r)
				return
			}
			held.Add(1)
			<-r.Context().Done()
		}))
		t.Cleanup(line.Close)
		b := newTab(t, &house{t: t, process: &process{said: map[string]string{"readers": line.URL, "newsroom": line.URL}}}) // with nothing kept from before
		b.width(narrow)
		set(b, page.Navigate, page.NavigateParams{URL: line.URL + p.path})
		b.do(chromedp.Poll[chromedp.Void](`performance.getEntriesByName("first-contentful-paint").length > 0`))
		if answered.Load() > few || held.Load() == 0 {
			t.Errorf("%s: %d requests were answered, %d held", p.path, answered.Load(), held.Load())
		}
	}
}
