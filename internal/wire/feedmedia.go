package wire

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/mmcdole/gofeed"
	ext "github.com/mmcdole/gofeed/extensions"

	"dateline/internal/story"
)

// feedPictures are the pictures of a feed's item: those of Media RSS, else enclosures,
// else those in its text, else its thumbnail.
func feedPictures(i *gofeed.Item, inBody []PictureRef) (out []PictureRef) {
	media := i.Extensions["media"]
	for _, group := range media["group"] {
		if p, ok := widest(group.Children["content"], group.Children, media); ok {
			out = append(out, p) // the forms of a group are one picture
		}
	}
	for _, c := range media["content"] {
		if p, ok := mediaPicture(c, media); ok && !slices.ContainsFunc(out, func(o PictureRef) bool { return o.File == p.File }) {
			out = append(out, p)
		}
	}
	for _, e := range i.Enclosures {
		if len(out) == 0 && isImage(e.Type, e.URL) {
			out = append(out, PictureRef{}.at(e.URL))
		}
	}
	if len(out) == 0 {
		out = inBody
	}
	if len(out) == 0 {
		if p, ok := widest(media["thumbnail"], media); ok {
			out = append(out, p)
		}
	}
	return out
}

// widest is the picture of the most columns among several forms of one.
func widest(forms []ext.Extension, around ...map[string][]ext.Extension) (best PictureRef, ok bool) {
	for _, c := range forms {
		if p, is := mediaPicture(c, around...); is && (!ok || p.Width > best.Width) {
			best, ok = p, true
		}
	}
	return best, ok
}

// mediaPicture reads one media:content. What it does not say itself, its group or its
// item says for it.
func mediaPicture(c ext.Extension, around ...map[string][]ext.Extension) (PictureRef, bool) {
	address := c.Attrs["url"]
	if medium := c.Attrs["medium"]; medium != "" && medium != "image" || medium == "" && !isImage(c.Attrs["type"], address) || fileOf(address) == "" {
		return PictureRef{}, false
	}
	find := func(name string) []ext.Extension {
		found := c.Children[name]
		for _, m := range around {
			if len(found) == 0 {
				found = m[name]
			}
		}
		return found
	}
	p := PictureRef{Caption: plain(cmp.Or(said(find("description")), said(find("text")), said(find("title")))), Credit: mediaCredit(find("credit"))}.at(address)
	if p.Credit.String() == "" {
		p.Credit.Line = plain(said(find("copyright")))
	}
	p.Width, _ = strconv.Atoi(c.Attrs["width"]) // 0 where it is no number
	p.Height, _ = strconv.Atoi(c.Attrs["height"])
	return p, true
}

// said is the first that says something.
func said(all []ext.Extension) string {
	for _, x := range all {
		if s := strings.TrimSpace(x.Value); s != "" {
			return s
		}
	}
	return ""
}

// mediaCredit sorts credits by their roles. One that names two at once is a line.
func mediaCredit(all []ext.Extension) (c story.Credit) {
	for _, x := range all {
		name := plain(strings.TrimSpace(x.Value))
		role := strings.ToLower(x.Attrs["role"])
		switch {
		case name == "":
		case strings.Contains(name, "/"), strings.Contains(name, " via "), role == "":
			c.Line = cmp.Or(c.Line, name)
		case strings.Contains(role, "photo"), strings.Contains(role, "author"), strings.Contains(role, "artist"):
			c.Photographer = cmp.Or(c.Photographer, name)
		default:
			c.Agency = cmp.Or(c.Agency, name)
		}
	}
	return c
}
