package desk

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"dateline/internal/clock"
	"dateline/internal/newsroom"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

type storyPage struct {
	frame
	ID, Desk, Standing                                                              string
	Dir, Lang                                                                       string
	Public                                                                          string // address on the readers' site, "" where there is none
	Preview                                                                         bool
	Fields                                                                          map[string]input
	Sections                                                                        []choice
	Languages                                                                       []choice
	Types                                                                           []choice
	Blocks                                                                          []blockForm
	BlockIDs                                                                        string
	OrderVersion                                                                    int
	Pictures                                                                        []pictureForm
	Missing                                                                         []missingLine
	Clashes                                                                         []clashForm
	Gate                                                                            []gateLine
	Blocked                                                                         int
	Clocks3                                                                         [][2]string
	Acts                                                                            []actLine
	Doubts                                                                          []string
	Wish                                                                            string
	WishWords                                                                       string
	Base                                                                            int64
	Zones                                                                           []choice
	SlotDate                                                                        string
	Embargo                                                                         string
	MayPublish, MayCorrect, MayWithdraw, MayKill, MayApprove, MayAnswer, MayEmbargo bool
	Rests                                                                           string // the desk rests: told calmly
	Lineage                                                                         []lineageLine
	Revisions                                                                       []string
	History                                                                         []string
	Words                                                                           int
}

type choice struct {
	Value, Words string
	Chosen       bool
}

type blockForm struct {
	input
	ID      string
	Kinds   []choice
	Text    string
	Rows    int
	Speaker string
	From    string // the wire it came from
	First   bool
	Last    bool
}

type pictureForm struct {
	input
	ID, From                                 string
	Caption, Line, Photographer, Agency, Alt string
	Uncredited                               bool
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
}

type gateLine struct {
	Words string
	Block bool // needs a person
	Link  string
}

type actLine struct {
	ID      int64
	What    string
	State   string
	When    string
	By      string
	Sayings []string
	Pending bool
}

type lineageLine struct{ Address, Words string }

var storyTemplate = ui.NewPage[storyPage](files, "story.tmpl", "strip.tmpl", "frame.tmpl")

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
	p := d.storyPage(r, who, v)
	status := http.StatusOK
	if refusal != nil {
		status, p.Error = ui.Status(refusal)
		p.retype(typed)
	}
	return storyTemplate.Render(w, status, p)
}

// retype puts what was typed back into the form, with the versions and hashes that it had.
func (p *storyPage) retype(typed url.Values) {
	back := func(i input) input {
		if values, there := typed[i.Name]; there {
			i.Values = values
		}
		return i
	}
	for part, i := range p.Fields {
		p.Fields[part] = back(i)
	}
	for i := range p.Blocks {
		p.Blocks[i].input = back(p.Blocks[i].input)
		p.Blocks[i].Text = p.Blocks[i].at(1)
	}
	for i := range p.Pictures {
		f := &p.Pictures[i]
		f.input = back(f.input)
		f.Caption, f.Line, f.Photographer, f.Agency, f.Alt = f.at(0), f.at(1), f.at(2), f.at(3), f.at(4)
	}
}

func (d *desk) storyPage(r *http.Request, who newsroom.Who, v newsroom.StoryView) storyPage {
	t, a, x := v.Text, v.Article, v.Desk
	p := storyPage{frame: d.frame(r, who, v.HouseView, x.ID, cmp.Or(t.Headline, "A new story")), ID: string(a.ID), Desk: x.Settings.Names.In("en"), Standing: standingWords(v),
		Dir: story.Direction(t.Lang), Lang: t.Lang, Fields: inputsOf(t, v.Parts), OrderVersion: v.Parts[story.PartOrder].Version,
		Wish: string(v.NextWish()), WishWords: wishWords[v.NextWish()], Base: v.Base, Words: t.Doc.Words(), Preview: d.options.Preview != nil}
	desk := x.ID
	p.MayPublish, p.MayCorrect = who.May(p.Wish, desk), who.May("correct", desk) && a.Standing == story.Public
	p.MayWithdraw, p.MayKill = who.May("withdraw", desk) && a.Standing == story.Public, who.May("kill", desk) && (a.Standing == story.Public || a.Standing == story.Withdrawn)
	p.MayApprove, p.MayAnswer, p.MayEmbargo = who.May("approve", desk), who.May("answer", desk), who.May("embargo", desk)
	d.public(&p, v)
	p.choices(v)
	p.body(v)
	p.gate(v)
	p.lineage(v)
	return p
}

var wishWords = map[story.What]string{story.Publish: "Publish", story.Update: "Update", story.Reinstate: "Reinstate", story.Correct: "Correct", story.Withdraw: "Withdraw", story.Kill: "Kill"}

func standingWords(v newsroom.StoryView) string {
	a := v.Article
	switch a.Standing {
	case story.Never:
		return "No reader has seen it"
	case story.Public:
		return "Public: posted " + clock.Day(a.PostedAt, v.Desk.Zone, "en") + ", " + both(a.PostedAt, v.Desk, v.HouseView)
	}
	return strings.ToUpper(string(a.Standing[:1])) + string(a.Standing[1:])
}

// public is where readers find the story.
func (d *desk) public(p *storyPage, v newsroom.StoryView) {
	if v.Article.PostedAt.IsZero() {
		return
	}
	prefix := ""
	if len(v.House.Languages) > 0 && v.Text.Lang != v.House.Languages[0] {
		prefix = "/" + v.Text.Lang
	}
	p.Public = d.options.ReadersAddress + prefix + "/" + url.PathEscape(v.Text.Slug) + "-" + string(v.Article.ID)
}

