package desk

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"dateline/internal/newsroom"
	"dateline/internal/story"
)

// A saving is what one form asks to be saved of a text: the parts that it changed, and the
// order that its button or a split leaves.
type saving struct {
	v      newsroom.StoryView
	form   url.Values
	order  []string // the blocks as the form drew them, then as it leaves them
	moved  bool
	parts  []newsroom.PartSave
	made   byte              // how many blocks are new
	said   []story.Quotation // that this form makes
	quoted string            // the block of the one whose speaker is asked next
	err    error
}

// save saves what changed, and then does what the button asked besides.
func (d *desk) save(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	do, _, _ := strings.Cut(r.PostFormValue("do"), ":")
	return d.saveAnd(do)(w, r, who)
}

func (d *desk) saveAnd(do string) memberHandler {
	return func(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
		id, err := articleID(r)
		if err != nil {
			return err
		}
		clash, quoted, err := d.saveForm(r, who, id, r.PostFormValue("key"))
		if err != nil {
			return d.done(w, r, who, "", err)
		}
		key, what := r.PostFormValue("key"), "saved"
		switch {
		case clash:
			what = "clash"
		case quoted != "":
			what = "saved&do=quotation:" + quoted
		case do == "ready":
			what, err = "ready", d.room.Ready(r.Context(), who, "ready-"+key, id)
		case do == "approve":
			what, err = "approved", d.room.Approve(r.Context(), who, "approve-"+key, id)
		}
		if x, found := d.fromBoard(r); found && err == nil {
			http.Redirect(w, r, "/desk/"+x+"?said="+what, http.StatusSeeOther)
			return nil
		}
		return d.done(w, r, who, what, err)
	}
}

// saveFirst saves the text that came along with another wish, if one did.
func (d *desk) saveFirst(r *http.Request, who newsroom.Who, id story.ArticleID) (clash bool, err error) {
	if _, there := r.PostForm["blocks"]; !there {
		return false, nil
	}
	clash, _, err = d.saveForm(r, who, id, "save-"+r.PostFormValue("key"))
	return clash, err
}

// saveForm saves the parts of a text that a form changed; clash tells that one of them has
// two texts now, and quoted is the block that has become a quotation.
func (d *desk) saveForm(r *http.Request, who newsroom.Who, id story.ArticleID, key string) (clash bool, quoted string, err error) {
	v, err := d.room.Story(r.Context(), who, id)
	if err != nil {
		return false, "", err
	}
	s := changed(v, r.PostForm)
	if s.err != nil {
		return false, "", s.err
	}
	if err := d.saveRights(r, who, id, key); err != nil { // before the text: a refusal then keeps nothing
		return false, "", err
	}
	saved, err := d.room.Save(r.Context(), who, newsroom.Saving{Key: key, Article: id, Parts: s.parts})
	return len(saved.Clashes) > 0, s.quoted, err
}

// changed lists the parts that the form changed, each with the version that it saw. What
// was deleted meanwhile is saved all the same: nothing typed is lost. It is a function of
// the form wherever it can be, so that a form sent twice asks for the same twice.
func changed(v newsroom.StoryView, form url.Values) *saving {
	s := &saving{v: v, form: form, order: strings.Fields(form.Get("blocks"))}
	for _, f := range fields {
		s.field(f)
	}
	do, at, _ := strings.Cut(form.Get("do"), ":")
	for _, id := range strings.Fields(form.Get("blocks")) {
		if do == "quote" && id == at {
			s.quote(id)
		} else {
			s.block(id)
		}
	}
	for _, id := range strings.Fields(form.Get("pictures")) {
		old, _ := v.Text.Picture(id)
		old.ID = id
		if values, yes := s.typed("p." + id); yes {
			s.put(story.PicturePart(id), s.version("p."+id), readPicture(old, values))
		}
	}
	s.arrange(do, at)
	s.quotations()
	if s.moved {
		s.put(story.PartOrder, s.version("order"), s.order)
	}
	return s
}

