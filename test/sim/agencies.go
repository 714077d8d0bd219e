package sim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"sync"
	"time"

	"dateline/internal/newsroom"
	"dateline/internal/story"
)

// A wireItem is a report of an agency, and how many versions of it were sent.
type wireItem struct {
	guid     string
	id       int64
	versions int
}

// ingest lets an agency send a report, or a later version that changes it, takes it back,
// withholds it or puts it under an embargo.
func (w *world) ingest(a action) (string, error) {
	it := &wireItem{guid: fmt.Sprint("urn:newsml:simulated.example:", len(w.wires)+1)}
	if len(w.wires) > 0 && a.a%2 == 0 {
		it = pick(w.wires, a.a/2)
	}
	status, embargo := "usable", ""
	if it.versions > 0 {
		status = pick([]string{"usable", "canceled", "withheld", "usable"}, a.b)
	}
	if a.b%4 == 3 {
		embargo = w.clock.wall().Add(time.Duration(a.c%(10*24*60)) * time.Minute).Format(time.RFC3339)
	}
	w.serial++
	sent := time.Date(2010, 1, 1, 0, 0, w.serial, 0, time.UTC) // its own time tells a version apart as well
	report := map[string]any{"uri": it.guid, "standard": map[string]string{"name": "ninjs", "version": "2.1"}, "type": "text", "version": fmt.Sprint(it.versions + 1),
		"versioncreated": sent.Format(time.RFC3339), "pubstatus": status, "language": "en", "ednote": "For editors " + w.canary("zp"), "copyrightholder": "Simulated Wire",
		"headlines": []map[string]string{{"role": "main", "value": "Wire " + w.canary("zq")}},
		"bodies":    []map[string]string{{"role": "main", "contenttype": "text/html", "value": "<p>Wire " + w.canary("zq") + "</p><p>More " + w.canary("zq") + "</p>"}}}
	if embargo != "" {
		report["embargoed"] = embargo
	}
	raw, err := json.Marshal(report)
	if err != nil {
		return "", err
	}
	name := fmt.Sprintf("report-%d.ninjs.json", w.serial)
	arrived, err := w.arrives(a, name, raw)
	if err == nil && len(arrived.Items) > 0 {
		if it.versions == 0 {
			it.id = arrived.Items[0]
			w.wires = append(w.wires, it)
		}
		it.versions++
	}
	return fmt.Sprintf("the agency sends %s (%s, embargo %q): %s", it.guid, status, embargo, w.outcome(fmt.Sprint(arrived), err)), nil
}

// arrives hands a file in. One whose reading died is found in its folder again.
func (w *world) arrives(a action, name string, raw []byte) (newsroom.Arrived, error) {
	arrived, err := w.room(a.d).Ingest(w.ctx, "Simulated Wire", name, raw)
	if w.crashed != nil {
		if err := w.restart(); err != nil {
			return arrived, err
		}
		arrived, err = w.room(a.d+1).Ingest(w.ctx, "Simulated Wire", name, raw)
	}
	return arrived, err
}

// take begins a story from a report.
func (w *world) take(a action) (string, error) {
	if len(w.wires) == 0 {
		return "nothing: the agency sent nothing yet", nil
	}
	it := pick(w.wires, a.a)
	at := int(a.b) % len(w.desks)
	t := &tale{name: fmt.Sprint("story ", len(w.tales)+1), desk: at, parts: map[string]int{}}
	who, m := w.who(newsroom.Reporter, at, a.c)
	key := w.newKey()
	id, err := send(w, a, func(r *newsroom.Room) (story.ArticleID, error) {
		return r.Take(w.ctx, who, newsroom.Taking{Key: key, Item: it.id, Desk: w.desks[at].id})
	})
	sentence := fmt.Sprintf("%s takes %s as %s to %s: %s", w.name(m), it.guid, t.name, w.desks[at].slug, w.outcome(string(id), err))
	if err != nil {
		return sentence, nil
	}
	w.allowed("take", m, at)
	t.id, t.wire = id, it
	w.tales = append(w.tales, t)
	if _, err := w.reload(t, ""); err != nil {
		return "", err
	}
	for part := range t.parts {
		if len(part) > 6 && part[:6] == "block:" {
			t.blocks = append(t.blocks, part[6:])
		}
	}
	return sentence, nil
}

// dot is a picture of one colour, decoded once for each story that has it.
var dot = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 16, 9))) // a buffer takes everything
	return b.Bytes()
})

// picture adds a picture, and gives it a credit or does not yet.
func (w *world) picture(a action) (string, error) {
	t := w.tale(a.a)
	if t == nil {
		return noStory, nil
	}
	who, m := w.who(newsroom.Reporter, t.desk, a.c)
	key := w.newKey()
	id, err := send(w, a, func(r *newsroom.Room) (string, error) { return r.AddPicture(w.ctx, who, key, t.id, dot()) })
	sentence := fmt.Sprintf("%s adds a picture to %s: %s", w.name(m), t.name, w.outcome(id, err))
	if err != nil || w.crashed != nil || a.b%3 == 0 {
		return sentence, nil
	}
	use := story.PictureUse{ID: id, Caption: "Caption " + t.word(w, "zq"), Credit: story.Credit{Line: "Credit " + t.word(w, "zq")}, Alt: t.word(w, "zq")}
	body, err := json.Marshal(use)
	if err != nil {
		return "", err
	}
	part := story.PicturePart(id)
	saving := newsroom.Saving{Key: w.newKey(), Article: t.id, Parts: []newsroom.PartSave{{Part: part, Base: 1, Body: body}}}
	_, err = send(w, a, func(r *newsroom.Room) (newsroom.Saved, error) { return r.Save(w.ctx, who, saving) })
	return sentence + ", and credits it: " + w.outcome("done", err), nil
}
