package browser_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience bounds every single wait. It is never waited out in a run that passes.
const patience = 30 * time.Second

// A tab is one tab of the browser. It notes all that goes wrong in its pages: an error or a
// warning on the console, a request that fails, a request to anywhere but the house. Each
// of these fails the test.
type tab struct {
	t     *testing.T
	house *house
	ctx   context.Context

	mu      sync.Mutex
	loader  cdp.LoaderID                 // guarded by mu; of the page that is shown, or is on its way
	pending map[network.RequestID]string // guarded by mu; what is being fetched for that page
	idle    *sync.Cond                   // on mu; told when nothing is pending
	faults  []string                     // guarded by mu
	cookies []string                     // guarded by mu; what was set, by whom
	expects atomic.Bool                  // the test has requests of scripts fail
}

// newTab opens a tab in a profile of its own: no cookie of another test is there.
func newTab(t *testing.T, h *house) *tab {
	return openTab(t, h, chrome, chromedp.WithNewBrowserContext())
}

// beside opens another tab of the same profile.
func (b *tab) beside() *tab { return openTab(b.t, b.house, b.ctx) }

func openTab(t *testing.T, h *house, parent context.Context, options ...chromedp.ContextOption) *tab {
	t.Helper()
	b := &tab{t: t, house: h, pending: map[network.RequestID]string{}}
	b.idle = sync.NewCond(&b.mu)
	ctx, cancel := chromedp.NewContext(parent, append(options, chromedp.WithListener(b.note))...)
	b.ctx = ctx
	t.Cleanup(func() {
		b.judge()
		cancel()
	})
	if err := chromedp.Do(ctx); err != nil { // the tab lives as long as the context that opens it
		t.Fatal(err)
	}
	b.do(chromedp.EmulateViewport(1440, 900))
	return b
}

// note notes an event of the tab.
func (b *tab) note(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		b.asks(e)
	case *network.EventResponseReceived:
		if e.Response.Status >= 400 && e.Type != network.ResourceTypeDocument && !b.expects.Load() {
			b.fault("%d for %s", e.Response.Status, e.Response.URL)
		}
	case *network.EventResponseReceivedExtraInfo:
		for name := range e.Headers {
			if strings.EqualFold(name, "Set-Cookie") {
				b.cookies = append(b.cookies, b.pending[e.RequestID])
			}
		}
	case *network.EventLoadingFinished:
		b.over(e.RequestID)
	case *network.EventLoadingFailed:
		if !e.Canceled && !b.expects.Load() {
			b.fault("%s for %s", e.ErrorText, b.pending[e.RequestID])
		}
		b.over(e.RequestID)
	case *log.EventEntryAdded:
		if (e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning) && e.Entry.Source != log.EntrySourceNetwork {
			b.fault("%s: %s %s", e.Entry.Level, e.Entry.Text, e.Entry.URL)
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning || e.Type == runtime.ConsoleAPICalledTypeAssert {
			b.fault("console %s: %s", e.Type, arguments(e.Args))
		}
	case *runtime.EventExceptionThrown:
		b.fault("exception: %s %s", e.ExceptionDetails.Text, arguments([]*runtime.RemoteObject{e.ExceptionDetails.Exception}))
	}
}

// asks notes a request; mu is held. With a page's own request, what the page before it still
// fetched is given up.
func (b *tab) asks(e *network.EventRequestWillBeSent) {
	if e.Type == network.ResourceTypeDocument && b.loader != e.LoaderID {
		b.loader = e.LoaderID
		clear(b.pending)
	}
	if b.loader == e.LoaderID && e.Type != network.ResourceTypeEventSource { // a stream does not end
		b.pending[e.RequestID] = e.Request.URL
	}
	own := strings.HasPrefix(e.Request.URL, b.house.readers("/")) || strings.HasPrefix(e.Request.URL, b.house.room("/"))
	if !own && !strings.HasPrefix(e.Request.URL, "data:") {
		b.fault("asked a third party: %s", e.Request.URL)
	}
}

func arguments(all []*runtime.RemoteObject) string {
	var words []string
	for _, a := range slices.DeleteFunc(all, func(a *runtime.RemoteObject) bool { return a == nil }) {
		words = append(words, string(a.Value)+a.Description)
	}
	return strings.Join(words, " ")
}

// fault notes that something went wrong; mu is held.
func (b *tab) fault(format string, a ...any) { b.faults = append(b.faults, fmt.Sprintf(format, a...)) }

// over notes that a request has ended; mu is held.
func (b *tab) over(id network.RequestID) {
	delete(b.pending, id)
	if len(b.pending) == 0 {
		b.idle.Broadcast()
	}
}

// judge fails the test for what was noted, and keeps a picture if it has failed.
func (b *tab) judge() {
	b.mu.Lock()
	faults := slices.Clone(b.faults)
	b.mu.Unlock()
	for _, f := range faults {
		b.t.Errorf("in the browser: %s", f)
	}
	if !b.t.Failed() || b.ctx.Err() != nil {
		return
	}
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	raw, err := chromedp.Run(ctx, chromedp.FullScreenshot(90))
	if err != nil {
		b.t.Logf("no picture of the page could be taken: %v", err)
		return
	}
	file := filepath.Join(artefacts(), fmt.Sprintf("%s-%d.jpg", strings.ReplaceAll(b.t.Name(), "/", "-"), time.Now().UnixNano()))
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		b.t.Log(err)
		return
	}
	b.t.Logf("the page is seen in %s", file)
}

