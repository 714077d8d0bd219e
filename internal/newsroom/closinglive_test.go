package newsroom_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/internal/newsroom"
	"dateline/internal/store/storetest"
	"dateline/internal/story"
)

// closesSoon opens the page, comes to two hours before New York rests, and returns its line.
func (p *livePair) closesSoon() newsroom.HeldLine {
	p.t.Helper()
	p.opened()
	p.now = newYorkCloses.Add(-2 * time.Hour)
	_, err := p.room.Step(p.t.Context())
	p.must(err)
	p.rina, p.dana = p.in("Rina"), p.in("Dana")
	return p.line()
}

func (p *livePair) line() newsroom.HeldLine {
	p.t.Helper()
	v := p.closing()
	i := slices.IndexFunc(v.Lines, func(l newsroom.HeldLine) bool { return l.ID == p.page })
	if i < 0 {
		return newsroom.HeldLine{}
	}
	return v.Lines[i]
}

func (p *livePair) closing() newsroom.ClosingView {
	p.t.Helper()
	v, err := p.room.Closing(p.t.Context(), p.rina, p.ny)
	p.must(err)
	return v
}

func (p *livePair) end(choice string, to story.DeskID) error {
	return p.room.EndLine(p.t.Context(), p.rina, newsroom.LineEnd{Key: p.key(), Desk: p.ny, Subject: string(p.page), Choice: choice, To: to})
}

// rests lets New York rest, and returns the receipt.
func (p *livePair) rests() newsroom.Receipt {
	p.t.Helper()
	p.now = newYorkCloses
	_, err := p.room.Step(p.t.Context())
	p.must(err)
	last := p.closing().Last
	if last == nil || len(last.Receipt.Unaccounted) > 0 {
		p.t.Fatalf("the receipt is %+v", last)
	}
	return last.Receipt
}

func has(lines []newsroom.ReceiptLine, page story.ArticleID) bool {
	return slices.ContainsFunc(lines, func(l newsroom.ReceiptLine) bool { return l.Subject == string(page) })
}

// TestALivePageEndsBeforeTheRest: an open live page is a line though its text is as it was
// posted, is given to none but its own desks, and is sent by being closed.
func TestALivePageEndsBeforeTheRest(t *testing.T) {
	storetest.Each(t, func(t *testing.T, address string) {
		p := newLivePair(t, address)
		if l := p.closesSoon(); !l.Live || !l.Unchanged || l.Default != newsroom.HoldIt {
			t.Fatalf("its line is %+v", l)
		}
		h, err := p.room.House(t.Context())
		p.must(err)
		london, _ := h.Desk("london")
		if err := p.end(newsroom.GiveAway, london.ID); err == nil || !strings.Contains(err.Error(), "none of its desks") {
			t.Errorf("given to London: %v", err)
		}
		p.must(p.end(newsroom.GiveAway, p.jlm))
		if l := p.line(); l.Offer == nil || l.Offer.To != p.jlm {
			t.Errorf("given to Jerusalem it is %+v", l)
		}
		p.must(p.end(newsroom.SendBefore, ""))
		if l := p.line(); l.Offer != nil || len(l.Acts) != 1 || l.Acts[0].What != story.CloseLive {
			t.Errorf("sent before it is %+v", l)
		}
		p.must(p.end(newsroom.SendBefore, "")) // which is filed once
		p.now = p.now.Add(11 * time.Second)
		_, err = p.room.Step(t.Context())
		p.must(err)
		if l := p.line(); l.ID != "" {
			t.Errorf("it is closed, and its line is %+v", l)
		}
		if kept := p.kept(); len(kept) != 2 || kept[1] != "close ny speaks" {
			t.Errorf("the record has %q", kept)
		}
		if r := p.rests(); !has(r.Sent, p.page) || has(r.Held, p.page) {
			t.Errorf("the receipt is %+v", r)
		}
	})
}

// TestDefaultsLeaveALivePageOpen, even while an entry of it is about to leave.
func TestDefaultsLeaveALivePageOpen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, address string) {
		p := newLivePair(t, address)
		p.closesSoon()
		f, err := p.room.Live(t.Context(), p.rina, newsroom.LiveWish{Key: p.key(), Page: p.page, What: story.AddLive, Desk: p.ny, Base: -1, Words: says("Still on its way.")})
		p.must(err)
		if f.State != story.Pending {
			t.Fatal(f.State)
		}
		_, err = p.room.EndLines(t.Context(), p.rina, p.key(), p.ny)
		p.must(err)
		if l := p.line(); l.Choice != newsroom.HoldIt {
			t.Errorf("its end is %+v", l)
		}
		p.now = p.now.Add(11 * time.Second)
		_, err = p.room.Step(t.Context())
		p.must(err)
		if kept := p.kept(); len(kept) != 2 || kept[1] != "add ny speaks Still on its way." {
			t.Errorf("the record has %q", kept)
		}
		if r := p.rests(); !has(r.Held, p.page) {
			t.Errorf("the receipt is %+v", r)
		}
	})
}
