package desk

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf16"

	"dateline/internal/newsroom"
	"dateline/internal/story"
)

// Words that somebody selects in a paragraph become a quotation in its place, and the form
// asks beside it who said them. The rest of what is known of it is on the page of quotations.

// quotePart names the inputs of a quotation in the form: they are not a part of the text of
// their own, all quotations are one.
func quotePart(id string) string { return "quote:" + id }

// fillQuote are the inputs of a quotation: who, in which capacity, on which occasion, and
// by whom it was reported.
func fillQuote(q story.Quotation) []string {
	return []string{q.Speaker, q.Capacity, q.Occasion, q.ReportedBy}
}

// quoteInputs draws them for every block that is a quotation.
func quoteInputs(t story.Text, version int) map[string]input {
	all := map[string]input{}
	for _, b := range t.Doc {
		if b.Kind == story.QuotationBlock {
			all[quotePart(b.ID)] = newInput(quotePart(b.ID), "q."+b.ID, version, fillQuote(quotationOf(t, b))...)
		}
	}
	return all
}

// quotationOf is the quotation that a block shows, or would.
func quotationOf(t story.Text, b story.Block) story.Quotation {
	i := slices.IndexFunc(t.Quotations, func(q story.Quotation) bool { return b.Quotation != "" && q.ID == b.Quotation })
	if i >= 0 {
		return t.Quotations[i]
	}
	return story.Quotation{ID: b.ID, Blocks: []string{b.ID}, Words: []story.Words{{Text: b.Plain()}}, Form: "direct"}
}

// quote divides a paragraph at the words that were selected. Browsers count in UTF-16.
func (s *saving) quote(id string) {
	values := s.form["b."+id]
	if len(values) < 2 || values[0] != string(story.Paragraph) || !slices.Contains(s.order, id) {
		return
	}
	text := utf16.Encode([]rune(newlines.Replace(values[1])))
	end := min(atoi(s.form.Get("quoteEnd")), len(text))
	start := min(atoi(s.form.Get("quoteStart")), end)
	part := func(u []uint16) string { return string(utf16.Decode(u)) }
	words := strings.Trim(oneOf(part(text[start:end])), `"“”„«»'`)
	if !story.Visible(words) {
		return
	}
	last, version, before := id, s.version("b."+id), paragraphs(part(text[:start]))
	if before[0] != "" {
		s.put(story.BlockPart(id), version, story.Block{ID: id, Kind: story.Paragraph, Spans: story.ParseSpans(oneOf(before[0]))})
		for _, more := range before[1:] {
			last = s.insertAfter(last, story.Block{Kind: story.Paragraph, Spans: story.ParseSpans(oneOf(more))})
		}
		last = s.insertAfter(last, story.Block{Kind: story.QuotationBlock, Spans: story.ParseSpans(words)})
		version = 0
	}
	b := story.Block{ID: last, Kind: story.QuotationBlock, Quotation: last, Spans: story.ParseSpans(words)}
	s.replace(version, b)
	s.quoted = last
	s.said = append(s.said, story.Quotation{ID: last, Blocks: []string{last}, Words: []story.Words{{Text: b.Plain()}}, Form: "direct",
		Place: s.v.Text.Dateline.Place, ReportedBy: reporterOf(s.v, id)})
	for _, more := range paragraphs(part(text[end:])) {
		if more != "" {
			last = s.insertAfter(last, story.Block{Kind: story.Paragraph, Spans: story.ParseSpans(oneOf(more))})
		}
	}
}

// reporterOf is the agency from which a block came, "" for the desk's own words.
func reporterOf(v newsroom.StoryView, block string) string {
	for _, rest := range v.Rests {
		if slices.Contains(rest.Parts, story.BlockPart(block)) {
			return rest.Item.Source
		}
	}
	return ""
}

// replace puts a block that this form has put before, or puts it.
func (s *saving) replace(version int, b story.Block) {
	s.parts = slices.DeleteFunc(s.parts, func(p newsroom.PartSave) bool { return p.Part == story.BlockPart(b.ID) })
	s.put(story.BlockPart(b.ID), version, b)
}

// quotations keeps the words of a quotation with the block that shows them, what was typed
// of it, and those that are new.
func (s *saving) quotations() {
	all, dirty := append(slices.Clone(s.v.Text.Quotations), s.said...), len(s.said) > 0
	for _, p := range slices.Clone(s.parts) {
		var b story.Block
		if !strings.HasPrefix(p.Part, "block:") || p.Base != s.v.Parts[p.Part].Version || json.Unmarshal(p.Body, &b) != nil || b.Quotation == "" {
			continue
		}
		for i := range all {
			if all[i].ID == b.Quotation {
				all[i].Words, dirty = []story.Words{{Text: b.Plain()}}, true
			}
		}
	}
	for _, b := range s.v.Text.Doc {
		values, yes := s.typed("q." + b.ID)
		if !yes || b.Kind != story.QuotationBlock || len(values) < 4 {
			continue
		}
		q := quotationOf(s.v.Text, b)
		i := slices.IndexFunc(all, func(old story.Quotation) bool { return old.ID == q.ID })
		if i < 0 {
			all, i = append(all, q), len(all)
		}
		if speaker := oneOf(values[0]); speaker != all[i].Speaker {
			all[i].Speaker, all[i].Person = speaker, ""
		}
		all[i].Capacity, all[i].Occasion, all[i].ReportedBy, dirty = oneOf(values[1]), oneOf(values[2]), oneOf(values[3]), true
		s.bind(b, q.ID)
	}
	if dirty {
		s.put("quotations", s.version("quotations"), all)
	}
}

// bind has a block show a quotation, with what this form has put of the block already.
func (s *saving) bind(b story.Block, quotation string) {
	if b.Quotation == quotation {
		return
	}
	for i, p := range s.parts {
		var now story.Block
		if p.Part == story.BlockPart(b.ID) && json.Unmarshal(p.Body, &now) == nil {
			if now.Kind != story.QuotationBlock {
				return
			}
			now.Quotation = quotation
			s.parts = slices.Delete(s.parts, i, i+1)
			s.put(p.Part, p.Base, now)
			return
		}
	}
	b.Quotation = quotation
	s.put(story.BlockPart(b.ID), s.v.Parts[story.BlockPart(b.ID)].Version, b)
}
