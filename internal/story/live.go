package story

import "slices"

// The wishes about a live page, an article of type live, and about its entries.
const (
	OpenLive   What = "open a live page"
	ReopenLive What = "reopen a live page"
	CloseLive  What = "close a live page"
	AddLive    What = "add a live entry"
	EditLive   What = "edit a live entry"
	RemoveLive What = "remove a live entry" // silences: it waits for nobody
)

// LiveWishes lists them.
var LiveWishes = []What{OpenLive, ReopenLive, CloseLive, AddLive, EditLive, RemoveLive}

// OnLive reports whether a wish is about a live page or an entry of one.
func (w What) OnLive() bool { return slices.Contains(LiveWishes, w) }

// LiveIDLength is the length of the id of a live entry, in base-32 characters.
const LiveIDLength = 8

// LiveState is where a live page stands. It is never paused: while its desks rest it is
// open, and what they add waits.
type LiveState string

// The states of a live page.
const (
	NotLive    LiveState = "" // never opened
	LiveOpen   LiveState = "open"
	LiveClosed LiveState = "closed"
)

// A LivePage is what the gate knows of a live page.
type LivePage struct {
	State LiveState
	Desks []DeskID // that may speak on it
}

// livePage objects to what a live page does not take in the state that it is in. What is
// taken down is taken down in any. An entry of a closed page can still be mended.
func livePage(act Act, w World) []Objection {
	fits := true
	switch act.What {
	case OpenLive:
		fits = w.Live.State == NotLive
	case ReopenLive:
		fits = w.Live.State == LiveClosed
	case CloseLive, AddLive:
		fits = w.Live.State == LiveOpen
	case EditLive:
		fits = w.Live.State != NotLive
	default:
		return nil
	}
	opens := act.What == OpenLive || act.What == ReopenLive // and names its desks
	switch {
	case !fits:
		return []Objection{{Code: ObjectStanding, What: liveIs(w.Live.State)}}
	case !opens && !slices.Contains(w.Live.Desks, act.Desk):
		return []Objection{{Code: ObjectStanding, What: OffLive}}
	}
	return nil
}

// What the gate says of a live page, in an objection's What.
const (
	IsNotLive    = "not live"
	IsLive       = "live already"
	IsLiveClosed = "live page closed"
	OffLive      = "not of this live page" // the desk
)

func liveIs(state LiveState) string {
	switch state {
	case LiveOpen:
		return IsLive
	case LiveClosed:
		return IsLiveClosed
	}
	return IsNotLive
}

// CheckDoc refuses blocks that a text cannot hold, each by what its kind is bound to. Ids
// are given already, and differ.
func CheckDoc(d Doc) error {
	seen := map[string]bool{}
	for i := range d {
		b := &d[i]
		if !ValidID(b.ID, BlockIDLength) || seen[b.ID] {
			return Refuse(Invalid, "Block %d has no id of its own.", i+1)
		}
		seen[b.ID] = true
		if err := checkBlock(BlockPart(b.ID), b); err != nil {
			return err
		}
	}
	return nil
}

// ParseEntry reads the text of a live entry as it is typed: an empty line ends a paragraph, and lines that
// begin with a hyphen are items of a list. Its blocks have no ids yet.
func ParseEntry(text string) (d Doc) {
	for _, p := range ParsePassages(text) {
		if len(p.Spans) > 0 {
			d = append(d, Block{Kind: Paragraph, Spans: p.Spans})
		}
		if len(p.Items) > 0 {
			d = append(d, Block{Kind: List, Items: p.Items})
		}
	}
	return d
}

// FormatEntry writes a live entry as ParseEntry reads it, and returns the blocks that are more than
// paragraphs and lists.
func FormatEntry(d Doc) (text string, others Doc) {
	var all []Passage
	for _, b := range d {
		switch b.Kind {
		case Paragraph:
			all = append(all, Passage{Spans: b.Spans})
		case List:
			all = append(all, Passage{Items: b.Items})
		default:
			others = append(others, b)
		}
	}
	return FormatPassages(all), others
}
