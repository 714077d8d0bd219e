package site_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"dateline/internal/record"
	"dateline/internal/web/site"
)

// TestAFrontPageKnowsItsArrangement: a page that shows what editors arranged last is not
// told, once it is open, that they arranged it.
func TestAFrontPageKnowsItsArrangement(t *testing.T) {
	p := newKiosk(t).found().print()
	p.web = site.New(p.edition, site.Options{Now: func() time.Time { return p.now }, Log: slog.New(slog.DiscardHandler), Live: runLive(t, p.edition, func() time.Time { return p.now })})
	p.add("2024-03-22T19:30:00Z", record.KindFront, "desk-n", "en", record.Front{Lang: "en", Rest: "newest", Places: []record.FrontPlace{{Article: harbour}}})
	if body := p.get("/").Body.String(); !strings.Contains(body, `data-after="1-14"`) || p.n != 14 {
		t.Errorf("entry %d, and the page is told what comes after %.20s", p.n, body[strings.Index(body, "data-after")+11:])
	}
}
