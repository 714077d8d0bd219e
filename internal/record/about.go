package record

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"dateline/internal/story"
)

// The kinds about people, pictures and addresses, about how articles hang together, and of
// a live page.

// Person is the content of a person entry.
type Person struct {
	Slug    string `json:"slug"`
	Names   Words  `json:"names"`
	Line    Words  `json:"line,omitempty"`
	Picture string `json:"picture,omitempty"`
	Merged  string `json:"merged,omitempty"` // id of the person that this one turned out to be
}

// Picture is the content of a picture entry; it holds for every place where it ran.
type Picture struct {
	Withdrawn bool          `json:"withdrawn,omitempty"`
	Credit    *story.Credit `json:"credit,omitempty"`
	Caption   string        `json:"caption,omitempty"`
}

// LiveDoes is what an entry does to a live page.
type LiveDoes string

// What a live entry can do.
const (
	LiveOpens   LiveDoes = "open"
	LiveReopens LiveDoes = "reopen"
	LiveAdds    LiveDoes = "add"
	LiveEdits   LiveDoes = "edit"
	LiveRemoves LiveDoes = "remove"
	LiveCloses  LiveDoes = "close"
)

// Live is the content of a live entry, whole in itself. Its subject is the page's article;
// its part is Entry.
type Live struct {
	Does       LiveDoes           `json:"does"`
	Entry      string             `json:"entry,omitempty"` // none where the page itself is opened or closed
	Desks      []story.DeskID     `json:"desks,omitempty"` // of the page, when it opens
	Lang       string             `json:"lang"`
	Headline   string             `json:"headline,omitempty"`
	Doc        story.Doc          `json:"doc,omitempty"`
	Quotations []story.Quotation  `json:"quotations,omitempty"`
	Pictures   []story.PictureUse `json:"pictures,omitempty"`
	By         *story.Byline      `json:"by,omitempty"`
	Key        bool               `json:"key,omitempty"` // a key event
	Pinned     bool               `json:"pinned,omitempty"`
	Summary    string             `json:"summary,omitempty"` // when it closes
	BrokenOut  story.ArticleID    `json:"brokenOut,omitempty"`
	Outputs    Outputs            `json:"outputs"`
}

// Package is the content of a package entry: articles that are read together.
type Package struct {
	Slug    string            `json:"slug"`
	Lang    string            `json:"lang"`
	Title   string            `json:"title"`
	Sort    string            `json:"sort"` // "running" grows, the newest first; "ordered" keeps its order
	Members []story.ArticleID `json:"members"`
	Note    string            `json:"note,omitempty"`
}

// Page is the content of a page entry: a page that is no article, such as one about the house.
type Page struct {
	Slug  string    `json:"slug"`
	Lang  string    `json:"lang"`
	Title string    `json:"title"`
	Doc   story.Doc `json:"doc"`
}

// RelationWhat is how one quotation or article stands to another.
type RelationWhat string

// The relations. They are drawn from From to To: From repeats, corrects … To.
const (
	Repeats   RelationWhat = "repeats"
	Clarifies RelationWhat = "clarifies"
	WalksBack RelationWhat = "walks back"
	Disputes  RelationWhat = "disputes"
	Corrects  RelationWhat = "corrects"
	Related   RelationWhat = "related"
)

// Relation is the content of a relation entry. From and To are ids of quotations or articles.
type Relation struct {
	From      string       `json:"from"`
	To        string       `json:"to"`
	What      RelationWhat `json:"what"`
	Source    string       `json:"source,omitempty"` // its own: an article, a quotation or an address
	Words     string       `json:"words,omitempty"`
	TakenBack bool         `json:"takenBack,omitempty"`
}

// Moved is the content of a moved entry: old paths and what stands there now.
type Moved struct {
	Paths []MovedPath `json:"paths"`
}

// A MovedPath leads from a path, from its first slash on, to an address of the house.
type MovedPath struct {
	From string    `json:"from"`
	To   string    `json:"to"`
	At   time.Time `json:"at,omitzero"`
}

var errPart = errors.New("its subject, part or class is not that of its content")

// readsLive: the part is the entry that is written, and only a removal silences.
func readsLive(e Entry) error {
	c, err := Decode[Live](e)
	onPage := c.Does == LiveOpens || c.Does == LiveReopens || c.Does == LiveCloses
	onEntry := c.Does == LiveAdds || c.Does == LiveEdits || c.Does == LiveRemoves
	switch {
	case err != nil:
		return err
	case !onPage && !onEntry:
		return fmt.Errorf("a live entry does not %q", c.Does)
	case e.Part != c.Entry || onPage != (c.Entry == "") || (e.Class == story.Silences) != (c.Does == LiveRemoves):
		return errPart
	}
	return nil
}

func readsPackage(e Entry) error {
	c, err := Decode[Package](e)
	if err == nil && (c.Sort != "running" && c.Sort != "ordered" || e.Part != "") {
		return errPart
	}
	return err
}

func readsPage(e Entry) error {
	c, err := Decode[Page](e)
	if err == nil && (c.Slug == "" || c.Lang == "" || e.Part != "") {
		return errPart
	}
	return err
}

func readsRelation(e Entry) error {
	c, err := Decode[Relation](e)
	known := []RelationWhat{Repeats, Clarifies, WalksBack, Disputes, Corrects, Related}
	if err == nil && (c.From == "" || c.To == "" || c.From == c.To || !slices.Contains(known, c.What)) {
		return errPart
	}
	return err
}

// readsPicture: a withdrawal silences, another caption or credit speaks.
func readsPicture(e Entry) error {
	c, err := Decode[Picture](e)
	if err == nil && c.Withdrawn != (e.Class == story.Silences) {
		return errPart
	}
	return err
}

func readsMoved(e Entry) error {
	c, err := Decode[Moved](e)
	for _, p := range c.Paths {
		if p.From == "" || p.From[0] != '/' || p.To == "" {
			return errPart
		}
	}
	return err
}
