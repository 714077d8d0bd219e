package story

import (
	"slices"
	"time"
)

// A piece is what speaks and is no article: a package, a page, a relation between
// quotations, a person. Each has an id of its own and is judged by the gate as articles are.

// What a member can wish of a piece.
const (
	PutPackage  What = "package"
	PutPage     What = "page"
	PutRelation What = "relation"
	PutPerson   What = "person"

	WithdrawPiece What = "withdraw a piece"
	KillPiece     What = "kill a piece"
	ErasePiece    What = "erase a piece"
)

var puts = []What{PutPackage, PutPage, PutRelation, PutPerson}

// OnPiece reports whether a wish is about a piece, and so bound by its standing.
func (w What) OnPiece() bool {
	return slices.Contains(puts, w) || w == WithdrawPiece || w == KillPiece || w == ErasePiece
}

// AfterPiece returns the standing of a piece once a wish is posted, and whether the wish is
// possible at all. A piece that was withdrawn is there again once it is put again; one that
// was killed or erased never is: another is made.
func (s Standing) AfterPiece(w What) (Standing, bool) {
	switch {
	case slices.Contains(puts, w):
		return Public, s == Never || s == Public || s == Withdrawn
	case w == WithdrawPiece:
		return Withdrawn, s == Public
	case w == KillPiece:
		return Killed, s == Public || s == Withdrawn
	case w == ErasePiece:
		return Erased, s == Public || s == Withdrawn || s == Killed
	}
	return "", false
}

// PieceIs begins what an objection to the standing of a piece names.
const PieceIs = "piece "

// ofPiece objects to a wish that the standing of its piece does not allow.
func ofPiece(act Act, w World) []Objection {
	if !act.What.OnPiece() {
		return nil
	}
	if _, ok := w.Standing.AfterPiece(act.What); ok {
		return nil
	}
	return []Objection{{ObjectStanding, false, time.Time{}, PieceIs + string(w.Standing)}}
}

// reserved are the first segments of addresses that mean something else (RECORD.md,
// Addresses), or may come to.
var reserved = []string{
	"admin", "api", "apple-touch-icon", "archive", "as-of", "author", "authors", "card", "checkpoint", "corrections", "coverage", "desk", "feed", "feeds", "front", "healthz", "history", "icon", "in", "live", "look",
	"metrics", "newsroom", "picture", "pictures", "person", "people", "push", "readyz", "record", "robots", "running", "s", "search", "section", "sections", "sign-in", "sitemap",
	"sitemaps", "static", "subscribe", "confirm", "tile", "topic", "topics", "place", "places", "well-known",
}

// Reserved reports whether a page may not have a slug in a house of those languages: an
// address beginning with it leads, or may come to lead, elsewhere.
func Reserved(slug string, languages []string) bool {
	return slices.Contains(reserved, slug) || slices.Contains(languages, slug)
}
