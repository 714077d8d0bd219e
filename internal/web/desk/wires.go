package desk

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"dateline/internal/clock"
	"dateline/internal/newsroom"
	"dateline/internal/story"
	"dateline/internal/tongue"
	"dateline/internal/web/ui"
	"dateline/internal/wire"
)

type wiresPage struct {
	frame
	Wires          []wireLine
	Bad            []badLine
	Sum            int
	Earlier, Later string
	Slug           string // of the member's desk
	Offers         []offerLine
}

type wirePage struct {
	frame
	ID         int64
	Headline   string
	Line       wireLine
	Roads      string
	Private    string // the agency's note to editors
	Facts      [][2]string
	Paragraphs []string
	Dir        string
	Versions   []versionLine
	Pictures   []wirePicture
	Original   string // of a picture item whose bytes are here
	Takes      []ui.Link
	Mine       []deskChoice
	MayTake    bool
}

type deskChoice struct{ Slug, Name string }

// versionLine is one version of an item, with its words to look into.
type versionLine struct {
	Words      string
	Headline   string
	Paragraphs []string
}

// wirePicture is a picture that a text item names.
type wirePicture struct {
	Item        int64
	Name        string
	ID          string // of the original, once it is here
	Description string
}

var wiresTemplate = newPage[wiresPage]("wires.tmpl", "wirelist.tmpl", "offers.tmpl", "frame.tmpl")
var wireTemplate = newPage[wirePage]("wire.tmpl", "frame.tmpl")

func wireLineOf(row newsroom.WireRow, x newsroom.DeskView, now time.Time) wireLine {
	l := wireLine{Address: fmt.Sprintf("/wires/%d", row.ID), Headline: headlineOf(row), Urgency: row.Item.Urgency, Time: shortPast(row.CameAt, x, now)}
	if row.Item.Status != wire.Usable && row.Item.Status != "" {
		l.Killed, l.Status = true, x.Say(string(row.Item.Status))
		if row.Item.Status == wire.Canceled {
			l.Status = x.Say("KILL")
		}
	}
	roads := roadsOf(row)
	facts := []string{row.Source, x.Say(row.Kind), x.Say("version %d", row.Newest), roadWords(x.Lang, roads)}
	if row.Item.Embargo.Set {
		facts = append(facts, x.Say("embargo"))
	}
	if row.Kind == string(wire.KindPicture) && row.Picture == "" {
		facts = append(facts, x.Say("its file has not arrived"))
	}
	l.Meta = tongue.Join(x.Lang, " · ", facts...)
	var taken []string
	for _, t := range row.Takes {
		taken = append(taken, cmp.Or(t.Headline, string(t.Article)))
	}
	l.Taken = strings.Join(taken, "; ")
	return l
}

func headlineOf(row newsroom.WireRow) string {
	h := row.Item.Headline
	if h == "" && row.Item.Picture != nil {
		h = row.Item.Picture.Caption
	}
	return cmp.Or(h, row.File, row.GUID)
}

// roadWords says by which formats an item came: "3 roads: newsml-g2, ninjs, rss".
func roadWords(lang string, roads []string) string {
	if len(roads) == 0 {
		return tongue.Say(lang, "named by a text only")
	}
	return tongue.Count(lang, len(roads), "road") + ": " + tongue.Join(lang, ", ", roads...)
}

// roadsOf lists the formats by which an item came, each once.
func roadsOf(row newsroom.WireRow) (roads []string) {
	for _, a := range row.Roads {
		if !slices.Contains(roads, a.Format) {
			roads = append(roads, a.Format)
		}
	}
	slices.Sort(roads)
	return roads
}

func (d *desk) wires(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	h, err := d.room.House(r.Context())
	if err != nil {
		return err
	}
	page := atoi(r.URL.Query().Get("page"))
	rows, total, err := d.room.Tray(r.Context(), who, page)
	if err != nil {
		return err
	}
	p := wiresPage{frame: d.frame(r, who, h, own(who, h).ID, h.Say("Wires")), Sum: total}
	p.Live = d.listens(trayChannel, houseChannel)
	for _, row := range rows {
		p.Wires = append(p.Wires, wireLineOf(row, own(who, h), h.Now))
	}
	if x := own(who, h); page == 0 && who.May("read", x.ID) {
		b, err := d.room.Board(r.Context(), who, x.ID, 0)
		if err != nil {
			return err
		}
		p.Bad, p.Slug, p.Offers = badLines(b.Lang, b.Bad), x.Settings.Slug, offerLines(b.Offers, b.HouseView, who)
		p.Live = d.listens(trayChannel, houseChannel, boardPrefix+string(x.ID))
	}
	if (page+1)*200 < total {
		p.Earlier = fmt.Sprintf("/wires?page=%d", page+1)
	}
	if page > 0 {
		p.Later = fmt.Sprintf("/wires?page=%d", page-1)
	}
	return wiresTemplate.Render(w, http.StatusOK, p)
}

// own is the member's first desk in the house's order, else the house's first.
func own(who newsroom.Who, h newsroom.HouseView) newsroom.DeskView {
	for _, x := range h.Desks {
		if _, mine := who.Roles[x.ID]; mine {
			return x
		}
	}
	if len(h.Desks) == 0 {
		return newsroom.DeskView{Zone: h.Zone}
	}
	return h.Desks[0]
}

