package sim

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/story"
)

// A tale is a story as its writers' screens know it.
type tale struct {
	name    string // in the trace
	id      story.ArticleID
	desk    int
	blocks  []string
	parts   map[string]int // the newest version of each part that somebody was told of
	words   []string       // canaries of it
	wire    *wireItem      // that it was taken from
	live    bool           // it is a live page
	entries []string       // of the live page, that somebody was told of
	seen    int64          // the entry that somebody saw public when the page was loaded
}

// A canary is a word that stands nowhere else. One that begins with zq may be public once an
// entry holds it; one that begins with zp never may. Random names have no u.
func (w *world) canary(begin string) string {
	w.serial++
	return fmt.Sprintf("%s%05du", begin, w.serial)
}

// word is a new canary in a story.
func (t *tale) word(w *world, begin string) string {
	c := w.canary(begin)
	t.words = append(t.words, c)
	return c
}

func (w *world) newKey() string {
	w.serial++
	return fmt.Sprintf("simulated-key-%08d", w.serial)
}

// who is the member with a role at a desk; sometimes whoever the draw finds.
func (w *world) who(role newsroom.Role, at int, draw uint32) (newsroom.Who, member) {
	m := w.members[slices.IndexFunc(w.members, func(m member) bool { return m.role == role && m.desk == at })]
	if draw%16 == 0 {
		m = pick(w.members, draw/16)
	}
	return newsroom.Who{Member: m.id, AuthAt: w.clock.wall(), Program: draw%64 == 1}, m
}

func (w *world) admin() newsroom.Who {
	return newsroom.Who{Member: 1, Admin: true, AuthAt: w.clock.wall()}
}

// send sends a request. Where the process dies before it answers, the same request is sent
// again to the next one, as a browser's form would be; sometimes it is sent twice without need.
func send[R any](w *world, a action, ask func(*newsroom.Room) (R, error)) (R, error) {
	answer, err := ask(w.room(a.d))
	if w.crashed != nil && a.d%5 != 0 {
		if err := w.restart(); err != nil {
			return answer, err
		}
		return ask(w.room(a.d + 1))
	}
	if w.crashed == nil && a.d%7 == 0 && !errors.Is(err, errFailed) {
		return answer, errors.Join(err, twice(w, answer, err, ask))
	}
	return answer, err
}

// twice wants the second of two equal requests to be answered as the first was, and to do nothing.
func twice[R any](w *world, first R, firstErr error, ask func(*newsroom.Room) (R, error)) error {
	armed := w.armed
	w.armed = nil
	defer func() { w.armed = armed }()
	before, err := w.count()
	if err != nil {
		return err
	}
	second, secondErr := ask(w.rooms[1])
	after, err := w.count()
	x, _ := json.Marshal(first)
	y, _ := json.Marshal(second)
	if before != after || firstErr == nil && string(x) != string(y) || fmt.Sprint(firstErr) != fmt.Sprint(secondErr) {
		w.breaks("I-05", "a request sent twice was answered %s (%v), then %s (%v); entries, acts, audit before %v and after %v", x, firstErr, y, secondErr, before, after)
	}
	return err
}

// outcome says what became of a request. An error that is nobody's refusal is itself a fault.
func (w *world) outcome(answer string, err error) string {
	_, refused := story.AsRefusal(err)
	switch {
	case err == nil:
		return answer
	case w.crashed != nil || errors.Is(err, errKilled):
		return "the process dies before it answers"
	case refused:
		return "refused: " + strings.ReplaceAll(err.Error(), "\n", " ")
	}
	w.breaks("no verb fails by itself", "%v", err)
	return "fails: " + err.Error()
}

// tale picks a story that the draw means; nil where there is none yet.
func (w *world) tale(draw uint32) *tale {
	if len(w.tales) == 0 {
		return nil
	}
	// The newer ones are written on more.
	n := min(len(w.tales), 6)
	if draw%4 == 0 {
		n = len(w.tales)
	}
	return w.tales[len(w.tales)-1-int(draw/4)%n]
}

const noStory = "nothing: there is no story yet"