// typed returns the values of inputs that are not as they were drawn.
func (s *saving) typed(name string) ([]string, bool) {
	values, there := s.form[name]
	return values, there && hashOf(values) != s.form.Get("h."+name)
}

func (s *saving) version(name string) int { return atoi(s.form.Get("v." + name)) }

func (s *saving) put(part string, base int, body any) {
	raw, err := json.Marshal(body)
	if err != nil && s.err == nil {
		s.err = err
	}
	s.parts = append(s.parts, newsroom.PartSave{Part: part, Base: base, Body: raw})
}

// field saves a part of the head. A story without a slug gets one from its first headline.
func (s *saving) field(f field) {
	values, yes := s.typed("f." + f.part)
	if f.part == "slug" && !yes && len(values) > 0 && strings.TrimSpace(values[0]) == "" {
		if slug := story.Slug(oneOf(s.form.Get("f.headline"))); slug != "" {
			values, yes = []string{slug}, true
		}
	}
	if yes {
		s.put(f.part, s.version("f."+f.part), f.read(values))
	}
}

// block saves a block. A paragraph with an empty line inside, as a paste may bring, becomes
// as many blocks as it holds.
func (s *saving) block(id string) {
	values, yes := s.typed("b." + id)
	if !yes {
		return
	}
	old := story.Block{ID: id}
	if i := s.v.Text.Doc.Find(id); i >= 0 {
		old = s.v.Text.Doc[i]
	}
	drawn, pieces := s.form.Get("s.b."+id), []string{""}
	if values[0] == string(story.Paragraph) {
		pieces = paragraphs(wordsIn(drawn, values[1:], s.v.Text.Pictures))
		drawn, values = "", []string{values[0], pieces[0]}
	}
	s.put(story.BlockPart(id), s.version("b."+id), readBlock(old, drawn, values, s.v.Text.Pictures))
	for _, more := range pieces[1:] {
		id = s.insertAfter(id, story.Block{Kind: story.Paragraph, Spans: story.ParseSpans(oneOf(more))})
	}
}

// paragraphs divides text at its empty lines; the first piece is there even if it is empty.
func paragraphs(text string) (pieces []string) {
	for piece := range strings.SplitSeq(newlines.Replace(text), "\n\n") {
		if piece = strings.TrimSpace(piece); piece != "" {
			pieces = append(pieces, piece)
		}
	}
	if len(pieces) == 0 {
		return []string{""}
	}
	return pieces
}

// insertAfter puts a new block after another, or first for "". Its id comes of the form's
// key: the same form sent twice makes the same block.
func (s *saving) insertAfter(id string, b story.Block) string {
	s.made++
	sum := sha256.Sum256(append([]byte(s.form.Get("key")), s.made))
	b.ID = story.NewID(bytes.NewReader(sum[:]), story.BlockIDLength)
	s.put(story.BlockPart(b.ID), 0, b)
	s.order = slices.Insert(s.order, slices.Index(s.order, id)+1, b.ID)
	s.moved = true
	return b.ID
}

// arrange does what a button asks of the order of blocks or pictures.
func (s *saving) arrange(do, id string) {
	i := slices.Index(s.order, id)
	switch {
	case do == "insert" && (id == "" || i >= 0):
		s.insertAfter(id, story.Block{Kind: story.Paragraph})
	case do == "drop" && i >= 0:
		s.order, s.moved = slices.Delete(s.order, i, i+1), true
	case do == "up" && i > 0:
		s.order[i-1], s.order[i], s.moved = s.order[i], s.order[i-1], true
	case do == "down" && i >= 0 && i < len(s.order)-1:
		s.order[i+1], s.order[i], s.moved = s.order[i], s.order[i+1], true
	case do == "dropPicture" || do == "lead":
		pictures := strings.Fields(s.form.Get("pictures"))
		at := slices.Index(pictures, id)
		if at < 0 {
			return
		}
		pictures = slices.Delete(pictures, at, at+1)
		if do == "lead" {
			pictures = slices.Insert(pictures, 0, id)
		}
		s.put(story.PartPictures, s.version("pictures"), pictures)
	}
}
