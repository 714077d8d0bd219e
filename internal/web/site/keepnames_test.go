package site_test

import (
	"strings"
	"testing"

	"dateline/internal/edition/editiontest"
	"dateline/internal/record"
	"dateline/internal/story"
)

// TestAKeptPageWaitsForAQuotation posts what an article's relation leads to only after the
// article was read: its page is then drawn anew.
func TestAKeptPageWaitsForAQuotation(t *testing.T) {
	p := newPress(t, editiontest.Paper(t))
	quoting := func(lang, headline, id, words string) record.Article {
		c := editiontest.Text(lang, "city", headline, "", "A paragraph.")
		c.Quotations = []story.Quotation{{ID: id, Speaker: "Marion Tetlow", Words: []story.Words{{Text: words}}, Form: "direct"}}
		c.Doc = append(c.Doc, story.Block{ID: "b0000001", Kind: story.QuotationBlock, Quotation: id})
		return c
	}
	p.record.Post("art0000001", editiontest.London, p.clock(), quoting("en", "First", "q0000001", "The market stays."))
	p.record.Append(record.KindRelation, "abcdefgh01", editiontest.London, p.clock(), record.Relation{From: "q0000001", To: "q0000002", What: record.WalksBack, Words: "She took it back on the radio."})
	p.apply()
	at, before := follow(p.web, "/art0000001")
	if strings.Contains(before.Body.String(), "It must move.") {
		t.Fatal("the second quotation is shown before it is posted")
	}
	p.record.Post("art0000002", editiontest.London, p.clock(), quoting("he", "Second", "q0000002", "It must move."))
	p.apply()
	if now := get(p.web, at).Body.String(); !strings.Contains(now, "It must move.") {
		t.Error("the kept page does not show the quotation that its relation leads to")
	}
}
