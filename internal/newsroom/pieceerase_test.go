package newsroom_test

import (
	"strings"
	"testing"
	"time"

	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/store/storetest"
	"dateline/internal/story"
)

// TestAnErasedPieceLeavesNoWord erases a page, a person and a story that a relation is
// about, posted and waiting, and looks for their words in every row of the store.
func TestAnErasedPieceLeavesNoWord(t *testing.T) { storetest.Each(t, anErasedPieceLeavesNoWord) }

func anErasedPieceLeavesNoWord(t *testing.T, address string) {
	p := &pair{t: t, now: begin}
	p.room, p.db = roomIn(t, address, &p.now)
	p.add("Noam", 0)
	rina, noam := p.in("Rina"), p.in("Noam")
	h, err := p.room.House(t.Context())
	p.must(err)
	d := &atDesk{t: t, now: p.now, room: p.room, db: p.db, who: rina, desk: h.Desks[0].ID}
	const word = "Xylocanary"
	page := record.Page{Slug: "about", Lang: "en", Title: word, Doc: story.ParseDoc(word + " prints.")}
	made, err := p.room.PutPage(t.Context(), rina, d.wish(""), page)
	p.must(err)
	person, err := p.room.PutPerson(t.Context(), rina, d.wish(""), record.Person{Names: record.Words{"en": word + " Tetlow"}, Line: record.Words{"en": word}})
	p.must(err)
	one, said := d.post("Rain", "Ida", "It rains.")
	two, unsaid := d.post("Sun", "Ida", "It shines.")
	related := newsroom.RelationWish{From: newsroom.End{Article: one, Quotation: said}, To: newsroom.End{Article: two, Quotation: unsaid}, What: record.Disputes, Words: word}
	_, err = p.room.PutRelation(t.Context(), rina, d.wish(""), related)
	p.must(err)
	p.now = p.now.Add(72 * time.Hour) // Saturday: what is filed now waits
	rina, noam = p.in("Rina"), p.in("Noam")
	page.Title = word + " again"
	waits, err := p.room.PutPage(t.Context(), rina, d.wish(made.ID), page)
	p.must(err)
	related.Words = word + " again"
	_, err = p.room.PutRelation(t.Context(), rina, d.wish(""), related)
	p.must(err)
	if waits.State != story.Pending || !strings.Contains(strings.Join(state(t, address), "\n"), word) {
		t.Fatal("the test looks for words that were never there")
	}
	for _, w := range []newsroom.ErasureWish{{Piece: made.ID}, {Person: person.ID}, {Article: two}} {
		w.Key, w.Wording, w.Ordered = p.key(), "By order of a court.", "2024-03-19"
		asked, err := p.room.AskErase(t.Context(), rina, w)
		p.must(err)
		filed, err := p.room.ConfirmErase(t.Context(), noam, p.key(), asked)
		p.must(err)
		if filed.State != story.Posted {
			t.Errorf("%+v: %+v", w, filed)
		}
	}
	for _, row := range state(t, address) {
		if strings.Contains(row, word) || strings.Contains(strings.ToLower(row), "xylocanary") {
			t.Errorf("a word is left in %.300s", row)
		}
	}
	_, err = p.room.PutPage(t.Context(), rina, d.wish(made.ID), page)
	refused(t, err, story.Conflict, "gone for good")
	if _, err := p.room.AskErase(t.Context(), rina, newsroom.ErasureWish{Key: p.key(), Piece: "0123456789", Wording: "By order.", Ordered: "2024-03-19"}); err == nil {
		t.Error("what is not there is erased")
	}
	p.verifies()
}
