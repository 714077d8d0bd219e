package wire

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"dateline/internal/story"
)

// Limits of one item. What is longer is cut at a character, but for the guid, which is an
// identity, and for what no report has that many of.
const (
	maxGUID  = 2 << 10
	maxTitle = 1 << 10 // headline, slugline, byline, dateline, names
	maxNote  = 8 << 10 // usage, copyright, note to editors, captions, standfirst
	maxList  = 200     // topics, places, people, sources, pictures
)

// finish bounds and cleans what a format read, hashes its words, and leaves out what says
// nothing.
func finish(items []Item) ([]Item, error) {
	if len(items) > MaxItems {
		return nil, fmt.Errorf("holds more than %d items", MaxItems)
	}
	for i := range items {
		if err := items[i].tidy(); err != nil {
			return nil, err
		}
		items[i].Words = wordsOf(items[i])
	}
	return slices.DeleteFunc(items, Item.empty), nil
}

// empty reports whether an item says nothing: no words, no picture, and nothing taken back.
func (it Item) empty() bool {
	return it.Kind == KindText && it.Words == [32]byte{} && len(it.Pictures) == 0 && it.Status == Usable
}

func (it *Item) tidy() error {
	if it.GUID = clean(it.GUID); len(it.GUID) > maxGUID {
		return errors.New("holds an item whose guid is longer than 2 KiB")
	} else if it.GUID == "" && it.Kind == KindText {
		return errors.New("holds an item without a guid")
	}
	if !it.Embargo.Set && saysEmbargo(clean(it.EdNote), it.Slugline, it.Headline) {
		it.Embargo = Embargo{Set: true, Raw: it.EdNote} // in words, which no program reads: no end
	}
	for _, s := range []*string{&it.Version, &it.Slugline, &it.Headline, &it.Byline, &it.Dateline, &it.Located, &it.Provider} {
		*s = cut(clean(*s), maxTitle)
	}
	for _, s := range []*string{&it.Standfirst, &it.Copyright, &it.Usage, &it.EdNote, &it.Embargo.Raw} {
		*s = cut(clean(*s), maxNote)
	}
	it.Lang = language(it.Lang)
	if it.Urgency < 1 || it.Urgency > 9 {
		it.Urgency = 0
	}
	if it.Status == "" {
		it.Status = Usable
	}
	it.InfoSources, it.Places, it.People = tidyNames(it.InfoSources), tidyNames(it.Places), tidyNames(it.People)
	it.Topics = tidyTopics(it.Topics, it.Lang)
	it.Pictures = tidyPictures(it.Pictures)
	if it.Picture != nil {
		it.Picture.tidy()
	}
	it.dropRepeatedHeadline()
	return nil
}

// dropRepeatedHeadline takes a headline away from the head of the body, where some
// agencies write it again.
func (it *Item) dropRepeatedHeadline() {
	if len(it.Doc) > 1 && it.Headline != "" && fold(it.Doc[0].Plain()) == fold(it.Headline) {
		it.Doc = it.Doc[1:]
	}
}

func tidyNames(names []string) []string {
	var out []string
	for _, n := range names {
		if n = cut(clean(n), maxTitle); n != "" && len(out) < maxList && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

func tidyTopics(topics []story.Topic, lang string) []story.Topic {
	var out []story.Topic
	for _, t := range topics {
		t.Code = topicCode(cut(clean(t.Code), maxTitle))
		if t.Code == "" || len(out) == maxList || slices.ContainsFunc(out, func(o story.Topic) bool { return o.Code == t.Code }) {
			continue
		}
		labels := map[string]string{}
		for l, name := range t.Labels {
			if l = language(l); l == "" {
				l = lang
			}
			if l == "" {
				l = "en"
			}
			if name = cut(clean(name), maxTitle); name != "" {
				labels[l] = name
			}
		}
		t.Labels = labels
		out = append(out, t)
	}
	return out
}

// topicCode writes a Media Topic the same way, however an agency points at it.
func topicCode(code string) string {
	if _, number, ok := strings.Cut(code, "/newscodes/mediatopic/"); ok {
		return "medtop:" + number
	}
	return code
}

func tidyPictures(refs []PictureRef) []PictureRef {
	var out []PictureRef
	for _, p := range refs {
		p.tidy()
		if p.GUID == "" && p.File == "" || len(out) == maxList {
			continue
		}
		out = append(out, p)
	}
	return out
}

func (p *PictureRef) tidy() {
	for _, s := range []*string{&p.Version, &p.Credit.Line, &p.Credit.Photographer, &p.Credit.Agency} {
		*s = cut(clean(*s), maxTitle)
	}
	for _, s := range []*string{&p.Caption, &p.Alt} {
		*s = cut(clean(*s), maxNote)
	}
	if p.GUID = clean(p.GUID); len(p.GUID) > maxGUID {
		p.GUID = ""
	}
	p.Width, p.Height = max(p.Width, 0), max(p.Height, 0)
	if p.Address = story.SafeLink(p.Address); len(p.Address) > maxGUID || strings.HasPrefix(strings.ToLower(p.Address), "mailto:") {
		p.Address = ""
	}
}

// language is a BCP 47 tag as it should be written, or "" for what is none.
func language(tag string) string {
	tag = strings.ReplaceAll(strings.TrimSpace(tag), "_", "-")
	base, rest, more := strings.Cut(tag, "-")
	base = strings.ToLower(base)
	if now, old := map[string]string{"iw": "he", "in": "id", "ji": "yi"}[base]; old {
		base = now
	}
	if more {
		base += "-" + rest
	}
	bad := func(r rune) bool {
		return r != '-' && (r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r))
	}
	if len(base) < 2 || len(base) > 35 || strings.ContainsFunc(base, bad) {
		return ""
	}
	return base
}

// cut shortens to at most n bytes, at a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xc0 == 0x80 {
		n--
	}
	return strings.TrimSpace(s[:n])
}

// clean makes text NFC, one line, without what a reader cannot see.
func clean(s string) string {
	return norm.NFC.String(strings.Join(strings.Fields(strings.Map(visible, strings.ToValidUTF8(s, "\uFFFD"))), " "))
}

// visible maps every white space to a space and drops what is not text: control
// characters, those that turn the direction of what follows them, and those without width
// (joiners and direction marks apart, which scripts need).
func visible(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsControl(r),
		r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x206f, // overrides, isolates, deprecated
		r == 0x00ad, r == 0x200b, r == 0x2060, r == 0xfeff, // soft hyphen, zero widths
		r >= 0xfff9 && r <= 0xfffb, r >= 0xe0000 && r <= 0xe007f, // annotations, tags
		r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef: // no characters at all
		return -1
	}
	return r
}
