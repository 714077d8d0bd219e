package record

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"dateline/internal/story"
)

// Form is the number of the content forms that this binary writes. Every form ever
// written stays decodable: a change of meaning takes a new number and a new branch in Decode.
const Form = 1

// Words says one thing in several languages, by BCP 47 tag.
type Words map[string]string

// In returns the words in a language, else in the first of the others named that has
// some, else in the first by tag: the same ones each time.
func (w Words) In(lang string, fallback ...string) string {
	for _, l := range append([]string{lang}, fallback...) {
		if s := w[l]; s != "" {
			return s
		}
	}
	for _, l := range slices.Sorted(maps.Keys(w)) {
		if s := w[l]; s != "" {
			return s
		}
	}
	return ""
}

// A Place is where a house or a desk is. Elevation plays no part in its sunsets.
type Place struct {
	City   Words   `json:"city"`
	Lat    float64 `json:"lat"` // degrees, north positive
	Lon    float64 `json:"lon"` // degrees, east positive
	Zone   string  `json:"zone"`
	Israel bool    `json:"israel"`
}

// Volume is the content of a volume entry: the first of a log of its own, with a key of
// its own.
type Volume struct {
	Log    string      `json:"log"`
	Key    string      `json:"key"` // the verifier key of its checkpoints
	Cause  VolumeCause `json:"cause"`
	Former *Former     `json:"former,omitempty"` // nil for the first volume
}

// VolumeCause is why a volume was begun.
type VolumeCause string

// The causes of a volume.
const (
	FirstVolume VolumeCause = "first"
	Restored    VolumeCause = "restored"   // from a backup, after which more may have been signed
	KeyChange   VolumeCause = "key change" // the former key is no longer used, or lost
)

// Former is what a later volume knows of the one before it. The checkpoint may cover more
// than the last entry: then entries were signed and lost, and their numbers are not used again.
type Former struct {
	N          int64  `json:"n"`          // the last of its entries that is here
	Checkpoint string `json:"checkpoint"` // the newest one known, as it was signed
}

// House is the content of a house entry: the title as readers know it.
type House struct {
	Names      Words             `json:"names"`
	Address    string            `json:"address"` // public, without a slash at its end
	Seat       Place             `json:"seat"`
	Observance Words             `json:"observance"` // in words
	HebrewDays []HebrewDay       `json:"hebrewDays,omitempty"`
	Feeds      string            `json:"feeds"` // "full" or "summary"
	Languages  []string          `json:"languages"`
	Sections   []Section         `json:"sections"`
	Masthead   Words             `json:"masthead,omitempty"`
	Desks      []story.DeskID    `json:"desks"` // in the house's order
	Menus      map[string][]Menu `json:"menus,omitempty"`
	HebrewDate bool              `json:"hebrewDate,omitempty"`
	Contents   bool              `json:"contents"` // record contents are public
	// Arranged is a standing order: what was scheduled before a rest goes out during it.
	Arranged bool  `json:"arranged,omitempty"`
	Look     *Look `json:"look,omitempty"`
}

// A HebrewDay begins at a sunset.
type HebrewDay struct {
	Sunset time.Time `json:"sunset"`
	Year   int       `json:"year"`
	Month  int       `json:"month"`
	Day    int       `json:"day"`
}

// A Section is a part of the paper.
type Section struct {
	ID    string `json:"id"`
	Names Words  `json:"names"`
}

// A Menu is one line of a menu.
type Menu struct {
	Label   string `json:"label"`
	Address string `json:"address"`
}

// Desk is the content of a desk entry. Windows are data: whoever judges or tells when a
// desk rests reads the latest one of these, and nothing else.
type Desk struct {
	Slug       string         `json:"slug"`
	Names      Words          `json:"names"`
	Place      Place          `json:"place"`
	Observance Words          `json:"observance"`
	Notice     Words          `json:"notice,omitempty"`
	Followers  []story.DeskID `json:"followers,omitempty"`
	Windows    []Window       `json:"windows"`
	From       time.Time      `json:"from"`
	Horizon    time.Time      `json:"horizon"`
	Almanac    string         `json:"almanac"`
	ZoneData   string         `json:"zonedata"`
	Closed     bool           `json:"closed,omitempty"`
}

// A Window is one rest of a desk, half-open.
type Window struct {
	Start    time.Time `json:"start"`
	End      time.Time `json:"end"`
	Name     string    `json:"name"`
	Rule     string    `json:"rule"`
	Fallback string    `json:"fallback,omitempty"`
}

