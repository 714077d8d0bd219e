// Package demo is an invented house: its desks, people, a week of stories and an agency
// report. Everything in it is posted by the newsroom's own verbs under the demo's clock.
package demo

import (
	"cmp"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/story"
)

//go:embed content
var content embed.FS

// Wire is the agency whose folder the demo has.
const Wire = "Northwind Wire"

type houseFile struct {
	Name     record.Words `json:"name"`
	Masthead record.Words `json:"masthead"`
	Sections []struct {
		ID    string       `json:"id"`
		Names record.Words `json:"names"`
	} `json:"sections"`
	Desks []struct {
		Slug    string         `json:"slug"`
		Names   record.Words   `json:"names"`
		City    record.Words   `json:"city"`
		Lat     float64        `json:"lat"`
		Lon     float64        `json:"lon"`
		Zone    string         `json:"zone"`
		Israel  bool           `json:"israel"`
		Follows []story.DeskID `json:"follows"`
		newsroom.Keeping
	} `json:"desks"`
}

type personFile struct {
	Name  string   `json:"name"`
	Roles []string `json:"roles"`
}

func read(name string, into any) error {
	raw, err := content.ReadFile("content/" + name)
	if err == nil {
		err = json.Unmarshal(raw, into)
	}
	if err != nil {
		return fmt.Errorf("the demo's %s: %w", name, err)
	}
	return nil
}

// Admin is the demo's administrator, who is also chief of every desk.
const Admin = "Tamar Shohat"

// Setup is the demo's house, with its readers at an address.
func Setup(address string) (s newsroom.Setup, err error) {
	var f houseFile
	if err := read("house.json", &f); err != nil {
		return s, err
	}
	s.Admin = Admin
	s.House = record.House{Names: f.Name, Address: address, Languages: []string{"en", "he"}, Masthead: f.Masthead, Feeds: "full", Contents: true, HebrewDate: true}
	for _, x := range f.Sections {
		s.House.Sections = append(s.House.Sections, record.Section{ID: x.ID, Names: x.Names})
	}
	for _, d := range f.Desks {
		place := record.Place{City: d.City, Lat: d.Lat, Lon: d.Lon, Zone: d.Zone, Israel: d.Israel}
		s.Desks = append(s.Desks, newsroom.DeskSettings{Slug: d.Slug, Names: d.Names, Place: place, Keeping: d.Keeping, Followers: d.Follows})
	}
	s.House.Seat, s.Seat.Keeping = s.Desks[0].Place, s.Desks[0].Keeping
	s.Calendars, err = calendars()
	return s, err
}

