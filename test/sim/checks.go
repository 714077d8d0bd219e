package sim

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// told is what people were told, and what must therefore still be true after any crash.
type told struct {
	acts []int64
}

// before is what stood when an action began.
type before struct {
	articles map[string]article
	anchor   anchor
	n, at    int64
	due      []int64 // when pending acts are to be looked at
}

type article struct {
	embargo
	standing string
	posted   int64
}

type anchor struct {
	wall, boot int64
	bootID     string
}

func (w *world) before() (err error) {
	w.was = before{n: w.judge.n, at: w.judge.at}
	w.stepped, w.trusted = false, false
	for _, a := range w.judge.waiting() {
		w.was.due = append(w.was.due, a.look)
	}
	if w.was.articles, err = w.articles(); err != nil {
		return err
	}
	w.was.anchor, err = w.anchor()
	return err
}

func (w *world) anchor() (a anchor, err error) {
	err = w.rows.QueryRowContext(w.ctx, `SELECT wall, boot, boot_id FROM anchor`).Scan(&a.wall, &a.boot, &a.bootID)
	return a, err
}

// checkAnchor wants no reading to be kept as true that nobody vouched for.
func (w *world) checkAnchor() error {
	a, err := w.anchor()
	if err != nil || a == w.was.anchor {
		return err
	}
	if w.clock.lied() {
		w.breaks("I-19", "the house takes %s for true, which is %s off, and nobody vouched for it", instant(a.wall), w.clock.off-w.clock.excused)
	}
	w.clock.excused = w.clock.off
	return nil
}

// doubtful is DESIGN.md's rule of doubt, read from the anchor as it stood when the action began.
func (w *world) doubtful() bool {
	r := w.clock.Read()
	wall, a := r.Wall.UnixMicro(), w.was.anchor
	switch {
	case wall+5_000_000 < w.was.at:
		return true
	case a.wall == 0:
		return false
	case a.bootID == r.BootID:
		apart := (wall-a.wall)*1000 - (int64(r.Boot) - a.boot)
		return !r.Synced && (apart > int64(unnoticed) || apart < -int64(unnoticed))
	}
	isDue := slices.ContainsFunc(w.was.due, func(t int64) bool { return t <= wall })
	return isDue && wall-a.wall > int64(7*24*time.Hour/time.Microsecond)
}

// check looks at what the last action changed.
func (w *world) check() error {
	entries, err := w.newEntries()
	if err != nil {
		return err
	}
	changed, err := w.changedActs()
	if err != nil {
		return err
	}
	now, err := w.articles()
	if err != nil {
		return err
	}
	if w.doubtful() {
		w.doubted = w.clock.now
	}
	for _, e := range entries {
		if err := w.checkEntry(e, changed); err != nil {
			return err
		}
	}
	w.checkActs(changed, now)
	w.checkOrder(changed)
	w.checkArticles(now)
	w.checkWaiting(now)
	return errors.Join(w.checkAnchor(), w.checkpointed())
}

var private = regexp.MustCompile(`zp\d{5}u`)

// checkEntry judges a new line of the record by itself and by those before it.
func (w *world) checkEntry(e entry, acts []act) error {
	j := &w.judge
	if e.n != j.n+1 || e.at <= j.at {
		w.breaks("I-18", "entry %d at %s follows entry %d at %s", e.n, instant(e.at), j.n, instant(j.at))
	}
	if e.prior != j.last[[2]string{e.subject, e.part}] {
		w.breaks("I-54", "entry %d names %d as the one before of its subject", e.n, e.prior)
	}
	if c := classOf(e.kind); c != e.class && c != "either" {
		w.breaks("I-13", "entry %d, a %s, is of class %s", e.n, e.kind, e.class)
	}
	if p := private.Find(e.content); p != nil {
		w.breaks("I-29", "entry %d holds %s, which is the house's own: %.300s", e.n, p, e.content)
	}
	if w.silent {
		w.breaks("I-36", "something unreleased was changed, and entry %d, a %s, tells", e.n, e.kind)
	}
	if e.class == "speaks" {
		w.checkSpeaking(e, acts)
	}
	if slices.Contains([]string{"article", "live", "withdraw", "kill", "erase", "front"}, e.kind) {
		if err := w.checkActEntry(e, acts); err != nil {
			return err
		}
	}
	if e.kind == "duty" {
		w.checkDuty(e)
	}
	return w.remember(e)
}