// Duty is the content of a duty entry: a desk went to rest or came back.
type Duty struct {
	Open     bool           `json:"open"`
	Window   Window         `json:"window"`
	Follows  []story.DeskID `json:"follows,omitempty"`  // on duty at that instant, in order
	Earliest story.DeskID   `json:"earliest,omitempty"` // opens first, if nobody follows
	Opens    time.Time      `json:"opens,omitzero"`
	Missed   []Window       `json:"missed,omitempty"` // whole windows that passed in an outage
}

// Change is what an article entry does.
type Change string

// The changes of an article entry.
const (
	Posted     Change = "posted"
	Updated    Change = "updated"
	Corrected  Change = "corrected"
	Reinstated Change = "reinstated"
	Archived   Change = "archived"
)

// Article is the content of an article entry, whole in itself.
type Article struct {
	story.Text
	Direction  string      `json:"direction"`
	Outputs    Outputs     `json:"outputs"`
	Change     Change      `json:"change"`
	Material   bool        `json:"material"`
	Correction *Correction `json:"correction,omitempty"`
	First      *First      `json:"first,omitempty"`
}

// Outputs are the choices of an entry; site, feeds and search always follow.
type Outputs struct {
	Push     bool `json:"push"`
	Mail     bool `json:"mail"`
	Partners bool `json:"partners"`
}

// A Correction tells readers what was wrong and what is right.
type Correction struct {
	Severity string   `json:"severity"` // slip, correction, serious
	Note     string   `json:"note"`
	Blocks   []string `json:"blocks,omitempty"`
	Was      string   `json:"was,omitempty"`
	Is       string   `json:"is,omitempty"`
}

// First is an imported article's own first publication.
type First struct {
	At      time.Time `json:"at,omitzero"`
	Date    string    `json:"date,omitempty"`
	Address string    `json:"address,omitempty"`
}

// Front is the content of a front entry: places in order, then rules for the rest.
type Front struct {
	Lang     string       `json:"lang"`
	Places   []FrontPlace `json:"places"`
	Rest     string       `json:"rest"` // "newest"
	Breaking *Breaking    `json:"breaking,omitempty"`
}

// Places of a front page. One without a name leads if it is the first, and else comes
// before the rest.
const (
	LeadPlace   = "lead"
	SecondPlace = "second"
	BriefPlace  = "brief"
)

// A FrontPlace puts an article on the front page; without one, the rule for the rest fills
// the place.
type FrontPlace struct {
	Article  story.ArticleID `json:"article"`
	Headline string          `json:"headline,omitempty"`
	Place    string          `json:"place,omitempty"`
}

// Breaking is a line above a front page until it ends.
type Breaking struct {
	Words   string          `json:"words"`
	Article story.ArticleID `json:"article,omitempty"` // that it leads to
	Until   time.Time       `json:"until"`
}

// Tells reports whether a front page repeats words of an article, in a headline of its own
// or in its breaking line: such words go with the article when it is killed.
func (f Front) Tells(id story.ArticleID) bool {
	return f.Breaking != nil && f.Breaking.Article == id || slices.ContainsFunc(f.Places, func(p FrontPlace) bool { return p.Article == id && p.Headline != "" })
}

// Withdraw is the content of a withdraw entry: the address says so and why.
type Withdraw struct {
	Note string `json:"note"`
}

// Kill is the content of a kill entry: no text of the subject is public anywhere.
type Kill struct {
	Note     string  `json:"note,omitempty"`
	Withheld []int64 `json:"withheld"`
}

// Exception is the content of an exception entry: one desk may speak of one article.
type Exception struct {
	Desk    story.DeskID    `json:"desk"`
	Article story.ArticleID `json:"article"`
	From    time.Time       `json:"from"`
	Until   time.Time       `json:"until"`
	Wording string          `json:"wording"`
}

// Erase is the content of an erase entry: the texts of what it names are destroyed.
type Erase struct {
	Destroyed []int64 `json:"destroyed"`
	Wording   string  `json:"wording"`
	Ordered   string  `json:"ordered,omitempty"` // the civil date of the order
}

// Encode writes a content as the bytes that are committed to and kept.
func Encode(content any) ([]byte, error) {
	b, err := json.Marshal(content)
	if err != nil {
		return nil, fmt.Errorf("encoding a content: %w", err)
	}
	return b, nil
}

// Decode reads a content of any form that was ever written for its kind.
func Decode[T any](e Entry) (content T, err error) {
	if e.Form != Form {
		return content, fmt.Errorf("entry %d has form %d, which this binary does not know", e.N, e.Form)
	}
	if err := json.Unmarshal(e.Content, &content); err != nil {
		return content, fmt.Errorf("entry %d: %w", e.N, err)
	}
	return content, nil
}
