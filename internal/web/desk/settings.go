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
	"dateline/internal/places"
	"dateline/internal/record"
	"dateline/internal/story"
	"dateline/internal/tongue"
	"dateline/internal/web/ui"
)

// Settings: where a desk is, what it keeps there, and whose rest counts; for an
// administrator the same of the house's seat. What is typed is looked at before it is
// saved: the next ten rests, in three clocks, beside those of now.

type settingsPage struct {
	frame
	Action, Name string // where the form goes, and whose settings they are
	OfHouse      bool
	Resting      newsroom.RestWish
	Typed        settingsForm
	Found        []foundPlace
	Nowhere      string // why nothing was found, and what is written nearly so: a sentence without a capital
	Customary    string // how long before sunset, by the custom of the place
	CustomNote   string // where the desk's festivals are not those of its place
	Attribution  string
	Zones        [3]string // whose clocks the rests are shown by
	Words        string
	Rests        []shiftLine
	Changes      int
	Stays        string // until when a rest of now goes on before the new settings hold
	Known        []knownObservance
	Calendars    []calendarLine
	MayCalendar  bool
	Shown        bool // the rests were asked for: narrow screens show them first
}

// settingsForm is what was typed.
type settingsForm struct {
	Find, City                         string
	NameEN, NameHE, Lat, Lon, Zone     string
	Festivals                          string // "israel" or "abroad"
	Keeps                              string // a line each
	Lighting, Nightfall, Margin, Whose string
	Sunless                            string
	HebrewDate                         string // "yes" or "no"; of the house alone
	Eyes                               string // "yes" or "no"; of a desk alone
}

// foundPlace is a city of the gazetteer that a search found.
type foundPlace struct{ ID, Name, Hebrew, Facts string }

// knownObservance is what a desk may keep.
type knownObservance struct{ Usage, About, Source string }

type calendarLine struct{ Name, By string }

// shiftLine is a rest as it would be, in three clocks, and what of it changes.
type shiftLine struct {
	Name, Rule, Fallback string
	Mark                 string // "new", "gone", "changed" or nothing
	Clocks               [3]spanLine
}

// spanLine is a rest by one clock; Was are its ends now, where they are others.
type spanLine struct{ From, To, WasFrom, WasTo string }

var settingsTemplate = newPage[settingsPage]("settings.tmpl", "frame.tmpl")

func formOf(at record.Place, city string, k newsroom.Keeping) settingsForm {
	f := settingsForm{City: city, NameEN: at.City["en"], NameHE: at.City["he"], Zone: at.Zone, Lat: degrees(at.Lat), Lon: degrees(at.Lon), Festivals: "abroad",
		Lighting: k.Lighting, Nightfall: k.Nightfall, Margin: k.Margin, Sunless: k.Sunless, Keeps: strings.Join(k.Keeps, "\n")}
	if len(k.Keeps) == 0 {
		f.Keeps = strings.Join(k.Lines(), "\n")
	}
	if at.Israel {
		f.Festivals = "israel"
	}
	return f
}

func degrees(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// typedSettings reads a form. A place that was picked among those found takes the place
// of what the other fields say.
func typedSettings(r *http.Request) (f settingsForm) {
	get := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	f = settingsForm{Find: get("find"), City: get("city"), NameEN: get("nameEN"), NameHE: get("nameHE"), Lat: get("lat"), Lon: get("lon"), Zone: get("zone"), Festivals: get("festivals"),
		Keeps: newlines.Replace(r.PostFormValue("keeps")), Lighting: get("lighting"), Nightfall: get("nightfall"), Margin: get("margin"), Sunless: get("sunless"), Whose: get("whose"), HebrewDate: get("hebrewDate"), Eyes: get("eyes")}
	if c, ok := places.ByID(get("pick")); ok {
		at := newsroom.PlaceOf(c)
		f.City, f.NameEN, f.NameHE, f.Zone, f.Lat, f.Lon, f.Find = c.ID, at.City["en"], at.City["he"], at.Zone, degrees(at.Lat), degrees(at.Lon), ""
	}
	return f
}

// place is where the form says that it is.
func (f settingsForm) place() (at record.Place, err error) {
	at = record.Place{City: record.Words{}, Zone: f.Zone, Israel: f.Festivals == "israel"}
	for lang, name := range map[string]string{"en": f.NameEN, "he": f.NameHE} {
		if name != "" {
			at.City[lang] = name
		}
	}
	if at.Lat, err = degreesOf("latitude", f.Lat, 90); err != nil {
		return at, err
	}
	at.Lon, err = degreesOf("longitude", f.Lon, 180)
	return at, err
}

func degreesOf(what, text string, most float64) (float64, error) {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || !(v >= -most && v <= most) { // also what is no number
		return 0, story.Refuse(story.Invalid, "The %s is a number of degrees from -%v to %v, such as 31.778; %.20q is not.", story.Word(what), most, most, text)
	}
	return v, nil
}

// chosen refuses to save while a place was looked for and none chosen, lest the former be
// saved in its stead and nobody notice.
func (f settingsForm) chosen() error {
	if f.Find == "" {
		return nil
	}
	return story.Refuse(story.Invalid, "“%s” was looked for, but no place is chosen. Choose one of those found, or empty the field to stay in %s.", f.Find, f.NameEN)
}

// city is the place's number in the gazetteer, as long as the place is still about there:
// a custom goes by the city, and a place moved by hand is one of its own.
func (f settingsForm) city(at record.Place) string {
	c, ok := places.ByID(f.City)
	if !ok || c.Zone != at.Zone || max(c.Lat-at.Lat, at.Lat-c.Lat, c.Lon-at.Lon, at.Lon-c.Lon) > 0.5 {
		return ""
	}
	return c.ID
}

func (f settingsForm) keeping() newsroom.Keeping {
	k := newsroom.Keeping{Lighting: f.Lighting, Nightfall: f.Nightfall, Margin: f.Margin, Sunless: f.Sunless}
	for line := range strings.SplitSeq(f.Keeps, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			k.Keeps = append(k.Keeps, line)
		}
	}
	return k
}

