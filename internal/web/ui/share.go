package ui

import "strings"

// A FeedLink leads programs to a feed of a page: its media type and address.
type FeedLink struct{ Type, Address, Title string }

// Share is how a page is shown where others link to it: Open Graph (ogp.me) with the
// article namespace, and the card's size for those that read the twitter names.
type Share struct {
	Type, Title, About  string // Type is article, profile or website
	Address, Site       string
	Locale              string // language and territory, "" where they are not known
	Published, Modified string
	Section             string
	Image               *ShareImage
}

// ShareImage is a picture beside a shared page. Alt carries the credit, for no place that
// shows it has another for that.
type ShareImage struct {
	Address, Type string
	Width, Height int
	Alt           string
}

// Locale is a language as Open Graph names it, with its territory; "" for one whose
// territory nobody told, where it is not that of nearly all who read it.
func Locale(lang string) string {
	base, territory, _ := strings.Cut(lang, "-")
	if len(territory) == 2 {
		return base + "_" + strings.ToUpper(territory)
	}
	return map[string]string{"en": "en_US", "he": "he_IL"}[lang]
}
