package desk

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"dateline/internal/newsroom"
	"dateline/internal/story"
)

// saveQuotations keeps who said what, to whom and when. The words are the blocks' own.
func (d *desk) saveQuotations(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	id, err := articleID(r)
	if err != nil {
		return err
	}
	saved, err := d.typedQuotations(r, who, id)
	if _, refused := story.AsRefusal(err); refused {
		return d.drawQuotations(w, r, who, err)
	}
	if err != nil {
		return err
	}
	said := "saved"
	if len(saved.Clashes) > 0 {
		http.Redirect(w, r, "/stories/"+string(id)+"?said=clash", http.StatusSeeOther)
		return nil
	}
	http.Redirect(w, r, "/stories/"+string(id)+"/quotations?said="+said, http.StatusSeeOther)
	return nil
}

func (d *desk) typedQuotations(r *http.Request, who newsroom.Who, id story.ArticleID) (saved newsroom.Saved, err error) {
	v, err := d.room.Story(r.Context(), who, id)
	if err != nil {
		return saved, err
	}
	all := quotationsOf(v.Text)
	parts := []newsroom.PartSave{}
	for i, q := range all {
		if !r.PostForm.Has("speaker." + q.ID) {
			continue // it came since the form was drawn
		}
		if all[i], err = typedQuotation(r, q, v.Desk.Zone); err != nil {
			return saved, err
		}
		at := v.Text.Doc.Find(q.ID)
		if at >= 0 && v.Text.Doc[at].Quotation == "" && v.Text.Doc[at].Kind == story.QuotationBlock {
			b := v.Text.Doc[at]
			b.Quotation = q.ID
			if parts, err = withPart(parts, story.BlockPart(b.ID), v.Parts[story.BlockPart(b.ID)].Version, b); err != nil {
				return saved, err
			}
		}
	}
	if parts, err = withPart(parts, "quotations", atoi(r.PostFormValue("version")), all); err != nil {
		return saved, err
	}
	return d.room.Save(r.Context(), who, newsroom.Saving{Key: r.PostFormValue("key"), Article: id, Parts: parts})
}

func withPart(parts []newsroom.PartSave, name string, base int, value any) ([]newsroom.PartSave, error) {
	body, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("saving %s: %w", name, err)
	}
	return append(parts, newsroom.PartSave{Part: name, Base: base, Body: body}), nil
}

// typedQuotation reads what was typed of a quotation. Another speaker is another person.
func typedQuotation(r *http.Request, q story.Quotation, zone *time.Location) (story.Quotation, error) {
	get := func(name string) string { return oneOf(r.PostFormValue(name + "." + q.ID)) }
	if speaker := get("speaker"); speaker != q.Speaker {
		q.Speaker, q.Person = speaker, ""
	}
	q.Form, q.Capacity, q.Occasion, q.Place, q.ReportedBy = get("form"), get("capacity"), get("occasion"), get("place"), get("by")
	said := get("said")
	if said == "" {
		q.Said = time.Time{}
		return q, nil
	}
	at, err := time.ParseInLocation(saidFormat, said, zone)
	if err != nil || at.Year() < 1000 || at.Year() > 9998 || at.Format(saidFormat) != said {
		return q, story.Refuse(story.Invalid, "When it was said is a day and an hour in the desk’s city, such as 2024-03-22 14:31; %.40q is not.", said)
	}
	if at.Format(saidFormat) != q.Said.In(zone).Format(saidFormat) {
		q.Said = at.UTC() // otherwise its seconds stay
	}
	return q, nil
}
