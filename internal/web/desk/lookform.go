package desk

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"dateline/internal/drawing"
	"dateline/internal/look"
	"dateline/internal/newsroom"
	"dateline/internal/picture"
	"dateline/internal/record"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

// How readers' pages look, for an administrator: colours that are held to be readable,
// faces, the logo, the masthead's words, the columns of a front. What is typed is looked at
// on the real front page before it is saved.

var lookTemplate = newPage[lookForm]("look.tmpl", "glass.tmpl", "frame.tmpl")

type lookForm struct {
	frame
	Schemes       []lookScheme
	Sets, Columns []choice
	Logo          string // the picture of one that is uploaded
	LogoAt        string // address of its public form
	LogoWords     string
	Mastheads     []menuText
	Preview       string // address, "" where nobody draws it
}

// lookScheme are the colours of light pages, or of dark ones.
type lookScheme struct {
	Key, Words string
	Colours    []lookColour
}

type lookColour struct {
	Name, Words, For, Value string
	Ratio                   string // its contrast with the paper, "" of the paper itself
	Poor                    bool
}

// lookTyped is the form that was sent, or that an address says. A colour of the house style
// is none of its own.
func lookTyped(form url.Values, languages []string) newsroom.LookWish {
	wish := newsroom.LookWish{Masthead: record.Words{}, Look: record.Look{Faces: form.Get("faces"), Columns: atoi(form.Get("columns"))}}
	if wish.Look.Columns == look.Columns {
		wish.Look.Columns = 0
	}
	for _, n := range look.Names {
		for scheme, c := range map[string]struct{ own, style *record.Colours }{"light": {&wish.Look.Light, &look.Light}, "dark": {&wish.Look.Dark, &look.Dark}} {
			v := strings.ToLower(strings.TrimSpace(form.Get(scheme + "." + n.Key)))
			if v != *n.Of(c.style) {
				*n.Of(c.own) = v
			}
		}
	}
	if id := form.Get("logo"); id != "" && form.Get("nologo") == "" {
		wish.Look.Logo = &record.Logo{Picture: id}
	}
	for _, lang := range languages {
		wish.Masthead[lang] = oneOf(form.Get("masthead." + lang))
	}
	return wish
}

// lookValues writes a look as the form has it.
func lookValues(h record.House) url.Values {
	out := url.Values{"columns": {strconv.Itoa(columnsOf(h))}}
	light, dark := look.Whole(h.Look)
	for _, n := range look.Names {
		out.Set("light."+n.Key, *n.Of(&light))
		out.Set("dark."+n.Key, *n.Of(&dark))
	}
	if h.Look != nil {
		out.Set("faces", h.Look.Faces)
		if h.Look.Logo != nil {
			out.Set("logo", h.Look.Logo.Picture)
		}
	}
	for _, lang := range h.Languages {
		out.Set("masthead."+lang, h.Masthead[lang])
	}
	return out
}

// look shows how pages look now, or as the address says: a script asks so while somebody
// chooses.
func (d *desk) look(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	h, err := d.room.House(r.Context())
	if err != nil {
		return err
	}
	typed := lookValues(h.House)
	if q := r.URL.Query(); q.Has("light.paper") {
		typed = q
	}
	return d.drawLook(w, r, who, h, typed, look.Check(lookTyped(typed, h.House.Languages).Look))
}

// setLook takes a logo in, and looks at what is typed or saves it.
func (d *desk) setLook(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	h, err := d.room.House(r.Context())
	if err != nil {
		return err
	}
	raw, err := lookUpload(w, r)
	if err != nil {
		return err
	}
	if len(raw) > 0 {
		id, err := d.room.AddLogo(r.Context(), who, r.PostFormValue("logoKey"), raw)
		if _, refused := story.AsRefusal(err); refused {
			return d.drawLook(w, r, who, h, r.PostForm, err)
		}
		if err != nil {
			return err
		}
		r.PostForm.Set("logo", id)
		r.PostForm.Del("nologo")
	}
	wish := lookTyped(r.PostForm, h.House.Languages)
	if r.PostFormValue("do") != "save" {
		return d.drawLook(w, r, who, h, r.PostForm, look.Check(wish.Look))
	}
	err = d.room.SetLook(r.Context(), who, r.PostFormValue("key"), wish)
	if _, refused := story.AsRefusal(err); refused {
		return d.drawLook(w, r, who, h, r.PostForm, err)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/settings/look?said=look", http.StatusSeeOther)
	return nil
}

// lookUpload reads the form, and the file in it if there is one: nil where there is none.
func lookUpload(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		return nil, nil // read already, without a file
	}
	r.Body = http.MaxBytesReader(w, r.Body, picture.MaxBytes+maxForm)
	err := r.ParseMultipartForm(maxForm)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, story.Refuse(story.TooLarge, "A logo may have at most %d MB. Nothing was saved.", picture.MaxBytes>>20)
	}
	if err != nil {
		return nil, story.Refuse(story.Invalid, "This is no upload, or it broke off. Try again.")
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }() // temporary files
	if files := r.MultipartForm.File["picture"]; len(files) == 0 || files[0].Size == 0 {
		return nil, nil
	}
	return uploaded(r)
}

