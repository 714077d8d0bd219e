package newsroom

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// A desk may say in its own words, in each language, that it rests. The words keep the
// instant at which it opens, so that they stay true in a stale or printed copy.

// longestNotice is how many characters such words may have.
const longestNotice = 100

// noticeLanguages are those in which notices are worded.
var noticeLanguages = []string{"en", "he"}

// CheckNotice refuses wordings that would not stay true, or not fit.
func CheckNotice(words record.Words) error {
	for lang, text := range words {
		switch {
		case !slices.Contains(noticeLanguages, lang):
			return story.Refuse(story.Invalid, "A notice is worded in English or Hebrew, not in %.20q.", lang)
		case strings.Count(text, "{when}") != 1:
			return story.Refuse(story.Invalid, "The notice has to say {when} once: there stands the time at which the desk opens.")
		case strings.ContainsAny(strings.NewReplacer("{when}", "", "{desk}", "").Replace(text), "{}\n\r\t"):
			return story.Refuse(story.Invalid, "A notice is one line, and knows {desk} and {when} in braces, nothing else.")
		case utf8.RuneCountInString(text) > longestNotice:
			return story.Refuse(story.Invalid, "A notice may have %d characters; this one has %d.", longestNotice, utf8.RuneCountInString(text))
		}
	}
	return nil
}

// SetNotice keeps how a desk says that it rests, and appends its entry. A language without
// words keeps the house's usual ones.
func (r *Room) SetNotice(ctx context.Context, who Who, key string, desk story.DeskID, words record.Words) error {
	request := map[string]any{"desk": desk, "words": words}
	_, err := do(ctx, r, who, "notice", key, request, func(tx *store.Tx, who Who) (bool, error) {
		if err := who.must("change settings", desk); err != nil {
			return false, err
		}
		if err := CheckNotice(words); err != nil {
			return false, err
		}
		row, s, err := deskRow(&tx.Query, desk)
		if err != nil {
			return false, err
		}
		seat, err := r.seat(&tx.Query)
		if err != nil {
			return false, err
		}
		s.Notice = words
		if err := r.putDesk(tx, seat, desk, row.Position, s); err != nil {
			return false, err
		}
		return true, tx.Note(store.Audit{Member: who.Member, Verb: "notice", Desk: desk, Subject: string(desk), Detail: words["en"] + " " + words["he"]})
	})
	return err
}
