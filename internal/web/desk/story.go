package desk

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"dateline/internal/clock"
	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/story"
	"dateline/internal/tongue"
	"dateline/internal/web/ui"
)

type storyPage struct {
	frame
	ID, Standing   string
	Desk, DeskSlug string
	City           string // of the desk
	Dir, Lang      string
	Public         string // address on the readers' site, "" where there is none
	Preview        bool
	LivePage       bool // it is of type live
	Fields         map[string]input
	Sections       []choice
	Languages      []choice
	Types          []choice
	Blocks         []blockForm
	BlockIDs       string
	PictureIDs     string
	Versions       map[string]int // of the parts that have no input of their own
	Pictures       []pictureForm
	Missing        []missingLine
	Clashes        []clashForm
	Lineage        []lineageLine
	Revisions      []string
	History        []string
	Words          int
	Stamp          string // of the newest save that the page shows
	New            bool   // nobody has written a word of it
	Calm           bool   // its desk rests, and the editor stays shut
	strip
	giving
}

type choice struct {
	Value, Words string
	Chosen       bool
}

type blockForm struct {
	input
	ID       string
	Kinds    []choice
	Drawn    string   // for which kind, if for one that has more inputs than words
	Pictures []choice // of a picture block
	Places   []galleryPlace
	Heads    []choice // of a table
	Text     string
	Rows     int
	Quote    input  // of a quotation
	From     string // the wire it came from
	First    bool
	Last     bool
}

type pictureForm struct {
	input
	ID, From                                 string
	Number                                   int
	Caption, Line, Photographer, Agency, Alt string
	RightsLine                               string
	Rights                                   rightsForm
	First, Uncredited                        bool
}

type missingLine struct {
	Item          int64
	Caption, Name string
	Here          bool
}

type clashForm struct {
	ID            int64
	Part, By, At  string
	First, Second string
	Block         bool
	Mine          bool // whoever looks saved the second
}

type lineageLine struct{ Address, Words string }

var storyTemplate = newPage[storyPage]("story.tmpl", "editor.tmpl", "strip.tmpl", "give.tmpl", "frame.tmpl")

func articleID(r *http.Request) (story.ArticleID, error) {
	id := r.PathValue("id")
	if !story.ValidID(id, story.ArticleIDLength) {
		return "", story.Refuse(story.Unknown, "There is no such story.")
	}
	return story.ArticleID(id), nil
}

func (d *desk) story(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	return d.drawStory(w, r, who, nil, nil)
}

// drawStory draws the story's screen. After a refusal it draws what was typed, not what
// is kept: a refused form loses nothing.
func (d *desk) drawStory(w http.ResponseWriter, r *http.Request, who newsroom.Who, refusal error, typed url.Values) error {
	id, err := articleID(r)
	if err != nil {
		return err
	}
	v, err := d.room.Story(r.Context(), who, id)
	if err != nil {
		return err
	}
	p := d.storyPage(r, who, v, typed)
	if refusal == nil && typed == nil {
		calm, err := d.calm(r, v)
		if err != nil {
			return err
		}
		if calm {
			p.rest()
		}
	}
	status := http.StatusOK
	if refusal != nil {
		status, p.Error = fails(p.Tongue, refusal)
	}
	return storyTemplate.Render(w, status, p)
}

func (d *desk) storyPage(r *http.Request, who newsroom.Who, v newsroom.StoryView, typed url.Values) storyPage {
	t, a, x := v.Text, v.Article, v.Desk
	p := storyPage{frame: d.frame(r, who, v.HouseView, x.ID, cmp.Or(t.Headline, v.Say("A new story"))), ID: string(a.ID), Desk: x.Name(), DeskSlug: x.Settings.Slug, City: x.City(), Standing: standingWords(v),
		Dir: story.Direction(t.Lang), Lang: t.Lang, Fields: inputsOf(t, v.Parts), Words: t.Doc.Words(), Preview: d.options.Preview != nil, LivePage: t.Type == story.Live,
		Versions: map[string]int{"order": v.Parts[story.PartOrder].Version, "pictures": v.Parts[story.PartPictures].Version, "quotations": v.Parts["quotations"].Version}}
	p.New = t.Headline == "" && p.Words == 0
	p.Live, p.Stamp = d.listens(storyPrefix+string(a.ID), houseChannel), v.Stamp()
	p.strip, p.giving, p.Public = stripOf(who, v, typed), givingOf(who, v), d.public(v)
	retype(p.Fields, typed)
	p.choices(v)
	p.body(who, v, typed)
	p.lineage(v)
	p.tell(r, v)
	return p
}

