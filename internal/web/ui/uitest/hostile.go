// Package uitest has what tests of pages share: strings that try to become markup or
// script, and the shape of a page, by which a test sees whether one of them did.
package uitest

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// leaves are ways out of where a page may put words: an element's text, an attribute with
// either quote or with none, a comment, a script, a style, an element that reads its text
// otherwise, and codings that somebody may undo.
var leaves = []string{
	"", `">`, `'>`, ">", "`>", `" `, `' `, " ", "`", `\">`, "</title>", "</textarea>", "</script>", "</style>", "-->", "--!>", "]]>", "</a>", "</noscript>", "</template>",
	"</option></select>", "</svg>", "</math>", "</p>", "&quot;>", "%22%3E", "\u2028", "<!--", "<![CDATA[",
}

// acts call fire where they are taken for markup, for an attribute, for an address, for a
// style, for script, or for the text of a template.
var acts = []string{
	`<script>fire()</script>`, `<ScRiPt>fire()</sCrIpT>`, `<img src=x: onerror=fire()>`, `<img/src="x:"/onerror="fire()">`, `<svg onload=fire()>`, `<svg><script>fire()</script></svg>`,
	`<svg><animate onbegin=fire() attributeName=x dur=1s>`, `<math><mtext><table><mglyph><style><img src=x: onerror=fire()>`, `<details open ontoggle=fire()>x</details>`, `<input autofocus onfocus=fire()>`,
	`<iframe srcdoc="<script>fire()</script>"></iframe>`, `<iframe src="javascript:fire()"></iframe>`, `<video><source onerror=fire()></video>`, `<style onload=fire()></style>`,
	`<a href="javascript:fire()">x</a>`, `<object data="data:text/html,<script>fire()</script>"></object>`, `<noscript><p title="</noscript><img src=x: onerror=fire()>">`,
	`autofocus tabindex=0 onfocus=fire() x=`, `onmouseover=fire() style=position:fixed;inset:0 x=`, `javascript:fire()`, `;fire()//`, `-fire()-'`, `{{constructor.constructor('fire()')()}}`, `${fire()}`,
}

// Hostile lists some hundreds of strings: each way out, followed by each act.
func Hostile() (all []string) {
	for _, leave := range leaves {
		for _, act := range acts {
			all = append(all, leave+act)
		}
	}
	return all
}

// Shape is a page without its words: the names of its elements and of their attributes, in
// order, as a browser's parser reads them.
func Shape(page []byte) string {
	root, err := html.Parse(strings.NewReader(string(page)))
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type != html.ElementNode && n.Type != html.CommentNode {
			continue
		}
		var names []string
		for _, a := range n.Attr {
			names = append(names, a.Key)
		}
		slices.Sort(names)
		kind := n.Data
		if n.Type == html.CommentNode {
			kind = "comment"
		}
		b.WriteString(kind + "[" + strings.Join(names, " ") + "]\n")
	}
	return b.String()
}