func (p *storyPage) choices(v newsroom.StoryView) {
	pick := func(value, words, now string) choice { return choice{value, words, value == now} }
	p.Sections = append(p.Sections, pick("", "choose a section", v.Text.Section))
	for _, s := range v.House.Sections {
		p.Sections = append(p.Sections, pick(s.ID, s.Names.In("en"), v.Text.Section))
	}
	for _, l := range v.House.Languages {
		p.Languages = append(p.Languages, pick(l, ui.TongueName(l), v.Text.Lang))
	}
	for _, t := range []story.ArticleType{story.Report, story.Brief, story.Opinion} {
		p.Types = append(p.Types, pick(string(t), string(t), string(v.Text.Type)))
	}
	for _, x := range v.Desks {
		p.Zones = append(p.Zones, choice{x.Settings.Place.Zone, x.City("en"), x.ID == v.Desk.ID})
	}
	p.SlotDate = clock.Date(v.Now, v.Desk.Zone)
}

// body draws blocks, pictures, two texts, and what is missing.
func (p *storyPage) body(v newsroom.StoryView) {
	from := map[string]string{}
	for _, rest := range v.Rests {
		for _, part := range rest.Parts {
			from[part] = fmt.Sprintf("%s v%d", rest.Item.Source, rest.Version)
		}
	}
	var ids []string
	for i, b := range v.Text.Doc {
		in := p.Fields[story.BlockPart(b.ID)]
		f := blockForm{input: in, ID: b.ID, Text: in.at(1), From: from[in.Part], First: i == 0, Last: i == len(v.Text.Doc)-1}
		f.Rows = min(12, 2+len(f.Text)/80)
		for _, k := range blockKinds {
			f.Kinds = append(f.Kinds, choice{k.Value, k.Words, k.Value == in.at(0)})
		}
		for _, q := range v.Text.Quotations {
			if q.ID == b.Quotation && b.Quotation != "" {
				f.Speaker = strings.Trim(q.Speaker+", "+q.Capacity, ", ")
			}
		}
		ids = append(ids, b.ID)
		p.Blocks = append(p.Blocks, f)
	}
	p.BlockIDs = strings.Join(ids, " ")
	for _, u := range v.Text.Pictures {
		in := p.Fields[story.PicturePart(u.ID)]
		p.Pictures = append(p.Pictures, pictureForm{input: in, ID: u.ID, From: from[in.Part], Caption: u.Caption, Line: u.Credit.Line, Photographer: u.Credit.Photographer,
			Agency: u.Credit.Agency, Alt: u.Alt, Uncredited: u.Credit.String() == ""})
	}
	for _, m := range v.Missing {
		p.Missing = append(p.Missing, missingLine{m.Item.ID, strings.TrimSpace(m.Caption + " " + m.Credit), cmp.Or(m.Item.File, m.Item.GUID), m.Here})
	}
	for _, c := range v.Clashes {
		p.Clashes = append(p.Clashes, clashForm{ID: c.ID, Part: partWords(c.Part), By: c.Name, At: clock.HM(c.At, v.Desk.Zone), First: plainOf(v.Parts[c.Part].Body), Second: plainOf(c.Body),
			Block: strings.HasPrefix(c.Part, "block:")})
	}
}

func partWords(part string) string {
	kind, _, named := strings.Cut(part, ":")
	if named {
		return "a " + map[string]string{"block": "paragraph", "picture": "picture’s words"}[kind]
	}
	return "the " + part
}

// plainOf shows a part's body as words.
func plainOf(body json.RawMessage) string {
	var b story.Block
	if json.Unmarshal(body, &b) == nil && b.ID != "" && b.Kind != "" {
		return b.Plain()
	}
	var s string
	if json.Unmarshal(body, &s) == nil {
		return s
	}
	var u story.PictureUse
	if json.Unmarshal(body, &u) == nil && u.ID != "" {
		return u.Caption + " · " + u.Credit.String()
	}
	return string(body)
}

func (p *storyPage) lineage(v newsroom.StoryView) {
	for _, rest := range v.Rests {
		p.Lineage = append(p.Lineage, lineageLine{fmt.Sprintf("/wires/%d", rest.Item.ID), fmt.Sprintf("%s, version %d: %s (%d parts)", rest.Item.Source, rest.Version, rest.Headline, len(rest.Parts))})
	}
	for _, rev := range v.Revisions {
		line := fmt.Sprintf("%d: %s by %s, %s", rev.Number, rev.Cause, rev.Name, clock.HM(rev.At, v.Desk.Zone))
		if rev.Approver != "" {
			line += ", approved by " + rev.Approver
		}
		p.Revisions = append(p.Revisions, line)
	}
	for _, a := range v.Audit {
		p.History = append(p.History, clock.DayTime(a.At, v.Desk.Zone, "en")+" "+cmp.Or(a.Name, "the house")+": "+strings.TrimSpace(a.Verb+" "+a.Detail))
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

// orderAfter is the order of the blocks once what was asked is done; nil where nothing was.
func orderAfter(order []string, do, id, fresh string) []string {
	i := slices.Index(order, id)
	switch {
	case do == "insert" && id == "":
		return append([]string{fresh}, order...)
	case i < 0:
		return nil
	case do == "insert":
		return slices.Insert(slices.Clone(order), i+1, fresh)
	case do == "drop":
		return slices.Delete(slices.Clone(order), i, i+1)
	case do == "up" && i > 0:
		order = slices.Clone(order)
		order[i-1], order[i] = order[i], order[i-1]
		return order
	case do == "down" && i < len(order)-1:
		order = slices.Clone(order)
		order[i+1], order[i] = order[i], order[i+1]
		return order
	}
	return nil
}