// start begins a story, now and then with something missing.
func (w *world) start(a action) (string, error) {
	at := int(a.a) % len(w.desks)
	t := &tale{name: fmt.Sprint("story ", len(w.tales)+1), desk: at, parts: map[string]int{}}
	c := func() string { return t.word(w, "zq") }
	text := story.Text{Type: story.Report, Lang: pick([]string{"en", "en", "he"}, a.b), Section: pick([]string{"city", "world"}, a.b), Slug: c(), Headline: "Headline " + c(),
		Short: c(), Standfirst: "Stand " + c(), Dateline: story.Dateline{Place: c()}, Sources: []story.Source{{Name: c()}}, Topics: []story.Topic{{Code: c()}}, Places: []string{c()}}
	if a.b%3 == 0 {
		text.Bylines = []story.Byline{{Name: "By " + pick([]string{"zqanna", "zqben"}, a.c)}}
	}
	if a.c%16 == 0 {
		text.Section = ""
	}
	for range 1 + a.c%3 {
		w.serial++
		id := fmt.Sprintf("%08d", w.serial)
		t.blocks = append(t.blocks, id)
		text.Doc = append(text.Doc, story.Block{ID: id, Kind: story.Paragraph, Spans: []story.Span{{Text: "Words " + c()}}})
	}
	parts, err := story.Parts(text)
	if err != nil {
		return "", err
	}
	who, m := w.who(newsroom.Reporter, at, a.c/16)
	key := w.newKey()
	id, err := send(w, a, func(r *newsroom.Room) (story.ArticleID, error) {
		return r.Start(w.ctx, who, newsroom.Beginning{Key: key, Desk: w.desks[at].id, Text: &text})
	})
	if err == nil {
		t.id = id
		for p := range parts {
			t.parts[p] = 1
		}
		w.tales = append(w.tales, t)
		w.allowed("start", m, at)
	}
	return fmt.Sprintf("%s begins %s at %s: %s", w.name(m), t.name, w.desks[at].slug, w.outcome(string(id), err)), nil
}

// save writes a part of a story, now and then over a version that somebody else has changed.
func (w *world) save(a action) (string, error) {
	t := w.tale(a.a)
	if t == nil {
		return noStory, nil
	}
	part, body := w.newWords(t, a.b)
	base := t.parts[part]
	if a.c%8 == 0 && base > 0 {
		base--
	}
	who, m := w.who(pick([]newsroom.Role{newsroom.Reporter, newsroom.Editor}, a.c), t.desk, a.c/8)
	key := w.newKey()
	saved, err := send(w, a, func(r *newsroom.Room) (newsroom.Saved, error) {
		return r.Save(w.ctx, who, newsroom.Saving{Key: key, Article: t.id, Parts: []newsroom.PartSave{{Part: part, Base: base, Body: body}}})
	})
	if err == nil {
		for p, v := range saved.Versions {
			t.parts[p] = max(t.parts[p], v)
		}
		w.allowed("save", m, t.desk)
	}
	return fmt.Sprintf("%s saves %s of %s over version %d: %s", w.name(m), part, t.name, base, w.outcome(fmt.Sprint(saved.Versions, saved.Clashes), err)), nil
}

// newWords makes new words for a part of a story.
func (w *world) newWords(t *tale, draw uint32) (part string, body []byte) {
	c := t.word(w, "zq")
	var v any = c
	if len(t.blocks) == 0 && draw%8 > 5 {
		draw -= draw % 8 // a live page has no text of its own
	}
	switch draw % 8 {
	case 0:
		part, v = "headline", "Headline "+c
	case 1:
		part, v = "standfirst", "Stand "+c
	case 2:
		part, v = "section", "city"
	case 3:
		part, v = "bylines", []story.Byline{{Name: pick([]string{"By zqanna", "By ZQanna", "By zqben"}, draw/8)}}
	case 4:
		part = "slug"
	case 5:
		part, v = "sources", []story.Source{{Name: c}}
	default:
		id := pick(t.blocks, draw/8)
		part, v = story.BlockPart(id), story.Block{ID: id, Kind: story.Paragraph, Spans: []story.Span{{Text: "Words " + c}}}
	}
	body, _ = json.Marshal(v) // plain values always marshal
	return part, body
}

// settle chooses one of two texts.
func (w *world) settle(a action) (string, error) {
	t := w.tale(a.a)
	if t == nil {
		return noStory, nil
	}
	var clash int64
	if err := w.rows.QueryRowContext(w.ctx, `SELECT COALESCE(min(id), 0) FROM clash WHERE article = $1 AND settled = 0`, string(t.id)).Scan(&clash); err != nil {
		return "", err
	}
	who, m := w.who(newsroom.Editor, t.desk, a.c)
	keep := pick([]string{"first", "second"}, a.b)
	key := w.newKey()
	_, err := send(w, a, func(r *newsroom.Room) (bool, error) {
		return true, r.Settle(w.ctx, who, newsroom.Choice{Key: key, Article: t.id, Clash: clash, Keep: keep})
	})
	if err == nil && keep == "second" {
		return w.reload(t, fmt.Sprintf("%s keeps the second text of %s", w.name(m), t.name))
	}
	return fmt.Sprintf("%s keeps the %s text of %s: %s", w.name(m), keep, t.name, w.outcome("settled", err)), nil
}