// settings are the desk's, with what the form changes of them.
func (f settingsForm) settings(s newsroom.DeskSettings) (newsroom.DeskSettings, error) {
	at, err := f.place()
	if err != nil {
		return s, err
	}
	s.Place, s.City, s.Keeping, s.Whose = at, f.city(at), f.keeping(), f.Whose
	if f.Eyes != "" { // a form without the question changes nothing
		s.Eyes = f.Eyes == "yes"
	}
	return s, nil
}

// settings shows a desk's settings to who may change them.
func (d *desk) settings(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	x, err := d.deskOf(r)
	if err != nil {
		return err
	}
	f := formOf(x.Settings.Place, x.Settings.City, x.Settings.Keeping)
	f.Whose = cmp.Or(x.Settings.Whose, newsroom.OwnRest)
	if f.Eyes = "no"; x.Settings.Eyes {
		f.Eyes = "yes"
	}
	if name := r.URL.Query().Get("add"); name != "" && !slices.Contains(strings.Split(f.Keeps, "\n"), "ics "+name) {
		f.Keeps += "\nics " + name // an uploaded file, to be looked at and saved
	}
	return d.drawSettings(w, r, who, x, f, nil)
}

// setDesk looks for a place, shows what the settings would make, or saves them.
func (d *desk) setDesk(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	x, err := d.deskOf(r)
	if err != nil {
		return err
	}
	f := typedSettings(r)
	if r.PostFormValue("do") != "save" {
		return d.drawSettings(w, r, who, x, f, nil)
	}
	s, err := f.settings(x.Settings)
	if err == nil {
		err = f.chosen()
	}
	if err == nil {
		_, err = d.room.SetDesk(r.Context(), who, r.PostFormValue("key"), x.ID, s)
	}
	if _, refused := story.AsRefusal(err); refused {
		return d.drawSettings(w, r, who, x, f, err)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/desk/"+x.Settings.Slug+"/settings?said=settings", http.StatusSeeOther)
	return nil
}

func (d *desk) drawSettings(w http.ResponseWriter, r *http.Request, who newsroom.Who, x newsroom.DeskView, f settingsForm, refusal error) error {
	if !who.May("change settings", x.ID) {
		return story.Refuse(story.Forbidden, "The settings of a desk are its chief’s, and an administrator’s.")
	}
	h, err := d.room.House(r.Context())
	if err != nil {
		return err
	}
	p := settingsPage{frame: d.frame(r, who, h, x.ID, x.Say("%s settings", x.Name())), Action: "/desk/" + x.Settings.Slug, Name: x.Name(), MayCalendar: true}
	s, err := f.settings(x.Settings)
	var preview newsroom.Preview
	if err == nil {
		preview, err = d.room.PreviewDesk(r.Context(), who, x.ID, s)
	}
	if refusal == nil {
		refusal = err
	}
	p.fill(h.Lang, s.City, s.Place, f, r.PostFormValue("do") == "preview")
	zone, err := d.room.ZoneOf(s.Place.Zone)
	if err != nil {
		zone = x.Zone // what was typed is no zone, which the refusal says
	}
	p.lay(preview, third(h, clockFace{h.Pick(s.Place.City), zone}))
	if err := d.fillCalendars(r, h, &p); err != nil {
		return err
	}
	return p.answer(w, refusal)
}

// fill puts in what was typed and what there is to choose from.
func (p *settingsPage) fill(lang, city string, at record.Place, f settingsForm, shown bool) {
	p.Typed, p.Attribution, p.Shown = f, places.Attribution, shown
	if f.Find != "" {
		for _, c := range places.Search(f.Find, 8) {
			p.Found = append(p.Found, foundPlace{c.ID, c.String(), c.Hebrew, tongue.Say(lang, "%s · %.2f, %.2f · lighting %d min", c.Zone, c.Lat, c.Lon, c.Lighting()/time.Minute)})
		}
		if _, err := places.Find(f.Find); err != nil && len(p.Found) == 0 {
			p.Nowhere = tongue.Again(lang, err.Error())
		}
	}
	p.Customary = fmt.Sprintf("%dm", newsroom.Customary(city, at)/time.Minute)
	if c, ok := places.ByID(city); ok && c.Israel() != at.Israel {
		p.CustomNote = tongue.Say(lang, "By the custom of the place they last two days.")
		if c.Israel() {
			p.CustomNote = tongue.Say(lang, "By the custom of the place they last one day.")
		}
	}
	for _, o := range newsroom.Observances() {
		p.Known = append(p.Known, knownObservance{o.Usage, tongue.Say(lang, o.About), o.Source})
	}
}

func (d *desk) fillCalendars(r *http.Request, h newsroom.HouseView, p *settingsPage) error {
	kept, err := d.room.CalendarsKept(r.Context())
	if err != nil {
		return err
	}
	for _, c := range kept {
		p.Calendars = append(p.Calendars, calendarLine{c.Name, keptBy(h, c)})
	}
	return nil
}

// keptBy names the desks that keep a calendar file, and the house.
func keptBy(h newsroom.HouseView, c newsroom.Calendar) string {
	var names []string
	for _, id := range c.By {
		if x, ok := h.Desk(string(id)); ok {
			names = append(names, h.Say("the %s desk", x.Name()))
		} else {
			names = append(names, h.Say("the house"))
		}
	}
	return strings.Join(names, ", ")
}

// answer shows the page; a refusal stands above all that was typed.
func (p *settingsPage) answer(w http.ResponseWriter, refusal error) error {
	status := http.StatusOK
	if refusal != nil {
		if _, ok := story.AsRefusal(refusal); !ok {
			return refusal
		}
		status, p.Error = fails(p.Tongue, refusal)
	}
	return settingsTemplate.Render(w, status, *p)
}

// clockFace is a clock by its city.
type clockFace struct {
	city string
	zone *time.Location
}

// third are three clocks: the place's own, the house's, and that of another desk, or of UTC
// where all are the same.
func third(h newsroom.HouseView, own clockFace) (faces [3]clockFace) {
	faces[0], faces[1], faces[2] = own, clockFace{h.City(), h.Zone}, clockFace{"UTC", time.UTC}
	others := []clockFace{}
	for _, x := range h.Desks {
		if x.Zone.String() != own.zone.String() && x.Zone.String() != h.Zone.String() {
			others = append(others, clockFace{x.City(), x.Zone})
		}
	}
	if own.zone.String() == h.Zone.String() {
		others = append(others, clockFace{"UTC", time.UTC})
		faces[1] = others[0]
		others = others[1:]
	}
	if len(others) > 0 {
		faces[2] = others[0]
	}
	return faces
}

// lay puts a preview in, by three clocks.
func (p *settingsPage) lay(v newsroom.Preview, faces [3]clockFace) {
	for i, face := range faces {
		p.Zones[i] = face.city
	}
	p.Words = v.Words.In(p.Tongue, tongue.English)
	for _, s := range v.Rests {
		line := shiftOf(p.Tongue, s, faces)
		if line.Mark != "" {
			p.Changes++
		}
		p.Rests = append(p.Rests, line)
	}
	if !v.Until.IsZero() {
		p.Stays = clock.DateTime(v.Until, faces[0].zone, p.Tongue)
	}
}

func shiftOf(lang string, s newsroom.Shift, faces [3]clockFace) shiftLine {
	shown := s.Then
	l := shiftLine{}
	switch {
	case s.Then.End.IsZero():
		shown, l.Mark = s.Now, "gone"
	case s.Now.End.IsZero():
		l.Mark = "new"
	case !s.Same():
		l.Mark = "changed"
	}
	l.Name, l.Rule, l.Fallback = ui.RestName(shown.Name, lang), shown.Rule, tongue.Again(lang, shown.Fallback)
	for i, f := range faces {
		c := spanLine{From: clock.DateTime(shown.Start, f.zone, lang), To: clock.DateTime(shown.End, f.zone, lang)}
		if l.Mark == "changed" && !s.Now.Start.Equal(shown.Start) {
			c.WasFrom = beside(lang, s.Now.Start, shown.Start, f.zone)
		}
		if l.Mark == "changed" && !s.Now.End.Equal(shown.End) {
			c.WasTo = beside(lang, s.Now.End, shown.End, f.zone)
		}
		l.Clocks[i] = c
	}
	return l
}

// beside is an instant as it is told beside another: without its day where that is the same.
func beside(lang string, t, other time.Time, zone *time.Location) string {
	if clock.Date(t, zone) == clock.Date(other, zone) {
		return clock.HM(t, zone)
	}
	return clock.DateTime(t, zone, lang)
}

// toldSunless takes away the warning about days without a sun.
func (d *desk) toldSunless(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	x, err := d.deskOf(r)
	if err != nil {
		return err
	}
	if err := d.room.ToldSunless(r.Context(), who, r.PostFormValue("key"), x.ID); err != nil {
		return err
	}
	http.Redirect(w, r, "/desk/"+x.Settings.Slug, http.StatusSeeOther)
	return nil
}