// artefacts is the folder of pictures, made at the first failure and kept.
var artefacts = sync.OnceValue(func() string {
	dir, err := os.MkdirTemp("", "dateline-browser-failed-")
	if err != nil {
		return os.TempDir()
	}
	return dir
})

// run does one thing in the tab and returns what comes of it.
func run[T any](b *tab, step chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, step)
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	run(b, chromedp.Steps(steps...))
}

// set sets something of the browser itself: a zone, a colour scheme.
func set[P, R any](b *tab, command cdp.Command[P, R], p P) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, command, p)
		return err
	}))
}

// opens goes to an address, waits for all of the page, and wants a status.
func (b *tab) opens(address string, status int64) {
	b.t.Helper()
	b.arrives(status, address, chromedp.Navigate(address))
}

// submits clicks on what leads to another page, and wants the status of that.
func (b *tab) submits(selector string, status int64) {
	b.t.Helper()
	b.arrives(status, selector, chromedp.Click(chromedp.CSS(selector)))
}

// follows clicks on the first link that says words.
func (b *tab) follows(words string) {
	b.t.Helper()
	b.arrives(200, words, chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`[...document.querySelectorAll("a")].find(a => a.innerText.includes(%q)).click()`, words)))
}

// arrives does what leads to another page and waits for all of it.
func (b *tab) arrives(status int64, what string, step chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	answer, err := chromedp.RunResponse(ctx, step)
	if err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
	b.settle()
	if answer.Status != status {
		b.t.Fatalf("%s: %s answers %d, not %d: %.2000s", what, answer.URL, answer.Status, status, b.text("body"))
	}
}

// settle waits until the fonts are there and nothing is being fetched.
func (b *tab) settle() {
	b.t.Helper()
	run(b, chromedp.Evaluate[bool]("document.fonts.ready.then(() => true)", chromedp.EvalAwaitPromise))
	late := time.AfterFunc(patience, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, address := range b.pending {
			b.fault("never answered: %s", address)
		}
		clear(b.pending)
		b.idle.Broadcast()
	})
	defer late.Stop()
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.pending) > 0 {
		b.idle.Wait()
	}
}

// eval is the value of an expression in the page; %s and its kin in it are filled in as
// JavaScript literals.
func eval[T any](b *tab, expression string, a ...any) T {
	b.t.Helper()
	for i := range a {
		raw, err := json.Marshal(a[i])
		if err != nil {
			b.t.Fatal(err)
		}
		a[i] = string(raw)
	}
	if len(a) > 0 {
		expression = fmt.Sprintf(expression, a...)
	}
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// until waits until the page has changed so that an expression is true in it.
func (b *tab) until(expression string) {
	b.t.Helper()
	b.do(chromedp.Poll[chromedp.Void](expression, chromedp.WithPollingMutation()))
}

// text is what is seen of an element, with its spaces as one; "" where there is none.
func (b *tab) text(selector string) string {
	b.t.Helper()
	return strings.Join(strings.Fields(eval[string](b, "document.querySelector(%s)?.innerText ?? ''", selector)), " ")
}

// says wants words to be seen in an element.
func (b *tab) says(selector string, words ...string) {
	b.t.Helper()
	seen := b.text(selector)
	for _, w := range words {
		if !strings.Contains(seen, w) {
			b.t.Fatalf("%s of %s does not say %q but: %.3000s", selector, b.address(), w, seen)
		}
	}
}

// lacks wants words not to be anywhere in the page, seen or not.
func (b *tab) lacks(words ...string) {
	b.t.Helper()
	page := eval[string](b, "document.documentElement.outerHTML")
	for _, w := range words {
		if strings.Contains(page, w) {
			b.t.Fatalf("%s has %q: %.3000s", b.address(), w, b.text("body"))
		}
	}
}

func (b *tab) address() string { b.t.Helper(); return eval[string](b, "location.href") }

// types replaces what is in an input by typing on the keyboard.
func (b *tab) types(selector, words string) {
	b.t.Helper()
	b.do(chromedp.Focus(chromedp.CSS(selector)))
	eval[bool](b, "document.activeElement.select() ?? true")
	b.do(chromedp.KeyEvent(words))
}

// sets gives a date, a time or a select its value.
func (b *tab) sets(selector, value string) {
	b.t.Helper()
	if got := eval[string](b, `(e => { e.value = %s; e.dispatchEvent(new Event("input", {bubbles: true})); e.dispatchEvent(new Event("change", {bubbles: true})); return e.value; })(document.querySelector(%s))`, value, selector); got != value {
		b.t.Fatalf("%s takes no %q", selector, value)
	}
}

func (b *tab) clicks(selector string) { b.t.Helper(); b.do(chromedp.Click(chromedp.CSS(selector))) }

// fits wants a page that does not scroll sideways.
func (b *tab) fits() {
	b.t.Helper()
	const wide = `(() => { const d = document.documentElement;
		if (d.scrollWidth <= d.clientWidth && document.body.scrollWidth <= d.clientWidth) return "";
		const out = [...document.body.querySelectorAll("*")].filter(e => { const r = e.getBoundingClientRect(); return r.width && (r.right > d.clientWidth + 1 || r.left < -1); });
		return d.scrollWidth + " of " + d.clientWidth + ": " + out.slice(0, 3).map(e => e.outerHTML.slice(0, 120)).join(" | "); })()`
	if out := eval[string](b, wide); out != "" {
		b.t.Errorf("%s scrolls sideways: %s", b.address(), out)
	}
}