// reload reads a story's page again: its versions as they are now.
func (w *world) reload(t *tale, sentence string) (string, error) {
	rows, err := w.rows.QueryContext(w.ctx, `SELECT part, max(version) FROM working WHERE article = $1 GROUP BY part`, string(t.id))
	if err != nil {
		return "", err
	}
	defer rows.Close()
	for rows.Next() {
		var part string
		var version int
		if err := rows.Scan(&part, &version); err != nil {
			return "", err
		}
		t.parts[part] = version
	}
	return sentence, rows.Err()
}

// onTale sends a verb that takes nothing but a story.
func (w *world) onTale(a action, verb string, role newsroom.Role, do func(r *newsroom.Room, who newsroom.Who, key string, id story.ArticleID) error) (string, error) {
	t := w.tale(a.a)
	if t == nil {
		return noStory, nil
	}
	who, m := w.who(role, t.desk, a.c)
	key := w.newKey()
	_, err := send(w, a, func(r *newsroom.Room) (bool, error) { return true, do(r, who, key, t.id) })
	if err == nil {
		w.allowed(verb, m, t.desk)
		w.person(verb, who)
	}
	return fmt.Sprintf("%s: %s %s: %s", w.name(m), verb, t.name, w.outcome("done", err)), nil
}

func (w *world) ready(a action) (string, error) {
	return w.onTale(a, "ready", newsroom.Reporter, func(r *newsroom.Room, who newsroom.Who, key string, id story.ArticleID) error {
		return r.Ready(w.ctx, who, key, id)
	})
}

func (w *world) approve(a action) (string, error) {
	return w.onTale(a, "approve", pick([]newsroom.Role{newsroom.Chief, newsroom.Standards}, a.b), func(r *newsroom.Room, who newsroom.Who, key string, id story.ArticleID) error {
		return r.Approve(w.ctx, who, key, id)
	})
}

func (w *world) keepStory(a action) (string, error) {
	reason := w.canary("zp")
	return w.onTale(a, "answer", newsroom.Chief, func(r *newsroom.Room, who newsroom.Who, key string, id story.ArticleID) error {
		return r.Keep(w.ctx, who, newsroom.Answer{Key: key, Article: id, Reason: reason})
	})
}

// file files an act about a story: mostly one that its standing allows.
func (w *world) file(a action) (string, error) {
	t := w.tale(a.a)
	if t == nil {
		return noStory, nil
	}
	if edge, ok := w.judge.nextEdge(string(w.desks[t.desk].id), w.clock.wall().UnixMicro()+1); ok && a.d%8 == 0 {
		w.clock.reach(instant(edge + int64(a.a/8%3) - 1)) // at the very edge, before anything looks
	}
	at := w.clock.wall()
	what := w.wish(t, a.b)
	f := newsroom.Filing{Key: w.newKey(), Article: t.id, What: what, NoUndo: a.c%4 == 0, Base: -1}
	if a.c%3 == 0 {
		f.Base = t.seen
	}
	if what.Class() == story.Speaks && a.c%4 == 1 {
		f.Slot = w.slot(t.desk, a.c/4)
	}
	if what == story.Correct {
		f.Detail.Correction = &record.Correction{Severity: "correction", Note: "Note " + t.word(w, "zq")}
	} else if what.Class() == story.Silences {
		f.Detail.Note = "Note " + t.word(w, "zq")
	}
	who, m := w.who(filer(what, a.b/8), t.desk, a.b/32)
	stale := f.Base >= 0 && what.Class() == story.Speaks && f.Base != w.judge.last[[2]string{string(t.id), ""}]
	filed, err := send(w, a, func(r *newsroom.Room) (newsroom.Filed, error) { return r.File(w.ctx, who, f) })
	if err == nil {
		w.restsFor(t, filed)
		w.told.acts = append(w.told.acts, filed.Act)
		w.allowed(string(what), m, t.desk)
		w.person(string(what), who)
		if stale {
			w.breaks("base", "%s of %s was filed against entry %d, which is not the newest, and accepted", what, t.name, f.Base)
		}
		if what.Class() == story.Silences && filed.State != story.Posted {
			w.breaks("silences are never held", "%s of %s is %s", what, t.name, filed.State)
		}
	}
	if a.c%2 == 0 {
		t.seen = w.judge.last[[2]string{string(t.id), ""}]
	}
	slot := ""
	if f.Slot != "" {
		slot = " for " + f.Slot
	}
	return fmt.Sprintf("at %s %s files to %s %s%s: %s", at.Format("15:04:05.000000"), w.name(m), what, t.name, slot, w.outcome(filedWords(filed), err)), nil
}

