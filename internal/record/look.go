package record

import "dateline/internal/story"

// Look is how readers' pages look where that is not the house style of this binary: data
// in the house's entry, so that the edition alone can draw it.
type Look struct {
	Light   Colours `json:"light,omitzero"`
	Dark    Colours `json:"dark,omitzero"`     // where a reader's machine asks for dark pages
	Faces   string  `json:"faces,omitempty"`   // a set of those that the binary carries
	Columns int     `json:"columns,omitempty"` // beside each other under a front's lead; 0: as many as is usual
	Logo    *Logo   `json:"logo,omitempty"`
}

// Colours are written #rrggbb; one that is empty is the house style's. The others that a
// page needs are mixed of these.
type Colours struct {
	Paper string `json:"paper,omitempty"`
	Ink   string `json:"ink,omitempty"`
	Live  string `json:"live,omitempty"`
	Duty  string `json:"duty,omitempty"`
	Rest  string `json:"rest,omitempty"`
}

// A Logo stands where the house's name would stand as words.
type Logo struct {
	Picture   string          `json:"picture"`
	Rendition story.Rendition `json:"rendition"`
}
