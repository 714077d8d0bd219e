package feed

import (
	"encoding/json"
	"fmt"

	"dateline/internal/clock"
)

// JSON Feed 1.1 (jsonfeed.org). A picture is an attachment whose title carries its credit;
// an item's image has no place for one, and is not told.

type jsonFeed struct {
	Version     string     `json:"version"`
	Title       string     `json:"title"`
	Home        string     `json:"home_page_url"`
	Self        string     `json:"feed_url"`
	Description string     `json:"description,omitempty"`
	Language    string     `json:"language"`
	Items       []jsonItem `json:"items"`
}

type jsonItem struct {
	ID          string           `json:"id"`
	Address     string           `json:"url"`
	Title       string           `json:"title"`
	HTML        string           `json:"content_html,omitempty"`
	Text        string           `json:"content_text,omitempty"`
	Summary     string           `json:"summary,omitempty"`
	Published   string           `json:"date_published"`
	Modified    string           `json:"date_modified"`
	Authors     []jsonAuthor     `json:"authors,omitempty"`
	Tags        []string         `json:"tags,omitempty"`
	Attachments []jsonAttachment `json:"attachments,omitempty"`
	Standing    *jsonStanding    `json:"_dateline,omitempty"`
}

type jsonAuthor struct {
	Name string `json:"name"`
}

type jsonAttachment struct {
	Address string `json:"url"`
	Type    string `json:"mime_type"`
	Title   string `json:"title"`
	Size    int64  `json:"size_in_bytes,omitempty"`
}

// jsonStanding is an extension: what has become of an article that is not public any more.
type jsonStanding struct {
	Standing string `json:"standing"` // withdrawn: its note is left; gone: nothing is
}

// JSON writes the feed as JSON Feed. Like RSS it has no tombstones; an item says it.
func (f Feed) JSON() ([]byte, error) {
	items, _, err := f.items()
	if err != nil {
		return nil, err
	}
	h := f.House
	out := jsonFeed{Version: "https://jsonfeed.org/version/1.1", Title: f.Title, Home: h.Address + f.Home, Self: h.Address + f.Self + ".json",
		Description: f.Notice, Language: f.Lang, Items: []jsonItem{}}
	for _, x := range items {
		i := jsonItem{ID: x.id, Address: x.address, Title: x.title, HTML: x.html, Summary: x.summary, Published: clock.ISO(x.published), Modified: clock.ISO(x.updated)}
		for _, name := range x.authors {
			i.Authors = append(i.Authors, jsonAuthor{name})
		}
		if x.sectionName != "" {
			i.Tags = []string{x.sectionName}
		}
		for _, fig := range x.figures {
			i.Attachments = append(i.Attachments, jsonAttachment{fig.Address, fig.Type, withCredit(fig.Alt, fig.Caption, fig.Credit), fig.Bytes})
		}
		switch {
		case x.gone:
			i.Text, i.Standing = x.note, &jsonStanding{"gone"}
		case x.withdrawn:
			i.Standing = &jsonStanding{"withdrawn"}
		}
		out.Items = append(out.Items, i)
	}
	body, err := json.MarshalIndent(out, "", " ")
	if err != nil {
		return nil, fmt.Errorf("writing a feed: %w", err)
	}
	return append(body, '\n'), nil
}
