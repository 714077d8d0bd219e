package story

import (
	"errors"
	"fmt"
)

// Kind sorts refusals by what the caller can do about them.
type Kind int

// The kinds of refusal. Anything that is not a Refusal is a fault of ours.
const (
	Invalid     Kind = iota + 1 // the request itself is wrong
	Forbidden                   // not this member, or not at this desk
	Unknown                     // no such thing, or none that you may know of
	Conflict                    // somebody was here before; look again
	Gone                        // it was here and was taken back
	TooLarge                    // over a stated limit
	Unavailable                 // not now: the store or the clock does not answer
)

// A Refusal is an outcome, not a fault: one sentence, safe to show, never logged as an error.
type Refusal struct {
	Kind       Kind
	Sentence   string
	Said       []Sentence  `json:"-"` // the same, to be said in another language; none if it comes from afar
	Objections []Objection // what the gate said, where it was asked
}

func (r *Refusal) Error() string { return r.Sentence }

// A Sentence is words for people, kept as a pattern of package fmt and what it is filled
// with: whoever shows it can say it in another language.
type Sentence struct {
	Pattern string
	Args    []any
}

// String is the sentence in English.
func (s Sentence) String() string { return fmt.Sprintf(s.Pattern, s.Args...) }

// A Word is a word of ours in a sentence, such as a verb or a role: it is said in the
// language of the sentence, which a name is not.
type Word string

// Refuse makes a refusal from a sentence.
func Refuse(kind Kind, format string, a ...any) error {
	said := Sentence{format, a}
	return &Refusal{Kind: kind, Sentence: said.String(), Said: []Sentence{said}}
}

// AsRefusal finds a refusal in an error chain.
func AsRefusal(err error) (*Refusal, bool) {
	var r *Refusal
	ok := errors.As(err, &r)
	return r, ok
}