// checkSpeaking is the second implementation of the gate's rule of rest and doubt.
func (w *world) checkSpeaking(e entry, acts []act) {
	r := w.judge.rests[e.desk]
	var n int64
	_, _ = fmt.Sscanf(e.basis, "exception %d", &n) // 0 for any other basis
	if until := r.shut(e.at); until != 0 && !w.judge.granted[n].lets(e.desk, e.subject, e.at) && !w.ordered(e, acts) {
		w.breaks("I-13", "entry %d, a %s, speaks at %s, and its desk rests until %s", e.n, e.kind, instant(e.at), instant(until))
	}
	if !r.known(e.at) {
		w.breaks("I-25", "entry %d speaks at %s, for which its desk's rests are not known", e.n, instant(e.at))
	}
	if e.deskEntry != r.n {
		w.breaks("I-23", "entry %d was judged by entry %d, and the newest of its desk is %d", e.n, e.deskEntry, r.n)
	}
	if w.doubtful() {
		w.breaks("I-20", "entry %d speaks while the clock is in doubt", e.n)
	}
	if w.clock.lied() {
		w.breaks("I-19", "entry %d speaks while the clock is %s off and nobody vouched for it", e.n, w.clock.off-w.clock.excused)
	}
	if ahead := e.at - w.clock.wall().UnixMicro(); ahead > 5_000_100 {
		w.breaks("I-20", "entry %d is dated %d µs ahead", e.n, ahead)
	}
}

// checkActEntry wants an entry, its act, its revision and its audit to be there together.
func (w *world) checkActEntry(e entry, acts []act) error {
	j := &w.judge
	i := slices.IndexFunc(acts, func(a act) bool { return a.entry == e.n })
	if i < 0 {
		w.breaks("I-28", "entry %d, a %s, came without an act", e.n, e.kind)
		return nil
	}
	a := acts[i]
	if a.state != "posted" || a.subject != e.subject || a.desk != e.desk || a.revision != e.revision || a.class != e.class {
		w.breaks("I-04", "act %d does not fit entry %d: %+v", a.id, e.n, a)
	}
	if e.class == "speaks" && a.base != e.prior {
		w.breaks("base", "act %d, filed against entry %d, was posted over entry %d", a.id, a.base, e.prior)
	}
	if soonest := max(a.queued, a.undo, a.slot); e.class == "speaks" && e.at < soonest {
		w.breaks("I-39", "act %d was posted at %s, and not before %s was wished", a.id, instant(e.at), instant(soonest))
	}
	var audits int
	if err := w.rows.QueryRowContext(w.ctx, `SELECT count(*) FROM audit WHERE entry = $1`, e.n).Scan(&audits); err != nil {
		return err
	}
	if audits == 0 {
		w.breaks("I-04", "entry %d has no line in the audit", e.n)
	}
	event := e.kind
	if e.kind == "article" {
		event = e.change
		if err := w.checkArticleEntry(e); err != nil {
			return err
		}
	}
	if e.kind == "live" {
		event = w.checkLive(e)
	}
	if e.kind == "front" {
		return nil
	}
	next, ok := standings[[2]string{j.standing[e.subject], event}]
	if !ok {
		w.breaks("STATES", "entry %d: %s of a story that is %q", e.n, event, j.standing[e.subject])
	}
	if j.standing[e.subject] = next; event == "posted" {
		j.first[e.subject] = e.at
	}
	if event == "kill" || event == "erase" {
		delete(j.live, e.subject) // what it withholds is open no more
	}
	if event == "kill" {
		return w.rows.QueryRowContext(w.ctx, `SELECT COALESCE(max(number), 0) FROM revision WHERE article = $1`, e.subject).Scan(ptr(j.killRev, e.subject))
	}
	return nil
}

// ptr lets a row be read into a map.
func ptr(m map[string]int, key string) sql.Scanner { return into{m, key} }

type into struct {
	m   map[string]int
	key string
}

func (i into) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return fmt.Errorf("%T is no number", v)
	}
	i.m[i.key] = int(n)
	return nil
}

// checkArticleEntry wants what is posted to be the revision, free, credited and seen by two.
func (w *world) checkArticleEntry(e entry) error {
	if em := w.was.articles[e.subject].embargo; em.set && (em.until == 0 || e.at < em.until) {
		w.breaks("embargo", "entry %d is public at %s, under an embargo until %s", e.n, instant(e.at), instant(em.until))
	}
	var text []byte
	var by, approver int64
	err := w.rows.QueryRowContext(w.ctx, `SELECT text, by, approved_by FROM revision WHERE article = $1 AND number = $2`, e.subject, e.revision).Scan(&text, &by, &approver)
	if err != nil {
		w.breaks("I-04", "entry %d has no revision %d: %v", e.n, e.revision, err)
		return nil
	}
	seen := approver != 0 && approver != by
	i := slices.IndexFunc(w.desks, func(d *desk) bool { return string(d.id) == e.desk })
	if w.setting.Desks[i].Eyes && !seen {
		w.breaks("eyes", "entry %d was posted without a second pair of eyes", e.n)
	}
	if w.judge.standing[e.subject] == "killed" && (!seen || e.revision <= w.judge.killRev[e.subject]) {
		w.breaks("STATES", "entry %d reinstates a killed story without a new, approved revision", e.n)
	}
	return w.checkText(e, text)
}

