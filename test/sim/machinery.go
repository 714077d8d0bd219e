package sim

import (
	"fmt"
	"strings"
	"time"

	"dateline/internal/newsroom"
	"dateline/internal/store"
)

// A verb is a kind of action, as often as its weight among all.
type verb struct {
	name    string
	weight  int
	do      func(w *world, a action) (sentence string, err error)
	private bool // it changes nothing that readers may know of: no entry may come of it
}

var verbs = []verb{
	{"time passes", 44, (*world).timePasses, false},
	{"start", 9, (*world).start, true},
	{"save", 12, (*world).save, true},
	{"settle", 4, (*world).settle, true},
	{"ready", 2, (*world).ready, true},
	{"approve", 9, (*world).approve, true},
	{"file", 34, (*world).file, false},
	{"take back", 2, (*world).takeBack, true},
	{"slot", 5, (*world).moveSlot, true},
	{"embargo", 6, (*world).embargo, true},
	{"front", 3, (*world).front, false},
	{"ingest", 5, (*world).ingest, true},
	{"take", 4, (*world).take, true},
	{"answer", 4, (*world).keepStory, true},
	{"picture", 2, (*world).picture, true},
	{"exception", 5, (*world).exception, false},
	{"erase", 2, (*world).erase, false},
	{"live", 14, (*world).liveVerb, false},
	{"hand over", 4, (*world).handOver, true},
	{"close", 3, (*world).closes, false},
	{"standing order", 1, (*world).standingOrder, false},
	{"follow", 8, (*world).follow, false},
	{"clock", 4, (*world).clockSteps, false},
	{"clock set right", 6, (*world).clockRight, false},
	{"confirm the hour", 4, (*world).confirm, false},
	{"reboot", 2, (*world).reboots, false},
	{"zone data", 1, (*world).newZones, false},
	{"desk", 2, (*world).deskMoves, false},
	{"restart", 1, (*world).restarts, false},
	{"crash", 5, (*world).crashes, false},
	{"failure", 3, (*world).fails, false},
	{"power off", 2, (*world).powerOff, false},
}

// step runs what the newsroom's loop runs.
func (w *world) step(draw uint32) string {
	w.trusted = !w.doubtful()
	posted, err := w.room(draw).Step(w.ctx)
	w.stepped = err == nil
	return w.outcome(fmt.Sprintf("%d released", posted), err)
}

// timePasses moves the clocks to an instant at which something could go wrong, and mostly
// has the house do what is due.
func (w *world) timePasses(a action) (string, error) {
	to := w.interesting(a)
	if drift := time.Duration(int(a.c%200)-100) * time.Microsecond; a.c%5 == 0 {
		w.clock.step(drift, w.was.anchor.bootID)
	}
	w.clock.reach(to)
	if a.d%6 == 0 {
		return fmt.Sprintf("it becomes %s, and nothing looks", to.Format("2006-01-02 15:04:05.000000")), nil
	}
	return fmt.Sprintf("it becomes %s: %s", to.Format("2006-01-02 15:04:05.000000"), w.step(a.d)), nil
}

// interesting is an instant after now: an edge of a rest, five seconds before one, a due
// time, a change of a desk's clocks, each also a microsecond before or after; or any.
func (w *world) interesting(a action) time.Time {
	now := w.clock.wall()
	d := pick(w.desks, a.b)
	if waiting := w.judge.waiting(); len(waiting) > 0 && a.b%4 > 0 { // where somebody waits for it
		d = w.desks[w.deskOf(pick(waiting, a.b))]
	}
	near := time.Duration(int(a.c%3)-1) * time.Microsecond
	var at time.Time
	switch a.a % 10 {
	case 0, 1, 2:
		if edge, ok := w.judge.nextEdge(string(d.id), now.UnixMicro()+1); ok {
			at = time.UnixMicro(edge).UTC()
		}
	case 3, 4, 5:
		at = w.judge.nextDue(now.UnixMicro()+1, a.b)
	case 6:
		if _, change := now.In(d.zone).ZoneBounds(); !change.IsZero() && change.Sub(now) < 40*24*time.Hour {
			at = change.UTC()
		}
	case 7:
		return now.Add(time.Duration(a.c%(36*3600)) * time.Second)
	case 8:
		return now.Add(time.Duration(a.c%15_000_000) * time.Microsecond)
	}
	if at.IsZero() {
		return now.Add(time.Duration(a.c%1800) * time.Second)
	}
	if a.c%8 == 7 {
		return now.Add(time.Duration(float64(at.Sub(now)) * float64(a.c%1000) / 1000)).Truncate(time.Microsecond)
	}
	return at.Add(near)
}

func (w *world) follow(action) (string, error) {
	return "the edition follows", w.catchUp()
}

// jumps are how far a clock is moved, forward or back.
var jumps = []time.Duration{time.Second, 3 * time.Second, time.Minute, time.Hour, 25 * time.Hour, 8 * 24 * time.Hour, 3653 * 24 * time.Hour}

// clockSteps moves the wall clock alone, and lets the house look at it at once.
func (w *world) clockSteps(a action) (string, error) {
	d := pick(jumps, a.a)
	if a.b%2 == 0 {
		d = -d
	}
	w.clock.step(d, w.was.anchor.bootID)
	return fmt.Sprintf("the clock is moved by %s: %s", d, w.step(a.d)), nil
}

// clockRight is the kernel's daemon finding the hour again.
func (w *world) clockRight(a action) (string, error) {
	w.clock.sync(w.was.anchor.bootID)
	if a.a%2 == 0 {
		w.clock.pass(time.Second)
		w.clock.synced = false // it is right, but nobody says so any more
	}
	return "the clock is set right: " + w.step(a.d), nil
}

