package browser_test

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/chromedp"
)

//go:embed access.js
var access string

// named are the roles that are of no use without a name (WCAG 2.2, 4.1.2 and 1.1.1).
var named = []string{"button", "link", "textbox", "searchbox", "combobox", "listbox", "checkbox", "radio", "image", "img", "Date", "InputTime", "DisclosureTriangle", "region"}

// isAccessible judges the open page with all that is folded opened, in light and in dark:
// by the script beside this file, and by the names that the browser itself tells to a
// screen reader.
func (b *tab) isAccessible() {
	b.t.Helper()
	eval[bool](b, "document.querySelectorAll('details').forEach(d => { d.open = true; }) ?? true")
	faults := b.nameless()
	for _, scheme := range []string{"light", "dark"} {
		b.scheme(scheme)
		faults = append(faults, eval[[]string](b, access)...)
	}
	slices.Sort(faults)
	for _, f := range slices.Compact(faults) {
		b.t.Errorf("%s: %s", b.address(), f)
	}
}

// nameless are the elements of the browser's own tree of accessible things that lack a name.
func (b *tab) nameless() (faults []string) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		tree, err := cdp.Call(ctx, t, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
		if err != nil || len(tree.Nodes) < 10 {
			return fmt.Errorf("%d things: %w", len(tree.Nodes), err)
		}
		for _, n := range tree.Nodes {
			if role := said(n.Role); n.Ignored || !slices.Contains(named, role) || said(n.Name) != "" {
				continue
			}
			element, err := cdp.Call(ctx, t, dom.GetOuterHTML, dom.GetOuterHTMLParams{BackendNodeID: n.BackendDOMNodeID})
			if err != nil {
				return err
			}
			faults = append(faults, fmt.Sprintf("a %s has no name (4.1.2): %.140s", said(n.Role), element.OuterHTML))
		}
		return nil
	}))
	return faults
}

func said(v *accessibility.Value) (words string) {
	if v != nil {
		_ = json.Unmarshal(v.Value, &words) // what is no text says nothing
	}
	return strings.TrimSpace(words)
}

func TestReadersPagesAreAccessible(t *testing.T) {
	h := friday(t)
	b := newTab(t, h)
	for _, front := range []string{"/", "/he"} {
		for _, page := range pages(b, front) {
			b.opens(h.readers(page.path), 200)
			b.isAccessible()
		}
	}
	for _, path := range []string{"/running", "/about", "/he/about", "/he/contact", "/topics", "/topic/harbours", "/he/authors", "/archive", "/archive/2024", "/he/archive/2024/03", "/archive/2024/03/21",
		"/as-of", "/as-of?date=2024-03-29&time=02:30", "/as-of/2024-03-21T15:30Z", "/he/as-of/2024-03-22T12:00Z/s/city"} {
		b.opens(h.readers(path), 200)
		b.isAccessible()
	}
	b.opens(h.readers("/running"), 200)
	b.follows("The second channel")
	b.isAccessible()
	b.follows("Chair tells radio")
	b.isAccessible()
	b.follows("Marion Tetlow")
	b.isAccessible()
	b.opens(h.readers("/no-such-story-aaaaaaaaaa"), 404)
	b.isAccessible()
}

func TestNewsroomIsAccessible(t *testing.T) {
	h := friday(t)
	m := h.member()
	h.drops("river-report.ninjs.json", "sellane-river.jpg")
	h.clock("2024-03-22T15:06:00Z")
	blocked := m.begins("A story that lacks much", "A paragraph.")
	m.sets("#f-section", "")
	m.submits("#save-bar button[value=save]", 200)
	posted := m.begins("A story that waits to leave", "A paragraph.")
	m.posts()
	m.submits("button.main", 200) // an update, which can be taken back
	m.isAccessible()
	for _, path := range []string{"/desk/new-york", "/stories/" + blocked, "/stories/" + posted, "/wires", "/coverage", "/posted", "/stories/" + posted + "/preview",
		"/paper", "/packages/new", "/pages/new", "/people/new", "/relations/new?find=market", "/menus", "/front", "/settings/look", "/stories/" + posted + "/quotations"} {
		m.opens(h.room(path), 200)
		m.isAccessible()
	}
	for _, words := range []string{"The second channel", "About The Meridian", "Captain Josephine Marsh"} {
		m.opens(h.room("/paper"), 200)
		m.follows(words)
		m.isAccessible()
	}
	m.opens(h.room("/wires"), 200)
	m.follows("River ministers")
	m.isAccessible()
	m.submits("#take button", 200)
	m.isAccessible()
	m.opens(h.room("/nowhere"), 404)
	m.isAccessible()
	m.opens(h.room("/"), 200)
	m.signsOut()
	m.isAccessible()
}
