package ui

import (
	"html/template"
	"strings"

	"dateline/internal/story"
)

// Base is what every page knows beside its own matter. Layouts draw it.
type Base struct {
	Lang, Dir string
	Words     *Words
	Title     string     // of the document
	About     string     // its description, "" for none
	House     string     // the title's name in this language
	Masthead  string     // the words beside the wordmark, "" for none
	Home      string     // address of the front page in this language
	Canonical string     // full address, "" where there is none
	Manifest  string     // address of the manifest in this language, "" for none
	Feeds     []FeedLink // of the page
	Share     *Share     // how it is shown elsewhere, nil for what is not
	Data      []any      // what programs read in it, written as JSON-LD
	NoIndex   bool
	Front     bool // the wordmark is the heading
	Look      Look
	Nav       []Link
	Coverage  Link
	Tongues   []Tongue
	Search    SearchBox // without an address: the page has its own
	Day       string    // the date at the house
	SecondDay string    // the date by another calendar, front pages only
	Strip     *Strip
	Foot      Foot
	Follow    *Follow // nil: the page is not told what changes
	Stood     *Stood  // nil: the page is of now
}

// Stood says that a page is as it stood at a moment of the past, and leads to others.
type Stood struct {
	Label, Heading, Note string
	When                 []CityTime // the moment, in each city
	Steps                []Link
	Now                  Link
	Ask                  Moment
}

// A Moment is a form that asks for a moment of the past.
type Moment struct {
	Action, Heading    string
	DateWord, TimeWord string
	Date, Time         string // what stands in it
	Show               string
}

// Follow is how an open page is told what changes (docs/live.md), and what it then says.
type Follow struct {
	Script   string
	Channels string // with a comma between two, in order
	After    string // the newest entry that the page shows, "" for none
	Words    *FollowWords
}

// Look is where the page's style, script, icon and fonts are.
type Look struct {
	Sheet, Script    string
	Icon, Touch      string // the second for telephones; "" where the first is the binary's own
	Paper, PaperDark string // the ground, for the window around the page
	Preload          []string
	Logo             *Logo
}

// A Logo stands for the house's name in the masthead.
type Logo struct {
	Src           string
	Width, Height int
}

// A Link is an address and its words; Current marks the page itself.
type Link struct {
	Address, Words string
	Current        bool
}

// A Tongue is the site in another language.
type Tongue struct {
	Lang, Dir, Name, Address string
	Current                  bool
}

// Foot is what stands at the end of every page.
type Foot struct {
	Edited string // "Edited in …."
	Desks  []Link
	Follow []Link
	Paper  []Link
	Posted string // the sentence about times
}

// TongueName is a language's name for itself.
func TongueName(lang string) string {
	names := map[string]string{"en": "English", "he": "עברית", "ar": "العربية", "fr": "Français", "ru": "Русский", "es": "Español", "de": "Deutsch", "yi": "ייִדיש"}
	base, _, _ := strings.Cut(lang, "-")
	if n := names[base]; n != "" {
		return n
	}
	return lang
}

// DirOf is the HTML direction of a language.
func DirOf(lang string) string { return story.Direction(lang) }

// funcs are what templates may call. Each is a function of values.
var funcs = template.FuncMap{
	"dir":  DirOf,
	"last": func(i, n int) bool { return i == n-1 },
}