// checkText wants each field of the revision in the entry, and each picture credited.
func (w *world) checkText(e entry, revision []byte) error {
	var want, got map[string]json.RawMessage
	if err := errors.Join(json.Unmarshal(revision, &want), json.Unmarshal(e.content, &got)); err != nil {
		return err
	}
	for field, value := range want {
		if !bytes.Equal(got[field], value) {
			w.breaks("I-04", "entry %d has another %s than revision %d", e.n, field, e.revision)
		}
	}
	var c struct {
		Pictures []struct {
			Credit struct{ Line, Photographer, Agency string }
		}
	}
	if err := json.Unmarshal(e.content, &c); err != nil {
		return err
	}
	for _, p := range c.Pictures {
		if strings.TrimSpace(p.Credit.Line+p.Credit.Photographer+p.Credit.Agency) == "" {
			w.breaks("credit", "entry %d has a picture without a credit", e.n)
		}
	}
	return nil
}

// checkDuty wants a duty entry to say nothing but what its desk's entry says already.
func (w *world) checkDuty(e entry) {
	var d struct {
		Window json.RawMessage
		Missed []json.RawMessage
	}
	if err := json.Unmarshal(e.content, &d); err != nil {
		w.breaks("I-30", "entry %d cannot be read: %v", e.n, err)
		return
	}
	for _, win := range append(d.Missed, d.Window) {
		known := slices.ContainsFunc(w.judge.rests[e.subject].windows, func(x json.RawMessage) bool { return bytes.Equal(x, win) })
		if !known && !bytes.Contains(win, []byte(`"start":"0001-`)) {
			w.breaks("I-30", "entry %d tells of a rest that its desk does not have: %s", e.n, win)
		}
	}
}

func (w *world) remember(e entry) (err error) {
	j := &w.judge
	j.n, j.at, j.commit = e.n, e.at, e.commit
	j.last[[2]string{e.subject, e.part}] = e.n
	if e.kind == "desk" {
		j.rests[e.subject], err = restsOf(e.n, e.content)
	}
	if e.kind == "house" && err == nil {
		err = j.heard(e)
	}
	if e.kind == "exception" {
		j.granted[e.n], err = exceptionOf(e.content)
	}
	return err
}

// checkActs holds every act that is new or changed to STATES' table.
func (w *world) checkActs(changed []act, now map[string]article) {
	fresh := 0
	for _, a := range changed {
		was, old := w.judge.acts[a.id]
		if !old {
			fresh++
			w.checkQueued(a)
		}
		if w.judge.standing[a.subject] == "erased" {
			was.wish = a.wish // an erasure clears it
		}
		may, open := lives[was.state]
		if a != was && (!open || !slices.Contains(may, a.state)) {
			w.breaks("STATES", "act %d was %q and is %q", a.id, was.state, a.state)
		}
		if old && a.desk != was.desk && a.due == was.due && w.handed(a.subject, was.desk, a.desk) {
			was.desk = a.desk
		}
		if old && (a.what != was.what || a.subject != was.subject || a.desk != was.desk || a.revision != was.revision || a.base != was.base || a.queued != was.queued) {
			w.breaks("STATES", "act %d became another: %+v, then %+v", a.id, was, a)
		}
		if a.class == "silences" && a.state != "posted" {
			w.breaks("silences are never held", "act %d, to %s, is %s", a.id, a.what, a.state)
		}
		if a.state == "posted" && (a.entry == 0 || a.entry > w.judge.n) || a.state != "posted" && a.entry != 0 {
			w.breaks("I-04", "act %d is %s with entry %d", a.id, a.state, a.entry)
		}
		em := now[a.subject].embargo
		if due := max(a.queued, a.undo, a.slot, em.until); a.state == "pending" && a.class == "speaks" && a.due != due {
			w.breaks("I-39", "act %d is due at %s and should be at %s", a.id, instant(a.due), instant(due))
		}
		w.checkWish(a)
		w.judge.acts[a.id] = a
		w.judge.highest = max(w.judge.highest, a.id)
	}
	if fresh > 1 {
		w.breaks("I-05", "one request made %d acts", fresh)
	}
}

// checkQueued wants an act not to count from an hour that has not come: a clock that runs
// ahead would put it off until then, though it is set right before.
func (w *world) checkQueued(a act) {
	latest := w.clock.now.Add(w.clock.excused).UnixMicro()
	if r := w.clock.Read(); r.Wall.UnixMicro() > latest && r.BootID == w.was.anchor.bootID { // both of its clocks may be wrong
		latest = max(latest, w.was.anchor.wall+(int64(r.Boot)-w.was.anchor.boot)/1000)
	}
	if a.state == "pending" && a.queued > max(latest, w.judge.at)+5_000_000 {
		w.breaks("I-16", "act %d counts from %s, and it is %s", a.id, instant(a.queued), w.clock.now)
	}
}