func standingWords(v newsroom.StoryView) string {
	a := v.Article
	switch a.Standing {
	case story.Never:
		return v.Say("No reader has seen it")
	case story.Public:
		return v.Say("Public: posted %s, %s", clock.Day(a.PostedAt, v.Desk.Zone, v.Lang), both(a.PostedAt, v.Desk, v.HouseView))
	}
	words := []rune(v.Say(string(a.Standing)))
	return strings.ToUpper(string(words[:1])) + string(words[1:])
}

// public is where readers find the story: by what is public of it, not by the working text.
func (d *desk) public(v newsroom.StoryView) string {
	for _, e := range v.Public {
		if e.Kind != record.KindArticle {
			continue
		}
		lang, slug := v.Text.Lang, v.Text.Slug
		if c, err := record.Decode[record.Article](e); err == nil && e.Readable() {
			lang, slug = c.Lang, c.Slug
		}
		prefix := ""
		if len(v.House.Languages) > 0 && lang != v.House.Languages[0] {
			prefix = "/" + lang
		}
		return d.options.ReadersAddress + prefix + "/" + url.PathEscape(slug) + "-" + string(v.Article.ID)
	}
	return ""
}

// choices fills the selects. What is kept is always among them, whatever the house offers
// now: a select that cannot show its value would change it.
func (p *storyPage) choices(v newsroom.StoryView) {
	sections := []choice{{Words: v.Say("choose a section")}}
	for _, s := range v.House.Sections {
		sections = append(sections, choice{Value: s.ID, Words: v.Pick(s.Names)})
	}
	p.Sections = chosen(sections, p.Fields["section"].Value())
	var languages, types []choice
	for _, l := range v.House.Languages {
		languages = append(languages, choice{Value: l, Words: ui.TongueName(l)})
	}
	p.Languages = chosen(languages, p.Fields["lang"].Value())
	for _, t := range []story.ArticleType{story.Report, story.Brief, story.Opinion, story.Live} {
		types = append(types, choice{Value: string(t), Words: v.Say(string(t))})
	}
	p.Types = chosen(types, p.Fields["type"].Value())
}

func chosen(all []choice, now string) []choice {
	found := false
	for i := range all {
		all[i].Chosen = all[i].Value == now
		found = found || all[i].Chosen
	}
	if !found {
		all = append(all, choice{now, cmp.Or(now, "–"), true})
	}
	return all
}