// restsFor wants a filing to be told that its desk rests if it does at the instant that would
// be printed, and of no rest that is over then; of later ones it may be.
func (w *world) restsFor(t *tale, filed newsroom.Filed) {
	at := max(w.clock.wall().UnixMicro(), w.was.at+1)
	if filed.State != story.Pending || w.doubtful() || w.judge.excepted(string(w.desks[t.desk].id), string(t.id), at) {
		return
	}
	if len(w.judge.orders) > 0 { // what has a slot need not be told
		return
	}
	r := w.judge.rests[string(w.desks[t.desk].id)]
	told := false
	for _, o := range filed.Objections {
		if o.Code != story.ObjectRest {
			continue
		}
		told = true
		if o.Until.UnixMicro() <= at {
			w.breaks("I-15", "act %d, filed at %s, was told that its desk rests until %s", filed.Act, instant(at), o.Until)
		}
	}
	if r.shut(at) != 0 && !told {
		w.breaks("I-15", "act %d, filed at %s, was not told that its desk rests until %s", filed.Act, instant(at), instant(r.shut(at)))
	}
}

// names is how many instants an act may need for the people whom it names.
const names = 3

func filedWords(f newsroom.Filed) string {
	if f.State == story.Posted {
		return fmt.Sprintf("act %d, posted as entry %d", f.Act, f.Entry)
	}
	return fmt.Sprintf("act %d, %s, due %s, %s", f.Act, f.State, f.Due.Format("2006-01-02 15:04:05.000000"), newsroom.Say(f.Objections, nil))
}

// wish is what somebody would want of a story, and seldom what nobody should.
func (w *world) wish(t *tale, draw uint32) story.What {
	if draw%16 == 0 {
		return pick([]story.What{story.Publish, story.Update, story.Correct, story.Reinstate, story.Withdraw, story.Kill}, draw/16)
	}
	switch w.judge.standing[string(t.id)] {
	case "public":
		return pick([]story.What{story.Update, story.Update, story.Correct, story.Correct, story.Update, story.Withdraw, story.Kill}, draw/16)
	case "withdrawn":
		return pick([]story.What{story.Reinstate, story.Reinstate, story.Kill}, draw/16)
	case "killed":
		return story.Reinstate
	}
	return story.Publish
}

func filer(what story.What, draw uint32) newsroom.Role {
	switch what {
	case story.Withdraw, story.Kill:
		return pick([]newsroom.Role{newsroom.Chief, newsroom.Standards}, draw)
	case story.Reinstate:
		return newsroom.Chief
	}
	return pick([]newsroom.Role{newsroom.Editor, newsroom.Chief}, draw)
}

// slot is a wish for an instant at a desk, from yesterday to ten days ahead.
func (w *world) slot(at int, draw uint32) string {
	d := w.desks[at]
	t := w.clock.wall().Add(time.Duration(int(draw%(11*24*60))-24*60) * time.Minute)
	if edge, ok := w.judge.nextEdge(string(d.id), w.clock.wall().UnixMicro()); ok && draw%3 == 0 {
		t = time.UnixMicro(edge).Add(time.Duration(draw%5) * time.Minute)
	}
	if _, change := w.clock.wall().In(d.zone).ZoneBounds(); draw%7 == 0 && !change.IsZero() && change.Sub(w.clock.wall()) < 60*24*time.Hour {
		t = change.Add(time.Duration(int(draw%180)-90) * time.Minute)
	}
	return t.In(d.zone).Format("2006-01-02 15:04 ") + d.zone.String()
}

// takeBack takes an act back, or drops a parked one.
func (w *world) takeBack(a action) (string, error) {
	id, desk := w.openAct(a.a)
	if id == 0 {
		return "nothing: no act is open", nil
	}
	who, m := w.who(newsroom.Editor, desk, a.c)
	key := w.newKey()
	_, err := send(w, a, func(r *newsroom.Room) (bool, error) { return true, r.TakeBack(w.ctx, who, key, id) })
	return fmt.Sprintf("%s takes act %d back: %s", w.name(m), id, w.outcome("done", err)), nil
}

// openAct picks an act that waits or is parked.
func (w *world) openAct(draw uint32) (id int64, at int) {
	var open []act
	for _, x := range w.judge.acts {
		if x.state == "pending" || x.state == "parked" {
			open = append(open, x)
		}
	}
	if len(open) == 0 {
		return 0, 0
	}
	slices.SortFunc(open, func(x, y act) int { return int(x.id - y.id) })
	x := pick(open, draw)
	return x.id, w.deskOf(x)
}

