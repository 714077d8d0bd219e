package look

import (
	"fmt"
	"strings"

	"dateline/internal/record"
)

// mixed are all the colours of a page.
type mixed struct {
	paper, paper2, ink, ink2, rule, rule2, live, duty, rest, restFill, focus, mark rgb
}

// What is mixed in where nobody chooses: the marks of focus and of what was searched for.
var (
	blue   = [2]rgb{parsed("#0a58ca"), parsed("#8ab8ff")} // on light paper, on dark
	yellow = parsed("#f7cf35")
)

// mix makes the rest of a page's colours of those that were chosen.
func mix(c record.Colours) (m mixed) {
	m = mixed{paper: parsed(c.Paper), ink: parsed(c.Ink), live: parsed(c.Live), duty: parsed(c.Duty), rest: parsed(c.Rest)}
	m.paper2 = m.paper.toward(m.ink, 0.045)
	m.ink2 = faded(m.ink, m.paper, quiet, m.paper, m.paper2)
	m.rule = m.paper.toward(m.ink, 0.17)
	m.rule2 = faded(m.ink, m.paper, ForControls+0.2, m.paper, m.paper2)
	m.restFill = m.paper.toward(m.rest, 0.13)
	m.focus = blue[0]
	if m.paper.luminance() < m.ink.luminance() {
		m.focus = blue[1]
	}
	if contrast(m.focus, m.paper) < ForControls {
		m.focus = m.ink
	}
	m.mark = m.paper
	for share := 0.45; share > 0.05; share -= 0.05 {
		if c := m.paper.toward(yellow, share); contrast(m.ink, c) >= ForText {
			m.mark = c
			break
		}
	}
	return m
}

// Quiet is the colour of words that stand back, as captions and credits do.
func Quiet(c record.Colours) string { return mix(c).ink2.String() }

func (m mixed) rules() string {
	var b strings.Builder
	for _, v := range []struct {
		name string
		rgb
	}{{"paper", m.paper}, {"paper-2", m.paper2}, {"ink", m.ink}, {"ink-2", m.ink2}, {"rule", m.rule}, {"rule-2", m.rule2}, {"live", m.live}, {"duty", m.duty},
		{"rest", m.rest}, {"rest-fill", m.restFill}, {"focus", m.focus}, {"mark", m.mark}} {
		fmt.Fprintf(&b, " --%s: %s;", v.name, v.rgb)
	}
	return b.String()
}

// Sheet is the end of a style sheet that draws pages in a look; "" where it says nothing
// that a style sheet does. A look that Check refuses makes none: its words could be rules.
func Sheet(l *record.Look) string {
	if l == nil || Check(*l) != nil {
		return ""
	}
	var b strings.Builder
	light, dark := Whole(l)
	if l.Light != (record.Colours{}) {
		fmt.Fprintf(&b, "@media screen { :root {%s } }\n", mix(light).rules())
	}
	if l.Light != (record.Colours{}) || l.Dark != (record.Colours{}) {
		fmt.Fprintf(&b, "@media screen and (prefers-color-scheme: dark) { :root {%s } }\n", mix(dark).rules())
	}
	if l.Logo != nil {
		fmt.Fprintf(&b, ":root { --plate: %s; }\n", light.Paper)
	}
	faces, _ := set(l.Faces)
	b.WriteString(faces.rules)
	return b.String()
}