// checkWish wants a slot to be the instant at which its city's clocks show what was wished.
func (w *world) checkWish(a act) {
	if a.wish == "" {
		return
	}
	zone, err := w.zones.Load(a.wish[strings.LastIndexByte(a.wish, ' ')+1:])
	if err != nil {
		return // of a zone that another release has
	}
	if shown := instant(a.slot).In(zone).Format("2006-01-02 15:04 ") + zone.String(); shown != a.wish && w.judge.acts[a.id].wish != a.wish {
		w.breaks("I-22", "act %d was wished for %s and is set for %s", a.id, a.wish, shown)
	}
}

// checkOrder wants what one step released to leave in the order of (due, filed) within a desk.
func (w *world) checkOrder(changed []act) {
	last := map[string]act{}
	slices.SortFunc(changed, func(a, b act) int { return int(a.entry - b.entry) })
	for _, a := range changed {
		if a.state != "posted" || a.class != "speaks" || a.entry <= w.was.n {
			continue
		}
		if p, ok := last[a.desk]; ok && (p.due > a.due || p.due == a.due && p.id > a.id) {
			w.breaks("I-08", "act %d, due %s, left before act %d, due %s", p.id, instant(p.due), a.id, instant(a.due))
		}
		last[a.desk] = a
	}
}

// checkArticles wants the rows of all articles to say what the record says.
func (w *world) checkArticles(now map[string]article) {
	for id, a := range now {
		standing := w.judge.standing[id]
		if standing == "" {
			standing = "never"
		}
		if a.standing != standing {
			w.breaks("STATES", "%s is %s, and by the record %s", id, a.standing, standing)
		}
		if a.posted != w.judge.first[id] {
			w.breaks("I-17", "%s was posted at %s, and now at %s", id, instant(w.judge.first[id]), instant(a.posted))
		}
	}
	for id := range w.was.articles {
		if _, there := now[id]; !there {
			w.breaks("I-01", "%s is gone", id)
		}
	}
}

// settled is how long after a doubt the house may take to look at everything again.
const settled = time.Minute

// checkWaiting wants nothing to wait that may leave, once the house has looked.
func (w *world) checkWaiting(now map[string]article) {
	w.nowArticles = now
	if !w.stepped || !w.trusted || w.crashed != nil || w.reopened || w.clock.now.Sub(w.doubted) < settled {
		return
	}
	wall := w.clock.wall().UnixMicro()
	t := max(wall, w.judge.at+1) // what would be printed
	if t-wall > 5_000_000 {
		return
	}
	for _, a := range w.judge.waiting() {
		r := w.judge.rests[a.desk]
		open := r.shut(wall) == 0 && r.shut(t) == 0 && r.shut(t+names) == 0 && r.known(t)
		if at, ok := w.judge.leaves(a, now[a.subject].embargo, 0); ok && at <= wall && open {
			w.breaks("I-16", "act %d waits at %s, and could leave since %s (it is looked at again at %s)", a.id, instant(t), instant(at), instant(a.look))
		}
	}
}

// nextOpening is when the next of those that wait may leave.
func (w *world) nextOpening() (next time.Time, ok bool) {
	now := w.clock.wall()
	for _, a := range w.judge.waiting() {
		at, free := w.judge.leaves(a, w.nowArticles[a.subject].embargo, now.UnixMicro())
		if !free && w.nowArticles[a.subject].set && w.nowArticles[a.subject].until == 0 {
			continue
		}
		t := instant(at)
		if !t.After(now) {
			t = now.Add(time.Second)
		}
		if limit := now.Add(60 * 24 * time.Hour); t.After(limit) || !free {
			t = limit // windows are renewed on the way
		}
		if !ok || t.Before(next) {
			next, ok = t, true
		}
	}
	return next, ok
}

// checkpointed wants the newest checkpoint to cover the newest entry, and what the judge has
// seen of the record still to be there.
func (w *world) checkpointed() error {
	var size int64
	var commit []byte
	err := w.rows.QueryRowContext(w.ctx, `SELECT (SELECT COALESCE(max(size), 0) FROM checkpoint), (SELECT commitment FROM record WHERE n = $1)`, w.judge.n).Scan(&size, &commit)
	if size != w.judge.n {
		w.breaks("I-04", "the newest checkpoint covers %d entries of %d", size, w.judge.n)
	}
	if !bytes.Equal(commit, w.judge.commit) {
		w.breaks("I-01", "entry %d is another than it was, or gone", w.judge.n)
	}
	return err
}

func instant(us int64) time.Time { return time.UnixMicro(us).UTC() }
