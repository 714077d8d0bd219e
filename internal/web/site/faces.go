package site

import (
	"errors"
	"net/http"
	"strings"

	"dateline/internal/story"
	"dateline/internal/web/ui"
)

// errUnknown is the one answer for what never existed, what is not released and what is
// unknown: byte for byte the same page.
var errUnknown = story.Refuse(story.Unknown, "no such page")

var facePage = ui.NewPage[facePageData](own, "frame.tmpl", "face.tmpl")

// facePageData is a page of an error: what happened, and where to go from here.
type facePageData struct {
	ui.Base
	Heading, Help string
	Note          string // of a kill or an erasure, in the house's words
	ToFront       ui.Link
	Latest        []latestLine
	LatestWords   string
	Clock         string // whose time the list is in
}

var blankPage = ui.NewPage[blankPageData](own, "blank.tmpl")

// blankPageData is a page that asks nothing of the edition.
type blankPageData struct {
	Lang, Dir, Heading, Help, Home, ToFront string
	Look                                    ui.Look
}

// face draws the page of an error. Where the house itself cannot be read, a page that
// asks nothing of it stands in.
func (s *site) face(w http.ResponseWriter, r *http.Request, status int, sentence string) error {
	if status < 500 {
		h, err := s.visit(r.Context(), r, func(v *visit) error { return v.face(status) })
		if err == nil {
			return h.send(w)
		}
		if errors.Is(err, errCrowded) {
			sentence = noPlace
		}
	}
	words := ui.WordsIn("en")
	if first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/"); first == "he" {
		words = ui.WordsIn("he")
	}
	p := blankPageData{Lang: "en", Dir: "ltr", Heading: words.Fault, Help: words.FaultHelp, Home: "/", ToFront: words.ToFront, Look: ui.Look{Sheet: sheet, Script: files.Path("clock.js"), Icon: files.Path("icon.svg"), Preload: files.Preload("en")}}
	if words == ui.WordsIn("he") {
		p.Lang, p.Dir = "he", "rtl"
	}
	if sentence == noPlace {
		return crowded(w, p, words)
	}
	if status == http.StatusServiceUnavailable {
		p.Heading, p.Help = words.NotSetUp, ""
	}
	return blankPage.Render(w, status, p)
}

func (v *visit) face(status int) error {
	w := v.words
	p := facePageData{Heading: w.NotFound, Help: w.NotFoundHelp}
	switch status {
	case http.StatusMethodNotAllowed:
		p.Heading, p.Help = w.Method, w.MethodHelp
	case http.StatusGone:
		p.Heading, p.Help = w.GoneTitle, w.GoneHelp
	case http.StatusBadRequest:
		p.Heading, p.Help = w.BadRequest, w.BadHelp
	}
	newest, err := v.view.Latest(v.lang, 5)
	if err != nil {
		return err
	}
	p.Latest, p.LatestWords, p.Clock = v.lines(newest), w.Latest, w.Say(w.ClockOf, v.seat().City)
	p.ToFront = ui.Link{Address: v.home(), Words: w.ToFront}
	p.Base = v.base(page{title: p.Heading, timed: v.asOf(newest), what: w.AsOf})
	p.NoIndex = true
	return facePage.Render(v.w, status, p)
}
