package story

import "strings"

// The plain form edits a block as light markup: **strong**, _emphasis_ and
// [words](https://address). A backslash takes the next mark literally. ParseSpans and
// FormatSpans are each other's inverse on every value that ParseSpans returns.

const marks = `*_[]\`

// ParseSpans reads light markup. It never fails: a mark without its partner is text.
func ParseSpans(markup string) []Span {
	p := spanParser{in: markup}
	p.run(Span{}, "")
	return p.out
}

type spanParser struct {
	in  string
	at  int
	out []Span
}

// run reads text in the style of now until the closing mark (or the end, for "").
func (p *spanParser) run(now Span, until string) {
	var text strings.Builder
	flush := func() {
		p.add(now, text.String())
		text.Reset()
	}
	for p.at < len(p.in) {
		rest := p.in[p.at:]
		switch {
		case until != "" && strings.HasPrefix(rest, until):
			p.at += len(until)
			flush()
			return
		case rest[0] == '\\' && len(rest) > 1 && strings.IndexByte(marks, rest[1]) >= 0:
			text.WriteByte(rest[1])
			p.at += 2
		case strings.HasPrefix(rest, "**") && !now.Strong && closes(rest[2:], "**"):
			flush()
			p.at += 2
			p.run(Span{Strong: true, Em: now.Em, Link: now.Link}, "**")
		case rest[0] == '_' && !now.Em && p.opensWord() && closes(rest[1:], "_"):
			flush()
			p.at++
			p.run(Span{Strong: now.Strong, Em: true, Link: now.Link}, "_")
		case rest[0] == '[' && now.Link == "":
			if !p.link(now, flush, &text) {
				text.WriteByte('[')
				p.at++
			}
		default:
			text.WriteByte(rest[0])
			p.at++
		}
	}
	flush()
}

// link reads [words](address) at the parser's place, if that is what stands there.
func (p *spanParser) link(now Span, flush func(), text *strings.Builder) bool {
	rest := p.in[p.at:]
	end := unescaped(rest[1:], "]")
	if end < 0 || !strings.HasPrefix(rest[1+end+1:], "(") {
		return false
	}
	tail := rest[1+end+2:]
	shut := strings.IndexByte(tail, ')')
	if shut < 0 {
		return false
	}
	address := SafeLink(tail[:shut])
	if address == "" || end == 0 {
		return false
	}
	flush()
	inner := spanParser{in: rest[1 : 1+end]}
	inner.run(Span{Strong: now.Strong, Em: now.Em, Link: address}, "")
	for _, s := range inner.out {
		p.add(Span{Strong: s.Strong, Em: s.Em, Link: s.Link}, s.Text)
	}
	p.at += 1 + end + 2 + shut + 1
	return true
}

// add appends text in the style of s, joined to the span before where styles agree.
func (p *spanParser) add(s Span, text string) {
	if text == "" {
		return
	}
	if n := len(p.out); n > 0 {
		last := &p.out[n-1]
		if last.Strong == s.Strong && last.Em == s.Em && last.Link == s.Link {
			last.Text += text
			return
		}
	}
	s.Text = text
	p.out = append(p.out, s)
}

// opensWord keeps snake_case literal: an underscore opens emphasis only at a word's start.
func (p *spanParser) opensWord() bool {
	return p.at == 0 || strings.IndexByte(" \n\t([*\"'", p.in[p.at-1]) >= 0 || p.in[p.at-1] >= 0x80
}

func closes(rest, mark string) bool { return unescaped(rest, mark) > 0 }

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
