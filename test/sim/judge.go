package sim

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// A judge knows the house by its record and its rows alone. It repeats the rules of the gate,
// the standings and the rests in other words than the product's, and uses none of its code:
// where the two differ, one of them is wrong.
type judge struct {
	n, at    int64 // of the last entry seen; instants are microseconds
	commit   []byte
	last     map[[2]string]int64 // newest entry of each (subject, part)
	standing map[string]string   // of each article that readers ever saw
	first    map[string]int64    // when it was posted
	live     map[string]string   // what last opened or closed each live page
	killRev  map[string]int      // newest revision when it was killed
	rests    map[string]rests    // of each desk, by its newest entry
	granted  map[int64]exception // by their entries
	orders   map[int64]int64     // standing orders of the house, by their entries: since when
	acts     map[int64]act
	highest  int64 // number of an act
}

func newJudge() judge {
	return judge{last: map[[2]string]int64{}, standing: map[string]string{}, first: map[string]int64{}, live: map[string]string{}, killRev: map[string]int{}, rests: map[string]rests{}, granted: map[int64]exception{}, orders: map[int64]int64{}, acts: map[int64]act{}}
}

// An entry is what the judge reads of a line of the record.
type entry struct {
	n, at, prior, deskEntry, goneBy  int64
	kind, class, desk, subject, part string
	revision                         int
	basis, road                      string
	commit, content                  []byte
	change                           string
	windowStart, windowEnd           int64
}

// An act is what the judge reads of a row of acts.
type act struct {
	id                                         int64
	what, class, subject, desk, state, wish    string
	revision                                   int
	base, slot, queued, undo, due, look, entry int64
}

// rests are when a desk rests, as its newest entry says.
type rests struct {
	n             int64
	spans         []span
	from, horizon int64
	closed        bool
	windows       []json.RawMessage // as they stand in the content
}

type span struct{ start, end int64 }

func restsOf(n int64, content []byte) (r rests, err error) {
	var d struct {
		Windows       []json.RawMessage
		From, Horizon time.Time
		Closed        bool
	}
	if err := json.Unmarshal(content, &d); err != nil {
		return r, err
	}
	r = rests{n: n, from: d.From.UnixMicro(), horizon: d.Horizon.UnixMicro(), closed: d.Closed, windows: d.Windows}
	for _, raw := range d.Windows {
		var w struct{ Start, End time.Time }
		if err := json.Unmarshal(raw, &w); err != nil {
			return r, err
		}
		r.spans = append(r.spans, span{w.Start.UnixMicro(), w.End.UnixMicro()})
	}
	return r, nil
}

// lead is how long before a rest nothing is said any more.
const lead = 5_000_000

// shut is until when nothing may be said at t; 0 if something may.
func (r rests) shut(t int64) (until int64) {
	for _, s := range r.spans {
		if t >= s.start-lead && t < s.end {
			until = max(until, s.end)
		}
	}
	return until
}

func (r rests) known(t int64) bool { return r.n != 0 && !r.closed && t >= r.from && t < r.horizon }

// nextEdge is the next instant at which a desk goes to rest, stops speaking or comes back.
func (j *judge) nextEdge(desk string, after int64) (at int64, ok bool) {
	for _, s := range j.rests[desk].spans {
		for _, edge := range []int64{s.start - lead, s.start, s.end} {
			if edge > after && (!ok || edge < at) {
				at, ok = edge, true
			}
		}
	}
	return at, ok
}

// nextDue is one of the next instants at which an act is due; zero if none is.
func (j *judge) nextDue(after int64, draw uint32) time.Time {
	var all []int64
	for _, a := range j.acts {
		if a.state == "pending" {
			for _, t := range []int64{a.due, a.slot, a.undo} {
				if t > after {
					all = append(all, t)
				}
			}
		}
	}
	if len(all) == 0 {
		return time.Time{}
	}
	slices.Sort(all)
	return time.UnixMicro(all[int(draw)%min(3, len(all))]).UTC()
}

// waiting lists the pending acts in order of their numbers.
func (j *judge) waiting() (all []act) {
	for _, id := range slices.Sorted(maps.Keys(j.acts)) {
		if j.acts[id].state == "pending" {
			all = append(all, j.acts[id])
		}
	}
	return all
}

// leaves is when a pending act may leave, not before now; ok is false where only a person
// can say.
func (j *judge) leaves(a act, e embargo, now int64) (at int64, ok bool) {
	if e.set && e.until == 0 {
		return 0, false
	}
	at = max(now, a.queued, a.undo, a.slot, e.until)
	r := j.rests[a.desk]
	for until := r.shut(at); until != 0; until = r.shut(at) {
		at = until
	}
	return at, r.known(at)
}

// standings are what readers may know of an article, by what an entry says of it.
var standings = map[[2]string]string{
	{"", "posted"}:              "public",
	{"public", "updated"}:       "public",
	{"public", "live"}:          "public",
	{"public", "removal"}:       "public",
	{"withdrawn", "removal"}:    "withdrawn",
	{"public", "corrected"}:     "public",
	{"public", "withdraw"}:      "withdrawn",
	{"public", "kill"}:          "killed",
	{"withdrawn", "kill"}:       "killed",
	{"withdrawn", "reinstated"}: "public",
	{"killed", "reinstated"}:    "public",
	{"public", "erase"}:         "erased",
	{"withdrawn", "erase"}:      "erased",
	{"killed", "erase"}:         "erased",
}

// lives are the states that an act may come to from another; what has ended stays so.
var lives = map[string][]string{
	"":        {"pending", "posted", "parked", "superseded", "taken back"},
	"pending": {"pending", "posted", "parked", "superseded", "taken back"},
	"parked":  {"parked", "superseded", "taken back"},
}

// classOf is the class that a kind of entry has to have.
func classOf(kind string) string {
	switch kind {
	case "article", "front", "person", "page", "package", "relation":
		return "speaks"
	case "withdraw", "kill", "erase":
		return "silences"
	case "live", "picture":
		return "either"
	}
	return "house"
}

// An embargo is that of an article.
type embargo struct {
	set   bool
	until int64
}

// An exception lets one desk speak of one article for a while.
type exception struct {
	desk, article string
	from, until   int64
}

func (x exception) lets(desk, article string, t int64) bool {
	return x.desk == desk && x.article == article && t >= x.from && t < x.until && x.until-x.from <= int64(time.Hour/time.Microsecond)
}

// excepted reports whether any exception lets a desk speak of an article.
func (j *judge) excepted(desk, article string, t int64) bool {
	for _, x := range j.granted {
		if x.lets(desk, article, t) {
			return true
		}
	}
	return false
}

func exceptionOf(content []byte) (x exception, err error) {
	var c struct {
		Desk, Article string
		From, Until   time.Time
	}
	err = json.Unmarshal(content, &c)
	return exception{c.Desk, c.Article, c.From.UnixMicro(), c.Until.UnixMicro()}, err
}
