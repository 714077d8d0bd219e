package newsroom

import (
	"time"

	"dateline/internal/store"
	"dateline/internal/story"
)

// ActView is an act with what the gate answers now.
type ActView struct {
	store.Act
	Objections []story.Objection
	Sentences  []story.Sentence // one for each objection
	Opens      time.Time
	By         string
	Headline   string
	Detail     Detail
}

// openActs lists what is at the gate for a subject, with what the gate answers now.
func (r *Room) openActs(q *store.Query, subject string, now time.Time) (out []ActView, err error) {
	acts, err := q.OpenActs(subject)
	if err != nil || len(acts) == 0 {
		return nil, err
	}
	m, err := r.momentAt(q, now)
	if err != nil {
		return nil, err
	}
	for _, a := range acts {
		v, err := r.actViewAt(q, a, m)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// momentAt is an instant with what is believed of the clock.
func (r *Room) momentAt(q *store.Query, now time.Time) (moment, error) {
	why, err := r.doubtAt(q)
	return moment{at: now, doubt: why}, err
}

func (r *Room) actView(q *store.Query, a store.Act, now time.Time) (v ActView, err error) {
	m, err := r.momentAt(q, now)
	if err != nil {
		return v, err
	}
	return r.actViewAt(q, a, m)
}

func (r *Room) actViewAt(q *store.Query, a store.Act, m moment) (v ActView, err error) {
	v.Act = a
	if v.By, err = r.memberName(q, a.By); err != nil {
		return v, err
	}
	if v.Detail, err = detailOf(a); err != nil {
		return v, err
	}
	w, err := r.world(q, a, m)
	if err != nil {
		return v, err
	}
	v.Objections, v.Opens = story.Ahead(a.Act, w, m.at)
	name, err := r.actNamer(q, a)
	if err != nil {
		return v, err
	}
	v.Sentences = sayAll(v.Objections, name)
	return v, nil
}