func (d *desk) drawLook(w http.ResponseWriter, r *http.Request, who newsroom.Who, h newsroom.HouseView, typed url.Values, refusal error) error {
	if !who.Admin {
		return story.Refuse(story.Forbidden, "How the paper looks is an administrator’s.")
	}
	wish := lookTyped(typed, h.House.Languages)
	p := lookForm{frame: d.frame(r, who, h, own(who, h).ID, h.Say("Look")), Logo: typed.Get("logo")}
	light, dark := look.Whole(&wish.Look)
	p.Schemes = []lookScheme{schemeOf(h, "light", h.Say("Light pages"), light), schemeOf(h, "dark", h.Say("Dark pages, for readers whose machine asks for them"), dark)}
	for _, s := range look.Sets {
		p.Sets = append(p.Sets, choice{s.Key, h.Say(s.Words) + ": " + h.Say(s.About), s.Key == wish.Look.Faces})
	}
	for n := look.MinColumns; n <= look.MaxColumns; n++ {
		p.Columns = append(p.Columns, choice{strconv.Itoa(n), strconv.Itoa(n), n == wish.Look.Columns || wish.Look.Columns == 0 && n == look.Columns})
	}
	for _, lang := range h.House.Languages {
		p.Mastheads = append(p.Mastheads, menuText{lang, ui.TongueName(lang), story.Direction(lang), wish.Masthead[lang]})
	}
	if wish.Look.Logo != nil {
		l, err := d.room.LogoOf(r.Context(), wish.Look.Logo.Picture)
		switch _, refused := story.AsRefusal(err); {
		case refused && refusal == nil:
			refusal = err
		case err != nil && !refused:
			return err
		case err == nil:
			p.logo(*l)
		}
	}
	if d.options.Paper != nil {
		p.Preview = "/settings/look/preview?" + forPreview(typed).Encode()
	}
	framing(w, "frame-src 'self'")
	status := p.answer(refusal)
	if r.Method == http.MethodGet {
		status = http.StatusOK // somebody looks, and is told what could not be saved
	}
	return lookTemplate.Render(w, status, p)
}

func (p *lookForm) logo(l record.Logo) {
	p.LogoAt = ui.PictureAddress(l.Rendition.SHA256, l.Rendition.Type)
	p.LogoWords = p.say("It is too long for an icon: tabs and telephones show the initial of the house.")
	if drawing.UsesLogo(l.Rendition.Width, l.Rendition.Height) {
		p.LogoWords = p.say("Tabs and telephones show it too.")
	}
}

func schemeOf(h newsroom.HouseView, key, words string, c record.Colours) lookScheme {
	s := lookScheme{Key: h.Say(key), Words: words}
	for i, n := range look.Names {
		x := lookColour{Name: key + "." + n.Key, Words: h.Say(n.Words), For: h.Say(n.For), Value: *n.Of(&c)}
		if i > 0 {
			ratio := look.Contrast(*n.Of(&c), c.Paper)
			x.Ratio, x.Poor = fmt.Sprintf("%.1f : 1", float64(int(ratio*10))/10), ratio < look.ForText
		}
		s.Colours = append(s.Colours, x)
	}
	return s
}

// previewLook draws the front page of now in the look that the address says.
func (d *desk) previewLook(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	if d.options.Paper == nil {
		return story.Refuse(story.Unknown, "There is no preview here.")
	}
	h, err := d.room.House(r.Context())
	if err != nil {
		return err
	}
	wish, err := d.lookWish(r, h)
	if err != nil {
		return err
	}
	framing(w, "")
	return d.options.Paper.Front(w, r, PaperWish{Lang: r.URL.Query().Get("lang"), Dressed: true, Look: &wish.Look, Masthead: wish.Masthead,
		Sheet: func(address string) string { return address + "?" + r.URL.RawQuery }})
}

// lookWish is the look that an address says, with its logo; one that cannot be is drawn in
// the house style.
func (d *desk) lookWish(r *http.Request, h newsroom.HouseView) (wish newsroom.LookWish, err error) {
	wish = lookTyped(r.URL.Query(), h.House.Languages)
	if look.Check(wish.Look) != nil {
		wish.Look.Light, wish.Look.Dark = record.Colours{}, record.Colours{}
	}
	if look.Check(wish.Look) != nil {
		wish.Look = record.Look{Logo: wish.Look.Logo}
	}
	if wish.Look.Logo != nil {
		l, err := d.room.LogoOf(r.Context(), wish.Look.Logo.Picture)
		if _, refused := story.AsRefusal(err); err != nil && !refused {
			return wish, err
		}
		wish.Look.Logo = l
	}
	return wish, nil
}

// lookSheet serves the style sheet that a preview names: of the look in the address, or of
// the house's own.
func (d *desk) lookSheet(w http.ResponseWriter, r *http.Request, _ newsroom.Who) error {
	h, err := d.room.House(r.Context())
	if err != nil {
		return err
	}
	l := h.House.Look
	if r.URL.RawQuery != "" {
		wish, err := d.lookWish(r, h)
		if err != nil {
			return err
		}
		l = &wish.Look
	}
	unknown := story.Refuse(story.Unknown, "There is no such file.")
	if d.options.Paper == nil {
		return unknown
	}
	body, ok := d.options.Paper.Sheet(l, r.URL.Path)
	if !ok {
		return unknown
	}
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, err = w.Write(body)
	return err
}
