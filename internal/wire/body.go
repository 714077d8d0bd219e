package wire

import (
	"errors"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"

	"dateline/internal/story"
)

// Limits of one body. What is larger is no report.
const (
	maxBlocks = 5_000
	maxSpans  = 20_000
	maxImages = maxList
)

var errLong = errors.New("holds a text of more than 5,000 paragraphs or 20,000 changes of style")

// A body is what was read of a report's text: its blocks and the pictures it names.
type body struct {
	doc    story.Doc
	images []PictureRef
}

// textBody reads plain text: a blank line begins a paragraph or, where there is none,
// every line end does.
func textBody(source string) (body, error) {
	source = strings.ReplaceAll(source, "\r\n", "\n")
	if strings.Contains(strings.TrimSpace(source), "\n\n") {
		return split(source, "\n\n")
	}
	return split(source, "\n")
}

func split(source, by string) (body, error) {
	var b builder
	for p := range strings.SplitSeq(source, by) {
		b.text([]byte(p))
		if b.flush(); b.over {
			return body{}, errLong
		}
	}
	return b.end()
}

// htmlBody reads HTML, as it is found in feeds and JSON, through an allow-list. It reads
// tokens, not a tree: nothing that a page nests can cost more than its own length.
func htmlBody(source string) (body, error) {
	if !strings.Contains(source, "<") {
		return split(strings.ReplaceAll(html.UnescapeString(source), "\r\n", "\n"), "\n\n")
	}
	var b builder
	z := html.NewTokenizer(strings.NewReader(source))
	for !b.over {
		switch z.Next() {
		case html.ErrorToken: // the end; a Reader of a string has no other
			return b.end()
		case html.TextToken:
			b.text(z.Text())
		case html.StartTagToken:
			name, attr := tag(z)
			b.open(name, attr)
		case html.SelfClosingTagToken:
			name, attr := tag(z)
			b.open(name, attr)
			if !rawText[name] { // these are closed by their end tag alone
				b.close(name)
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			b.close(string(name))
		}
	}
	return body{}, errLong
}

// tag reads a start tag. Attributes are read of those elements only that have any here.
func tag(z *html.Tokenizer) (string, map[string]string) {
	raw, more := z.TagName()
	name := string(raw)
	if !more || name != "a" && name != "img" && name != "td" && name != "th" {
		return name, nil
	}
	attr := map[string]string{}
	for n := 0; more && n < maxAttributes; n++ {
		var k, v []byte
		k, v, more = z.TagAttr()
		if _, twice := attr[string(k)]; !twice {
			attr[string(k)] = string(v)
		}
	}
	return name, attr
}

// plain is the text of a string that may hold markup, as titles and captions do.
func plain(source string) string {
	if i := strings.IndexByte(source, '<'); i < 0 || !strings.Contains(source[i:], ">") {
		return html.UnescapeString(source)
	}
	b, err := htmlBody(source)
	if err != nil {
		return ""
	}
	lines := make([]string, len(b.doc))
	for i, block := range b.doc {
		lines[i] = block.Plain()
	}
	return strings.Join(lines, " ")
}

// tidySpans makes the text of one block: runs of white space are one space, ends are
// trimmed, what cannot be seen is dropped, and neighbours of one style are joined.
func tidySpans(raw []run) []story.Span {
	var out []story.Span
	var text strings.Builder // of the style that is being read
	var style story.Span
	end := func() {
		if s := style; text.Len() > 0 {
			s.Text = norm.NFC.String(text.String())
			out = append(out, s)
			text.Reset()
		}
	}
	space := true // so that none stands first
	for _, r := range raw {
		for _, c := range strings.ToValidUTF8(string(r.text), "\uFFFD") {
			if c = visible(c); c == ' ' && space || c < 0 {
				continue
			}
			if r.style != style {
				end()
				style = r.style
			}
			space = c == ' '
			text.WriteRune(c)
		}
	}
	end()
	for n := len(out); n > 0; n = len(out) {
		if out[n-1].Text = strings.TrimRight(out[n-1].Text, " "); out[n-1].Text != "" {
			break
		}
		out = out[:n-1]
	}
	return out
}