// calendars are the calendar files that the desks keep, by name.
func calendars() (map[string][]byte, error) {
	files, err := content.ReadDir("content/calendars")
	if err != nil {
		return nil, err
	}
	all := map[string][]byte{}
	for _, f := range files {
		if all[f.Name()], err = content.ReadFile("content/calendars/" + f.Name()); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Begin is when the demo's house is set up: before its first story.
var Begin = time.Date(2024, 3, 17, 6, 0, 0, 0, time.UTC)

// AddPeople makes the demo's members. The administrator is chief of every desk, so that
// one sign-in can play the whole Friday.
func AddPeople(ctx context.Context, room *newsroom.Room) error {
	var people []personFile
	if err := read("people.json", &people); err != nil {
		return err
	}
	for _, p := range people {
		if p.Name == Admin || len(p.Roles) == 0 {
			continue
		}
		_, err := room.AddMember(ctx, p.Name, false, p.Roles, 0)
		if refusal, ok := story.AsRefusal(err); ok && refusal.Kind == story.Conflict {
			continue // made before a start that was cut short
		}
		if err != nil {
			return err
		}
	}
	return room.GiveRoles(ctx, Admin, []string{"jerusalem:chief", "jerusalem:editor", "new-york:chief", "new-york:editor", "london:chief", "london:editor"})
}

type storyFile struct {
	name       string
	topics     []story.Topic
	At         time.Time      `json:"at"`
	Desk       string         `json:"desk"`
	Lang       string         `json:"lang"`
	Section    string         `json:"section"`
	Slug       string         `json:"slug"`
	Headline   string         `json:"headline"`
	Short      string         `json:"short"`
	Standfirst string         `json:"standfirst"`
	Dateline   story.Dateline `json:"dateline"`
	Bylines    []string       `json:"bylines"`
	Blocks     []blockFile    `json:"blocks"`
	Sources    []story.Source `json:"sources"`
	Pictures   []struct {
		ID, Caption, Alt, Credit, Photographer, Agency string
	} `json:"pictures"`
	Lead       bool            `json:"lead"`
	Correction *correctionFile `json:"correction"`
}

type blockFile struct {
	Kind       story.BlockKind `json:"kind"`
	Level      int             `json:"level"`
	Text       string          `json:"text"`
	Items      []string        `json:"items"`
	Picture    string          `json:"picture"`
	Pictures   []string        `json:"pictures"` // of a gallery: among the story's
	Caption    string          `json:"caption"`  // of a table, which Text holds in rows
	Head       bool            `json:"head"`
	Title      string          `json:"title"` // of a box, which Text holds in paragraphs, or of a link card
	Address    string          `json:"address"`
	Provider   string          `json:"provider"`
	Speaker    string          `json:"speaker"`
	Capacity   string          `json:"capacity"`
	Occasion   string          `json:"occasion"`
	Place      string          `json:"place"`
	Said       time.Time       `json:"said"`
	ReportedBy string          `json:"reportedBy"`
}

type correctionFile struct {
	At       time.Time `json:"at"`
	Severity string    `json:"severity"`
	Note     string    `json:"note"`
	Block    int       `json:"block"`
	Was      string    `json:"was"`
	Is       string    `json:"is"`
}

func stories() (all []storyFile, err error) {
	names, err := fs.Glob(content, "content/stories/*.json")
	if err != nil {
		return nil, err
	}
	topics, err := topicsOf()
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		f := storyFile{name: path.Base(name), topics: topics[path.Base(name)[:3]]}
		if err := read(strings.TrimPrefix(name, "content/"), &f); err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	slices.SortStableFunc(all, func(a, b storyFile) int { return a.At.Compare(b.At) })
	return all, nil
}

// topicsOf are the topics of the stories, by their numbers.
func topicsOf() (map[string][]story.Topic, error) {
	var all []struct {
		Code    string       `json:"code"`
		Labels  record.Words `json:"labels"`
		Stories []string     `json:"stories"`
	}
	if err := read("topics.json", &all); err != nil {
		return nil, err
	}
	topics := map[string][]story.Topic{}
	for _, t := range all {
		for _, number := range t.Stories {
			topics[number] = append(topics[number], story.Topic{Code: t.Code, Labels: t.Labels})
		}
	}
	return topics, nil
}

// WireFiles are the agency's report in three formats with its picture, by file name; later
// are what it sends afterwards: a cancellation, a withheld version, an embargoed report.
func WireFiles(later bool) (map[string][]byte, error) {
	folder := "content/wire"
	if later {
		folder += "-later"
	}
	files, err := content.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	out := map[string][]byte{}
	for _, f := range files {
		if out[f.Name()], err = content.ReadFile(folder + "/" + f.Name()); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// A Week posts the demo's week. Its keys are fixed, so that a start that was cut short
// goes on where it stopped and posts nothing twice.
type Week struct {
	Room *newsroom.Room
	// MoveTo moves the demo's clock to an instant and does all that falls due by then.
	MoveTo func(ctx context.Context, at time.Time) error
}

// event is one thing that happens in the week.
type event struct {
	at time.Time
	do func(ctx context.Context) error
}

// Post plays the week: every story at its instant, every correction at its own.
func (w Week) Post(ctx context.Context) error {
	all, err := stories()
	if err != nil {
		return err
	}
	var events []event
	plays := map[string]*play{}
	for _, f := range all {
		p := &play{week: w, file: f}
		plays[strings.SplitN(f.name, "-", 2)[0]] = p
		events = append(events, event{f.At, p.post})
		if f.Correction != nil {
			events = append(events, event{f.Correction.At, p.correct})
		}
	}
	live, err := w.liveEvents()
	if err != nil {
		return err
	}
	more, err := paperEvents(w, plays)
	if err != nil {
		return err
	}
	for _, e := range inTime(slices.Concat(events, live, more)) {
		if err := w.MoveTo(ctx, e.at); err != nil {
			return err
		}
		if err := e.do(ctx); err != nil {
			return err
		}
	}
	return nil
}

// play is one story of the week.
type play struct {
	week Week
	file storyFile
	id   story.ArticleID
	who  newsroom.Who
}

func (p *play) key(step string) string {
	return "the-demos-week-" + cmp.Or(strings.SplitN(p.file.name, "-", 2)[0], "story") + "-" + step
}

func (p *play) post(ctx context.Context) (err error) {
	room := p.week.Room
	if p.who, err = room.Acting(ctx, editors[p.file.Desk]); err != nil {
		return err
	}
	house, err := room.House(ctx)
	if err != nil {
		return err
	}
	desk, ok := house.Desk(p.file.Desk)
	if !ok {
		return fmt.Errorf("%s: there is no desk %q", p.file.name, p.file.Desk)
	}
	text := p.text()
	if p.id, err = room.Start(ctx, p.who, newsroom.Beginning{Key: p.key("start"), Desk: desk.ID, Text: &text}); err != nil {
		return fmt.Errorf("%s: %w", p.file.name, err)
	}
	if err := p.addPictures(ctx); err != nil {
		return fmt.Errorf("%s: %w", p.file.name, err)
	}
	f := newsroom.Filing{Key: p.key("publish"), Article: p.id, What: story.Publish, NoUndo: true, Base: -1}
	if _, err := room.File(ctx, p.who, f); err != nil {
		return fmt.Errorf("%s: %w", p.file.name, err)
	}
	if p.file.Lead {
		front := record.Front{Lang: p.file.Lang, Places: []record.FrontPlace{{Article: p.id}}, Rest: "newest"}
		if _, err := room.SetFront(ctx, p.who, p.key("front-page"), desk.ID, front); err != nil {
			return fmt.Errorf("%s: %w", p.file.name, err)
		}
	}
	return nil
}

// editors are who posts for each desk.
var editors = map[string]string{"jerusalem": "Hila Perach", "new-york": "Jonah Petrie", "london": "Alastair Rook"}

// text is the story's text, with ids made of its file's name so that a repeated start asks the same.
func (p *play) text() story.Text {
	f := p.file
	t := story.Text{Type: story.Report, Slug: f.Slug, Lang: f.Lang, Section: f.Section, Dateline: f.Dateline,
		Headline: f.Headline, Short: f.Short, Standfirst: f.Standfirst, Sources: f.Sources, Topics: f.topics}
	for _, name := range f.Bylines {
		t.Bylines = append(t.Bylines, story.Byline{Name: name})
	}
	for i, b := range f.Blocks {
		if b.Kind == story.PictureBlock {
			continue // the one picture of a story leads it
		}
		block := b.block(p.blockID(i))
		if b.Kind == story.QuotationBlock {
			block.Quotation = block.ID
			t.Quotations = append(t.Quotations, story.Quotation{ID: block.ID, Blocks: []string{block.ID}, Words: []story.Words{{Text: b.Text}}, Form: "direct",
				Speaker: b.Speaker, Capacity: b.Capacity, Occasion: b.Occasion, Place: b.Place, Said: b.Said, ReportedBy: b.ReportedBy})
		}
		t.Doc = append(t.Doc, block)
	}
	return t
}

// blockID is the id of the nth block of the story's file.
func (p *play) blockID(n int) string {
	return fmt.Sprintf("dem%s%02d", strings.SplitN(p.file.name, "-", 2)[0], n)
}

// block is the block as the story begins with it. A gallery has no pictures yet: they get
// their ids when they are added.
func (b blockFile) block(id string) story.Block {
	out := story.Block{ID: id, Kind: b.Kind, Level: b.Level}
	switch b.Kind {
	case story.TableBlock:
		out.Table = &story.Table{Caption: b.Caption, Head: b.Head, Rows: story.ParseRows(b.Text)}
		return out
	case story.BoxBlock:
		out.Box = &story.Box{Title: b.Title, Passages: story.ParsePassages(b.Text)}
		return out
	case story.EmbedBlock:
		out.Embed = &story.Embed{Address: b.Address, Provider: b.Provider, Title: b.Title}
	}
	out.Spans = story.ParseSpans(b.Text)
	for _, item := range b.Items {
		out.Items = append(out.Items, story.ParseSpans(item))
	}
	return out
}

// addPictures adds the story's pictures, and words them as the story does.
func (p *play) addPictures(ctx context.Context) error {
	room, ids := p.week.Room, map[string]string{}
	for i, pic := range p.file.Pictures {
		raw, err := content.ReadFile("content/pictures/" + pic.ID + ".jpg")
		if err != nil {
			return err
		}
		id, err := room.AddPicture(ctx, p.who, p.key(fmt.Sprintf("picture-%d", i)), p.id, raw)
		if err != nil {
			return err
		}
		ids[pic.ID] = id
		use := story.PictureUse{ID: id, Caption: pic.Caption, Alt: pic.Alt, Credit: story.Credit{Line: pic.Credit, Photographer: pic.Photographer, Agency: pic.Agency}}
		if err := p.save(ctx, fmt.Sprintf("caption-%d", i), story.PicturePart(id), use); err != nil {
			return err
		}
	}
	for i, f := range p.file.Blocks {
		if f.Kind != story.GalleryBlock {
			continue
		}
		b := f.block(p.blockID(i))
		for _, name := range f.Pictures {
			b.Pictures = append(b.Pictures, ids[name])
		}
		if err := p.save(ctx, "gallery", story.BlockPart(b.ID), b); err != nil {
			return err
		}
	}
	return nil
}

// save saves a part for the second time.
func (p *play) save(ctx context.Context, step, part string, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return err
	}
	_, err = p.week.Room.Save(ctx, p.who, newsroom.Saving{Key: p.key(step), Article: p.id, Parts: []newsroom.PartSave{{Part: part, Base: 1, Body: body}}})
	return err
}

// correct mends the story as its desk does: new words in the block, a note to readers.
func (p *play) correct(ctx context.Context) error {
	room, c := p.week.Room, p.file.Correction
	b := p.file.Blocks[c.Block]
	block := p.text().Doc[c.Block]
	block.Spans = story.ParseSpans(strings.Replace(b.Text, c.Was, c.Is, 1))
	if err := p.save(ctx, "mend", story.BlockPart(block.ID), block); err != nil {
		return fmt.Errorf("%s: %w", p.file.name, err)
	}
	_, err := room.File(ctx, p.who, newsroom.Filing{Key: p.key("correct"), Article: p.id, What: story.Correct, NoUndo: true, Base: -1,
		Detail: newsroom.Detail{Correction: &record.Correction{Severity: c.Severity, Note: c.Note, Blocks: []string{block.ID}, Was: c.Was, Is: c.Is}}})
	if err != nil {
		return fmt.Errorf("%s: %w", p.file.name, err)
	}
	return nil
}