// confirm is an honest administrator: the clock is set first.
func (w *world) confirm(a action) (string, error) {
	w.clock.right(w.was.anchor.bootID)
	key := w.newKey()
	_, err := send(w, a, func(r *newsroom.Room) (bool, error) { return true, r.ConfirmHour(w.ctx, w.admin(), key) })
	if err == nil {
		w.clock.excused = 0
	}
	return "the administrator sets the clock and confirms the hour: " + w.outcome("done", err), nil
}

// reboots takes the machine down for a while. What its battery remembers is mostly right.
func (w *world) reboots(a action) (string, error) {
	away := pick([]time.Duration{time.Minute, time.Hour, 30 * time.Hour, 9 * 24 * time.Hour}, a.a)
	var off time.Duration
	if a.b%8 == 0 {
		off = pick([]time.Duration{-time.Hour, time.Hour, 25 * time.Hour, -8 * 24 * time.Hour}, a.c)
	}
	if err := w.stop(); err != nil {
		return "", err
	}
	w.clock.reboot(away, off)
	return fmt.Sprintf("the machine is off for %s and its clock comes back %s wrong: %s", away, off, w.step(a.d)), nil
}

// newZones starts the house anew with another release of zone data, newer or older.
func (w *world) newZones(a action) (string, error) {
	all, err := releases()
	if err != nil {
		return "", err
	}
	w.zones = pick(all, a.a)
	if err := w.stop(); err != nil {
		return "", err
	}
	for i, d := range w.setting.Desks {
		if w.desks[i].zone, err = w.zones.Load(d.Place.Zone); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("the house starts with zone data %s: %s", w.zones.Version(), w.step(a.d)), nil
}

// deskMoves changes how, or where, a desk keeps its rest.
func (w *world) deskMoves(a action) (string, error) {
	i := int(a.a) % len(w.setting.Desks)
	now := w.setting
	now.Desks = append(now.Desks[:0:0], w.setting.Desks...)
	for j := range now.Desks { // ids were put in the place of slugs
		now.Desks[j].Followers = append(now.Desks[j].Followers[:0:0], w.setting.Desks[j].Followers...)
	}
	d := &now.Desks[i]
	d.Keeping = pick(keepings, a.b)
	if a.c%2 == 0 {
		d.Place = pick(cities, a.c/2).Place
	}
	now.House.Desks = nil
	err := w.room(a.d).Reconcile(w.ctx, copied(now))
	if err == nil {
		w.setting = now
		if w.desks[i].zone, err = w.zones.Load(d.Place.Zone); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("%s now rests in %s, and keeps %s: %s", d.Slug, d.Place.Zone, strings.Join(d.Keeps, " and "), w.outcome("done", err)), nil
}

// copied is a setup that its taker may change.
func copied(s newsroom.Setup) newsroom.Setup {
	s.Desks = append(s.Desks[:0:0], s.Desks...)
	for i := range s.Desks {
		s.Desks[i].Followers = append(s.Desks[i].Followers[:0:0], s.Desks[i].Followers...)
	}
	return s
}

func (w *world) restarts(a action) (string, error) {
	return "the process ends in order and starts anew: " + w.outcome("", w.stop()), nil
}

// crashes arms a kill: before or after one of the next commits, or while the edition reads.
func (w *world) crashes(a action) (string, error) {
	w.armed = &fault{after: int(a.a % 4), at: pick([]store.Moment{store.BeforeCommit, store.AfterCommit}, a.b), kill: true}
	return fmt.Sprintf("(a kill will come %s, %d commits from now)", w.armed.at, w.armed.after), nil
}

// fails arms a commit that fails and a process that goes on.
func (w *world) fails(a action) (string, error) {
	w.armed = &fault{after: int(a.a % 3), at: store.BeforeCommit}
	return fmt.Sprintf("(a commit will fail, %d commits from now)", w.armed.after), nil
}

// powerOff kills the process between two requests: whatever was answered must be there.
func (w *world) powerOff(action) (string, error) {
	w.armed = nil
	if err := w.kill(); err != errKilled {
		return "", err
	}
	return "the process is killed", nil
}

// heal ends all faults and waits until everything that may leave has left. The zone data are
// the newest then, for older data never replace newer, and a desk whose rests run out stays shut.
func (w *world) heal() error {
	w.armed, w.silent = nil, false
	if err := w.before(); err != nil {
		return err
	}
	if _, err := w.newZones(action{a: 2}); err != nil {
		return err
	}
	if err := w.check(); err != nil {
		return err
	}
	w.clock.sync(w.was.anchor.bootID)
	w.clock.reach(instant(w.judge.at).Add(time.Second))
	if err := w.rooms[0].ConfirmHour(w.ctx, w.admin(), w.newKey()); err != nil {
		return err
	}
	w.say(w.clock.wall(), "all faults heal, the zone data are the newest, and an administrator confirms the hour")
	for range healSteps {
		if err := w.before(); err != nil {
			return err
		}
		if done := w.step(0); done != "0 released" {
			w.say(w.clock.wall(), "the house does what is due: %s", done)
		}
		if err := w.check(); err != nil || w.broken != nil {
			return err
		}
		next, ok := w.nextOpening()
		if !ok {
			return w.checkWhole()
		}
		w.clock.reach(next)
	}
	w.breaks("liveness", "something still waits after %d openings: %+v", healSteps, w.judge.waiting())
	return nil
}

// healSteps is how many openings there may be until nothing waits any more.
const healSteps = 200