// deskOf is the place among the desks of the one in whose voice an act is.
func (w *world) deskOf(a act) int {
	return slices.IndexFunc(w.desks, func(d *desk) bool { return string(d.id) == a.desk })
}

func (w *world) moveSlot(a action) (string, error) {
	id, desk := w.openAct(a.a)
	if id == 0 {
		return "nothing: no act is open", nil
	}
	wish := w.slot(desk, a.b)
	if a.b%8 == 0 {
		wish = ""
	}
	who, m := w.who(newsroom.Editor, desk, a.c)
	key := w.newKey()
	_, err := send(w, a, func(r *newsroom.Room) (bool, error) { return true, r.MoveSlot(w.ctx, who, key, id, wish) })
	if err == nil {
		w.allowed("slot", m, desk)
	}
	return fmt.Sprintf("%s moves act %d to %q: %s", w.name(m), id, wish, w.outcome("done", err)), nil
}

func (w *world) embargo(a action) (string, error) {
	t := w.tale(a.a)
	if t == nil {
		return noStory, nil
	}
	e := newsroom.EmbargoWish{Key: w.newKey(), Article: t.id, Reason: w.canary("zp")}
	if a.b%3 != 0 {
		e.Until = w.slot(t.desk, a.b)
	} else if a.b%9 == 0 {
		e.Until = "open"
	}
	who, m := w.who(pick([]newsroom.Role{newsroom.Chief, newsroom.Chief, newsroom.Editor}, a.b), t.desk, a.c)
	_, err := send(w, a, func(r *newsroom.Room) (bool, error) { return true, r.Embargo(w.ctx, who, e) })
	if err == nil {
		w.allowed("embargo", m, t.desk)
	}
	return fmt.Sprintf("%s puts %s under embargo until %q: %s", w.name(m), t.name, e.Until, w.outcome("done", err)), nil
}

// front orders a front page.
func (w *world) front(a action) (string, error) {
	t := w.tale(a.a)
	if t == nil {
		return noStory, nil
	}
	f := record.Front{Lang: pick([]string{"en", "he"}, a.b), Rest: "newest", Places: []record.FrontPlace{{Article: t.id}}}
	if w.judge.standing[string(t.id)] == "public" && a.b%2 == 0 {
		f.Places[0].Headline = "Own " + t.word(w, "zq")
	}
	who, m := w.who(newsroom.Editor, t.desk, a.c)
	key := w.newKey()
	filed, err := send(w, a, func(r *newsroom.Room) (newsroom.Filed, error) {
		return r.SetFront(w.ctx, who, key, w.desks[t.desk].id, f)
	})
	if err == nil {
		w.told.acts = append(w.told.acts, filed.Act)
		w.allowed("front", m, t.desk)
	}
	return fmt.Sprintf("%s puts %s on the front page: %s", w.name(m), t.name, w.outcome(filedWords(filed), err)), nil
}

// name says who a member is.
func (w *world) name(m member) string {
	if m.role == "" {
		return "The administrator"
	}
	return fmt.Sprintf("The %s of %s", m.role, w.desks[m.desk].slug)
}

// may is who may do what (STATES.md), said once more on purpose.
var may = map[string]string{
	"start": "reporter editor chief", "take": "reporter editor chief", "save": "reporter editor chief standards", "ready": "reporter editor chief standards",
	"approve": "editor chief standards", "publish": "editor chief", "update": "editor chief", "correct": "editor chief standards", "reinstate": "chief",
	"front": "editor chief", "withdraw": "chief standards", "kill": "chief standards", "slot": "editor chief", "embargo": "editor chief", "answer": "chief standards",
	"picture": "reporter editor chief standards",

	"open a live page": "editor chief", "reopen a live page": "editor chief", "close a live page": "editor chief",
	"add a live entry": "editor chief", "edit a live entry": "editor chief standards", "remove a live entry": "editor chief standards",
}

// allowed wants whoever was let to have the right at that desk.
func (w *world) allowed(verb string, m member, at int) {
	if !strings.Contains(may[verb], string(m.role)) || m.role == "" || (m.desk != at && verb != "kill") {
		w.breaks("I-40", "%s was let %s at %s", w.name(m), verb, w.desks[at].slug)
	}
}

// person wants what only a person may do never to be done by a program.
func (w *world) person(verb string, who newsroom.Who) {
	if who.Program && (verb == "approve" || verb == "kill") {
		w.breaks("I-40", "a program was let %s", verb)
	}
}
