package desk

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"dateline/internal/clock"
	"dateline/internal/newsroom"
	"dateline/internal/story"
)

// rightsForm is from when and until when a picture may be published, as days at the desk.
type rightsForm struct {
	Name, First, Last, Hash, Seen string
	Words                         string // the bounds as instants, in the cities
	Wrong                         string // why it cannot be published now
	May, Open                     bool
}

func rightsOf(who newsroom.Who, v newsroom.StoryView, id string, typed url.Values) rightsForm {
	r := v.Rights[id]
	f := rightsForm{Name: "r." + id, First: r.First, Last: r.Last, Seen: microsOf(r.From) + " " + microsOf(r.Until), May: who.May("rights", v.Desk.ID)}
	f.Hash = hashOf([]string{f.First, f.Last})
	var words []string
	if !r.From.IsZero() {
		words = append(words, v.Say("from %s", fullWhen(r.From, v)))
	}
	if !r.Until.IsZero() {
		words = append(words, v.Say("until %s", fullWhen(r.Until, v)))
	}
	f.Words = strings.Join(words, ", ")
	switch {
	case v.Now.Before(r.From):
		f.Wrong = v.Say("Its rights have not begun: it cannot be posted yet.")
	case !r.Until.IsZero() && !v.Now.Before(r.Until):
		f.Wrong = v.Say("Its rights are over: it cannot be posted.")
	}
	f.Open = f.Wrong != ""
	if values := typed[f.Name]; len(values) == 2 {
		f.Open = f.Open || hashOf(values) != typed.Get("h."+f.Name)
		f.First, f.Last, f.Hash, f.Seen = values[0], values[1], typed.Get("h."+f.Name), typed.Get("v."+f.Name)
	}
	return f
}

// fullWhen is an instant with its date, at the desk and at the house.
func fullWhen(t time.Time, v newsroom.StoryView) string {
	return clock.LongDay(t, v.Desk.Zone, v.Desk.Lang) + ", " + both(t, v.Desk, v.HouseView)
}

// rightsWhen says when the rights begin or ended that the gate objects to.
func rightsWhen(o story.Objection, v newsroom.StoryView) string {
	r, there := v.Rights[o.What]
	switch {
	case o.Code != story.ObjectRights || !there:
		return ""
	case !o.Until.IsZero():
		return " " + v.Say("They begin on %s.", fullWhen(r.From, v))
	}
	return " " + v.Say("They ended on %s.", fullWhen(r.Until, v))
}

func microsOf(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return strconv.FormatInt(t.UnixMicro(), 10)
}

// saveRights saves the rights of pictures that the form changed.
func (d *desk) saveRights(r *http.Request, who newsroom.Who, article story.ArticleID, key string) error {
	for _, id := range strings.Fields(r.PostForm.Get("pictures")) {
		name := "r." + id
		days := r.PostForm[name]
		if len(days) != 2 || hashOf(days) == r.PostForm.Get("h."+name) {
			continue
		}
		w := newsroom.RightsWish{Key: "rights-" + id + "-" + key, Article: article, Picture: id, First: oneOf(days[0]), Last: oneOf(days[1])}
		for i, us := range strings.Fields(r.PostForm.Get("v." + name)) {
			if n, err := strconv.ParseInt(us, 10, 64); err == nil && i < len(w.Seen) {
				w.Seen[i] = time.UnixMicro(n).UTC()
			}
		}
		if err := d.room.SetRights(r.Context(), who, w); err != nil {
			return err
		}
	}
	return nil
}
