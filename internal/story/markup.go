package story

import "strings"

// The plain form edits a block as light markup: **strong**, _emphasis_ and
// [words](https://address). A backslash takes the next mark literally. ParseSpans and
// FormatSpans are each other's inverse on every value that ParseSpans returns.

const marks = `*_[]\`

// ParseSpans reads light markup, in a time that grows with its length. It never fails: a
// mark without its partner is text.
func ParseSpans(markup string) []Span {
	p := spanParser{in: markup, afterLink: -1}
	p.run(Span{}, "")
	p.end()
	return p.out
}

type spanParser struct {
	in        string
	at        int
	afterLink int // where the last link ended
	out       []Span
	last      Span            // the span that grows now, without its text
	text      strings.Builder // its text
	next      map[string]int  // where each mark comes next, as far as that was looked up
}

// run reads text in the style of now until the closing mark (or the end, for "").
func (p *spanParser) run(now Span, until string) {
	from := p.at
	flush := func() { p.add(now, p.in[from:p.at]) }
	for p.at < len(p.in) {
		rest := p.in[p.at:]
		switch {
		case until != "" && strings.HasPrefix(rest, until):
			flush()
			p.at += len(until)
			return
		case rest[0] == '\\' && len(rest) > 1 && strings.IndexByte(marks, rest[1]) >= 0:
			flush()
			from = p.at + 1
			p.at += 2
		case strings.HasPrefix(rest, "**") && !now.Strong && p.closes(p.at+2, "**"):
			flush()
			p.at += 2
			p.run(Span{Strong: true, Em: now.Em, Link: now.Link}, "**")
			from = p.at
		case rest[0] == '_' && !now.Em && p.opensWord() && p.closes(p.at+1, "_"):
			flush()
			p.at++
			p.run(Span{Strong: now.Strong, Em: true, Link: now.Link}, "_")
			from = p.at
		case rest[0] == '[' && now.Link == "":
			words, address, after := p.link()
			if address == "" {
				p.at++
				continue
			}
			flush()
			p.linked(now, words, address)
			p.at, p.afterLink, from = after, after, after
		default:
			p.at++
		}
	}
	flush()
}

// link reads [words](address) at the parser's place; address is "" if no link stands there.
func (p *spanParser) link() (words, address string, after int) {
	end := p.find(p.at+1, "]")
	if end <= p.at+1 || !strings.HasPrefix(p.in[end+1:], "(") {
		return "", "", 0
	}
	shut := p.find(end+2, ")")
	if shut < 0 {
		return "", "", 0
	}
	return p.in[p.at+1 : end], SafeLink(p.in[end+2 : shut]), shut + 1
}

// linked adds the words of a link, which have styles of their own.
func (p *spanParser) linked(now Span, words, address string) {
	inner := spanParser{in: words, afterLink: -1}
	inner.run(Span{Strong: now.Strong, Em: now.Em, Link: address}, "")
	inner.end()
	for _, s := range inner.out {
		p.add(s, s.Text)
	}
}

// add appends text in the style of s, joined to the span before where styles agree.
func (p *spanParser) add(s Span, text string) {
	if text == "" {
		return
	}
	if s.Text = ""; s != p.last {
		p.end()
		p.last = s
	}
	p.text.WriteString(text)
}

func (p *spanParser) end() {
	if p.text.Len() > 0 {
		p.last.Text = p.text.String()
		p.out = append(p.out, p.last)
		p.text.Reset()
	}
}

// opensWord keeps snake_case literal: an underscore opens emphasis only where a word can
// begin, as it can right after a link.
func (p *spanParser) opensWord() bool {
	return p.at == 0 || p.at == p.afterLink || strings.IndexByte(" \n\t([*\"'", p.in[p.at-1]) >= 0 || p.in[p.at-1] >= 0x80
}

// closes reports whether mark comes after from, with something between.
func (p *spanParser) closes(from int, mark string) bool { return p.find(from, mark) > from }

// find returns where mark comes next from a place on, or -1. It looks through each part of
// the text once, since the place only moves on.
func (p *spanParser) find(from int, mark string) int {
	at, known := p.next[mark]
	if !known || (at >= 0 && at < from) {
		if at = unescaped(p.in[from:], mark); at >= 0 {
			at += from
		}
		if p.next == nil {
			p.next = map[string]int{}
		}
		p.next[mark] = at
	}
	return at
}

// unescaped finds mark in s, passing over marks behind a backslash.
func unescaped(s, mark string) int {
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' {
			i++
			continue
		}
		if strings.HasPrefix(s[i:], mark) {
			return i
		}
	}
	return -1
}

// FormatSpans writes spans as the light markup that ParseSpans reads.
func FormatSpans(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		text := escapeMarks(s.Text)
		if s.Em {
			text = "_" + text + "_"
		}
		if s.Strong {
			text = "**" + text + "**"
		}
		if s.Link != "" {
			text = "[" + text + "](" + strings.ReplaceAll(s.Link, ")", "%29") + ")"
		}
		b.WriteString(text)
	}
	return b.String()
}

func escapeMarks(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if strings.IndexByte(marks, s[i]) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