// body draws blocks, pictures, two texts, and what is missing.
func (p *storyPage) body(who newsroom.Who, v newsroom.StoryView, typed url.Values) {
	from := map[string]string{}
	for _, rest := range v.Rests {
		for _, part := range rest.Parts {
			from[part] = v.Say("%s, version %d", rest.Item.Source, rest.Version)
		}
	}
	var blocks, pictures []string
	for _, b := range v.Text.Doc {
		blocks = append(blocks, b.ID)
		p.Blocks = append(p.Blocks, p.block(v.Lang, v.Text, b, from, typed))
	}
	for _, id := range strings.Fields(typed.Get("blocks")) {
		if values, there := typed["b."+id]; there && v.Text.Doc.Find(id) < 0 && story.ValidID(id, story.BlockIDLength) {
			blocks = append(blocks, id) // deleted by somebody else while it was edited
			p.Fields[story.BlockPart(id)] = input{story.BlockPart(id), "b." + id, values, atoi(typed.Get("v.b." + id)), typed.Get("h.b." + id)}
			p.Blocks = append(p.Blocks, p.block(v.Lang, v.Text, story.Block{ID: id}, from, typed))
		}
	}
	if n := len(p.Blocks); n > 0 {
		p.Blocks[0].First, p.Blocks[n-1].Last = true, true
	}
	for i, u := range v.Text.Pictures {
		in := p.Fields[story.PicturePart(u.ID)]
		pictures = append(pictures, u.ID)
		p.Pictures = append(p.Pictures, pictureForm{input: in, ID: u.ID, From: from[in.Part], Caption: in.at(0), Line: in.at(1), Photographer: in.at(2),
			Agency: in.at(3), Alt: in.at(4), RightsLine: in.at(5), Rights: rightsOf(who, v, u.ID, typed), Number: i + 1, First: i == 0, Uncredited: u.Credit.String() == ""})
	}
	p.BlockIDs, p.PictureIDs = strings.Join(blocks, " "), strings.Join(pictures, " ")
	for _, m := range v.Missing {
		p.Missing = append(p.Missing, missingLine{m.Item.ID, strings.TrimSpace(m.Caption + " " + m.Credit), cmp.Or(m.Item.File, m.Item.GUID), m.Here})
	}
	for _, c := range v.Clashes {
		p.Clashes = append(p.Clashes, clashForm{ID: c.ID, Part: partWords(v.Lang, c.Part), By: c.Name, At: clock.HM(c.At, v.Desk.Zone), First: plainOf(v.Lang, c.Part, v.Parts[c.Part].Body, v.Text),
			Second: plainOf(v.Lang, c.Part, c.Body, v.Text), Block: strings.HasPrefix(c.Part, "block:"), Mine: c.By == who.Member})
	}
}

func (p *storyPage) block(lang string, t story.Text, b story.Block, from map[string]string, typed url.Values) blockForm {
	in := p.Fields[story.BlockPart(b.ID)]
	f := blockForm{input: in, ID: b.ID, Text: in.at(1), From: from[in.Part]}
	f.inputsOfKind(lang, t, b, typed)
	f.Rows = 1
	for line := range strings.SplitSeq(f.Text, "\n") {
		f.Rows += 1 + len([]rune(line))/68
	}
	f.Rows = min(f.Rows, 16)
	for _, k := range blockKinds {
		ofPictures := k.Value == "picture" || k.Value == "gallery"
		if !ofPictures || len(t.Pictures) > 0 || in.Value() == k.Value {
			f.Kinds = append(f.Kinds, choice{k.Value, tongue.Say(lang, k.Words), false})
		}
	}
	f.Kinds = chosen(f.Kinds, in.Value())
	if in.Value() == "picture" && b.Kind == story.PictureBlock {
		f.Pictures = chosen(pictureChoices(t), in.at(1))
	}
	f.Quote = p.Fields[quotePart(b.ID)]
	return f
}

func (p *storyPage) lineage(v newsroom.StoryView) {
	for _, rest := range v.Rests {
		p.Lineage = append(p.Lineage, lineageLine{fmt.Sprintf("/wires/%d", rest.Item.ID), v.Say("%s, version %d: %s (%s)", rest.Item.Source, rest.Version, rest.Headline, tongue.Count(v.Lang, len(rest.Parts), "part"))})
	}
	for _, rev := range v.Revisions {
		line := v.Say("%d: %s, %s %s", rev.Number, story.Word(rev.Cause), rev.Name, shortPast(rev.At, v.Desk, v.Now))
		if rev.Approver != "" {
			line += ", " + v.Say("approved by %s", rev.Approver)
		}
		p.Revisions = append(p.Revisions, line)
	}
	for _, a := range v.Audit {
		who := tongue.Join(v.Lang, " ", shortPast(a.At, v.Desk, v.Now), cmp.Or(a.Name, v.Say("the house")))
		p.History = append(p.History, who+": "+strings.TrimSpace(tongue.Join(v.Lang, " ", verbWords(v.HouseView, a.Verb), detailWords(v.HouseView, a))))
	}
}

// preview draws the public page of the working text.
func (d *desk) preview(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	id, err := articleID(r)
	if err != nil {
		return err
	}
	if d.options.Preview == nil {
		return story.Refuse(story.Unknown, "There is no preview here.")
	}
	v, err := d.room.Story(r.Context(), who, id)
	if err != nil {
		return err
	}
	return d.options.Preview(w, r, v)
}
