package wire

import (
	"cmp"
	"crypto/sha256"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"dateline/internal/story"
)

// silent are the formats that say nothing of status and embargo: what they leave out is
// not permission.
var silent = []string{"rss", "atom", "jpeg", "png", "gif", "webp"}

// Same reports whether b, which arrived after a with the same guid, is the same version:
// when number, own time or words agree. What takes back is never the same version,
// whatever else agrees: another status that b says, an embargo that a had not or had with
// another end, and the end of one under another number.
func Same(a, b Item) bool {
	saysStatus := b.Status != Usable || !slices.Contains(silent, b.Format)
	if saysStatus && a.Status != b.Status {
		return false
	}
	if b.Embargo.Set && (!a.Embargo.Set || !a.Embargo.Until.Equal(b.Embargo.Until)) {
		return false
	}
	numbered := a.Version != "" && b.Version != ""
	switch {
	case numbered && a.Version == b.Version:
		return true
	case numbered && a.Embargo.Set && !b.Embargo.Set:
		return false
	case !a.Sent.IsZero() && a.Sent.Truncate(time.Second).Equal(b.Sent.Truncate(time.Second)):
		return true
	case a.Kind == KindPicture && !numbered:
		return true // a file beside a report, or its name in a feed, has no versions
	}
	x, y := wordsOf(a), wordsOf(b)
	return x != [32]byte{} && x == y
}

// wordsOf hashes what an item says: headline and paragraphs, or a picture's caption and
// credit. Markup, white space and the shape of quotes and dashes are folded away, and
// nothing else: a correction of one point or sign is another version.
func wordsOf(it Item) [32]byte {
	var lines []string
	if it.Picture != nil {
		lines = append(lines, it.Picture.Caption, it.Picture.Credit.String())
	} else {
		lines = append(lines, it.Headline)
		for _, block := range it.Doc {
			lines = append(lines, block.Plain())
		}
	}
	words := fold(strings.Join(lines, " "))
	if words == "" {
		return [32]byte{}
	}
	return sha256.Sum256([]byte(words))
}

var shapes = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "‟", `"`, "«", `"`, "»", `"`, "״", `"`, "``", `"`, "''", `"`, "″", `"`,
	"‘", "'", "’", "'", "‚", "'", "‛", "'", "‹", "'", "›", "'", "׳", "'", "`", "'", "´", "'", "′", "'",
	"–", "-", "—", "-", "‐", "-", "‑", "-", "−", "-", "--", "-", "…", "...", "|", " ")

// fold brings the same words, however set, to the same letters.
func fold(s string) string {
	return norm.NFC.String(strings.Join(strings.Fields(shapes.Replace(clean(s))), " "))
}

// PictureOf finds the picture that a text names by a file, such as one that was dropped
// beside it: a picture without a guid is the picture of the same file name in the same item.
func PictureOf(text Item, file string) (PictureRef, bool) {
	if file = fileOf(file); file == "" {
		return PictureRef{}, false
	}
	i := slices.IndexFunc(text.Pictures, func(p PictureRef) bool { return strings.EqualFold(p.File, file) })
	if i < 0 {
		return PictureRef{}, false
	}
	return text.Pictures[i], true
}

// Merge adds to an item what another road of the same version knows and it does not.
func Merge(a, b Item) Item {
	a.Version = cmp.Or(a.Version, b.Version)
	if a.Sent.IsZero() {
		a.Sent = b.Sent
	}
	if !a.Embargo.Set {
		a.Embargo = b.Embargo
	}
	a.Urgency = cmp.Or(a.Urgency, b.Urgency)
	for _, f := range []struct{ to, from *string }{
		{&a.Lang, &b.Lang}, {&a.Slugline, &b.Slugline}, {&a.Headline, &b.Headline}, {&a.Standfirst, &b.Standfirst},
		{&a.Byline, &b.Byline}, {&a.Dateline, &b.Dateline}, {&a.Located, &b.Located}, {&a.Provider, &b.Provider},
		{&a.Copyright, &b.Copyright}, {&a.Usage, &b.Usage}, {&a.EdNote, &b.EdNote},
	} {
		*f.to = cmp.Or(*f.to, *f.from)
	}
	if b.Doc.Words() > a.Doc.Words() {
		a.Doc = b.Doc // a feed often has the first lines only
	}
	a.InfoSources, a.Topics, a.Places, a.People = longer(a.InfoSources, b.InfoSources), longer(a.Topics, b.Topics), longer(a.Places, b.Places), longer(a.People, b.People)
	a.Pictures = longer(a.Pictures, b.Pictures)
	if a.Picture == nil {
		a.Picture = b.Picture
	} else if b.Picture != nil {
		merged := a.Picture.merge(*b.Picture)
		a.Picture = &merged
	}
	a.Words = wordsOf(a)
	return a
}

func longer[T any](a, b []T) []T {
	if len(b) > len(a) {
		return b
	}
	return a
}

func (p PictureRef) merge(q PictureRef) PictureRef {
	p.GUID, p.Version, p.File = cmp.Or(p.GUID, q.GUID), cmp.Or(p.Version, q.Version), cmp.Or(p.File, q.File)
	p.Alt, p.Address = cmp.Or(p.Alt, q.Alt), cmp.Or(p.Address, q.Address)
	if len(q.Caption) > len(p.Caption) {
		p.Caption = q.Caption
	}
	p.Credit = mergeCredit(p.Credit, q.Credit)
	p.Width, p.Height = cmp.Or(p.Width, q.Width), cmp.Or(p.Height, q.Height)
	return p
}

func mergeCredit(a, b story.Credit) story.Credit {
	return story.Credit{Line: cmp.Or(a.Line, b.Line), Photographer: cmp.Or(a.Photographer, b.Photographer), Agency: cmp.Or(a.Agency, b.Agency)}
}