func wireID(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return 0, story.Refuse(story.Unknown, "There is no such wire item.")
	}
	return id, nil
}

func (d *desk) wire(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	return d.drawWire(w, r, who, http.StatusOK, nil)
}

func (d *desk) drawWire(w http.ResponseWriter, r *http.Request, who newsroom.Who, status int, refusal error) error {
	id, err := wireID(r)
	if err != nil {
		return err
	}
	h, err := d.room.House(r.Context())
	if err != nil {
		return err
	}
	row, versions, err := d.room.WireItem(r.Context(), who, id)
	if err != nil {
		return err
	}
	x := own(who, h)
	p := wirePage{frame: d.frame(r, who, h, x.ID, headlineOf(row)), ID: id, Headline: headlineOf(row), Line: wireLineOf(row, x, h.Now), Dir: story.Direction(row.Item.Lang), Private: row.Item.EdNote}
	p.Error = refusalIn(h.Lang, refusal)
	p.Roads = roadWords(h.Lang, roadsOf(row))
	if row.Kind == string(wire.KindPicture) {
		p.Original = row.Picture
	}
	p.Facts = factsOf(h, row.Item)
	p.Paragraphs = paragraphsOf(row.Item.Doc)
	for i, v := range versions {
		p.Versions = append(p.Versions, versionLineOf(i+1, v, x))
	}
	for _, pic := range row.Pictures {
		p.Pictures = append(p.Pictures, wirePicture{Item: pic.ID, Name: cmp.Or(pic.File, pic.GUID), ID: pic.Picture, Description: captionIn(row.Item, pic.File)})
	}
	for _, t := range row.Takes {
		p.Takes = append(p.Takes, ui.Link{Address: "/stories/" + string(t.Article), Words: cmp.Or(t.Headline, string(t.Article))})
	}
	for _, y := range h.Desks {
		if who.May("take", y.ID) {
			p.Mine = append(p.Mine, deskChoice{y.Settings.Slug, y.Name()})
		}
	}
	p.MayTake = row.Kind == string(wire.KindText) && len(p.Mine) > 0 && !p.Line.Killed
	return wireTemplate.Render(w, status, p)
}

// paragraphsOf shows a wire's text: every row of a table as a line of its own.
func paragraphsOf(doc story.Doc) (all []string) {
	for _, b := range doc {
		if b.Table == nil {
			all = append(all, lines(b.Plain())...)
			continue
		}
		if b.Table.Caption != "" {
			all = append(all, b.Table.Caption)
		}
		for _, row := range b.Table.Rows {
			all = append(all, strings.Join(row, " | "))
		}
	}
	return all
}

func versionLineOf(number int, v wire.Item, x newsroom.DeskView) versionLine {
	l := versionLine{Words: x.Say("%d: the agency’s version %s, %s", number, cmp.Or(v.Version, x.Say("without a number")), story.Word(v.Status)), Headline: v.Headline}
	if !v.Sent.IsZero() {
		l.Words += ", " + x.Say("sent %s", clock.DateTime(v.Sent, x.Zone, x.Lang)+" "+x.City())
	}
	l.Paragraphs = paragraphsOf(v.Doc)
	return l
}

// captionIn is what a text item says of a picture that it names.
func captionIn(it wire.Item, file string) string {
	for _, p := range it.Pictures {
		if p.File == file {
			return strings.TrimSpace(p.Caption + " " + p.Credit.String())
		}
	}
	return ""
}

func factsOf(h newsroom.HouseView, it wire.Item) (facts [][2]string) {
	add := func(name, value string) {
		if value != "" {
			facts = append(facts, [2]string{name, value})
		}
	}
	add(h.Say("Agency"), it.Provider)
	add(h.Say("Names as source"), strings.Join(it.InfoSources, ", "))
	add(h.Say("Place line"), cmp.Or(it.Dateline, it.Located))
	add(h.Say("Byline"), it.Byline)
	add(h.Say("Slug line"), it.Slugline)
	add(h.Say("Guid"), it.GUID)
	add(h.Say("Copyright"), it.Copyright)
	add(h.Say("Usage"), it.Usage)
	if it.Embargo.Set {
		until := h.Say("without an end that can be read")
		if !it.Embargo.Until.IsZero() {
			until = h.Say("until %s", clock.ISO(it.Embargo.Until))
		}
		add(h.Say("Embargo"), until)
	}
	if p := it.Picture; p != nil {
		add(h.Say("Caption"), p.Caption)
		add(h.Say("Credit"), p.Credit.String())
		add(h.Say("Photographer"), p.Credit.Photographer)
		add(h.Say("File"), p.File)
	}
	return facts
}

// take begins a story from a wire item at the desk that the form names.
func (d *desk) take(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	id, err := wireID(r)
	if err != nil {
		return err
	}
	h, err := d.room.House(r.Context())
	if err != nil {
		return err
	}
	x, ok := h.Desk(r.PostFormValue("desk"))
	if !ok {
		return story.Refuse(story.Unknown, "There is no such desk.")
	}
	article, err := d.room.Take(r.Context(), who, newsroom.Taking{Key: r.PostFormValue("key"), Item: id, Desk: x.ID})
	if _, ok := story.AsRefusal(err); ok {
		status, _ := ui.Status(err)
		return d.drawWire(w, r, who, status, err)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/stories/"+string(article), http.StatusSeeOther)
	return nil
}
