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
	Sentences  []string // one for each objection
	Opens      time.Time
	By         string
	Headline   string
	Detail     Detail
}

// openActs lists what is at the gate for a subject, with what the gate answers now.
func (r *Room) openActs(q *store.Query, subject string, now time.Time) (out []ActView, err error) {
	acts, err := q.OpenActs(subject)
	if err != nil {
		return nil, err
	}
	for _, a := range acts {
		v, err := r.actView(q, a, now)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

func (r *Room) actView(q *store.Query, a store.Act, now time.Time) (v ActView, err error) {
	v.Act = a
	if v.By, err = r.memberName(q, a.By); err != nil {
		return v, err
	}
	if v.Detail, err = detailOf(a); err != nil {
		return v, err
	}
	why, err := r.doubtAt(q)
	if err != nil {
		return v, err
	}
	w, err := r.world(q, a, moment{at: now, doubt: why})
	if err != nil {
		return v, err
	}
	v.Objections, v.Opens = story.Ahead(a.Act, w, now)
	name, err := r.actNamer(q, a)
	if err != nil {
		return v, err
	}
	for _, o := range v.Objections {
		v.Sentences = append(v.Sentences, SayOne(o, name))
	}
	return v, nil
}
