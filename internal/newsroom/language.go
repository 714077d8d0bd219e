package newsroom

import (
	"context"

	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
	"dateline/internal/tongue"
)

// The newsroom speaks to its members in their language: views carry it, so that whoever
// draws them can say their words in it. What is kept is kept in no language, or in English.

type languageKey struct{}

// InLanguage has the views of a context be drawn in a language.
func InLanguage(ctx context.Context, lang string) context.Context {
	return context.WithValue(ctx, languageKey{}, lang)
}

// Language is the one that a context asks for; "" for none.
func Language(ctx context.Context) string {
	lang, _ := ctx.Value(languageKey{}).(string)
	return lang
}

// speak gives a view its language: the one that was asked for, else the first of the
// house's that the newsroom speaks.
func (h *HouseView) speak(asked string) {
	h.Lang = asked
	for _, lang := range append(h.House.Languages, tongue.English) {
		if h.Lang == "" && tongue.Known(lang) {
			h.Lang = lang
		}
	}
	for i := range h.Desks {
		h.Desks[i].Lang = h.Lang
	}
}

// Say says words in the language of the view.
func (h HouseView) Say(english string, a ...any) string { return tongue.Say(h.Lang, english, a...) }

// Tell says a sentence in the language of the view.
func (h HouseView) Tell(s story.Sentence) string { return tongue.Tell(h.Lang, s) }

// Pick is a name in the language of the view, else in one that it has.
func (h HouseView) Pick(names record.Words) string {
	return names.In(h.Lang, append([]string{tongue.English}, h.House.Languages...)...)
}

// City is the house's city in the language of the view.
func (h HouseView) City() string { return h.Pick(h.House.Seat.City) }

// Say says words in the language of the view.
func (d DeskView) Say(english string, a ...any) string { return tongue.Say(d.Lang, english, a...) }

// Tell says a sentence in the language of the view.
func (d DeskView) Tell(s story.Sentence) string { return tongue.Tell(d.Lang, s) }

// Name is the desk's name in the language of the view, City its city.
func (d DeskView) Name() string { return d.Settings.Names.In(d.Lang, tongue.English) }

// City is the desk's city in the language of the view.
func (d DeskView) City() string { return d.Settings.Place.City.In(d.Lang, tongue.English) }

// SetLanguage keeps the language in which the newsroom speaks to a member; "" leaves it to
// their browser.
func (r *Room) SetLanguage(ctx context.Context, who Who, key, lang string) error {
	_, err := do(ctx, r, who, "language", key, lang, func(tx *store.Tx, who Who) (bool, error) {
		if err := who.must("keep own keys", ""); err != nil {
			return false, err
		}
		if lang != "" && !tongue.Known(lang) {
			return false, story.Refuse(story.Invalid, "The newsroom speaks English and Hebrew, not %.20q.", lang)
		}
		return true, tx.SetLanguage(who.Member, lang)
	})
	return err
}
