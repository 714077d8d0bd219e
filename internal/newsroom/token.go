package newsroom

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"dateline/internal/store"
	"dateline/internal/story"
)

// A scope is what a token opens: these verbs at these desks, and never more than its owner
// may do themselves.
type scope struct {
	ID    int64
	Verbs []string
	Desks []story.DeskID
}

// longestToken is how many days a token lasts at most.
const longestToken = 366

// A TokenWish asks for a token.
type TokenWish struct {
	Key   string         `json:"-"`
	Name  string         `json:"name"`
	Verbs []string       `json:"verbs"`
	Desks []story.DeskID `json:"desks"`
	Days  int            `json:"days"`
}

// tokenMark begins every token, so that it is known for one where it was left by mistake.
const tokenMark = "dateline_"

// NewToken makes a token of the member, which is shown this once; only its hash is kept.
func (r *Room) NewToken(ctx context.Context, who Who, w TokenWish) (secret string, err error) {
	secret = tokenMark + r.newID(story.SecretLength)
	w.Name = strings.TrimSpace(cutText(w.Name, 60))
	_, err = once(ctx, r, who, "make token", w.Key, w, secret, func(tx *store.Tx, who Who) (int64, error) {
		if err := who.mayKeep(tx.Now); err != nil {
			return 0, err
		}
		if err := w.check(who); err != nil {
			return 0, err
		}
		verbs, err := json.Marshal(w.Verbs)
		if err != nil {
			return 0, fmt.Errorf("making a token: %w", err)
		}
		desks, err := json.Marshal(w.Desks)
		if err != nil {
			return 0, fmt.Errorf("making a token: %w", err)
		}
		id, err := tx.AddToken(hashOf(secret), store.Token{Member: who.Member, Name: w.Name, Verbs: verbs, Desks: desks, EndsAt: tx.Now.AddDate(0, 0, w.Days)})
		if err != nil {
			return 0, err
		}
		return id, tx.Note(store.Audit{Member: who.Member, Verb: "make token", Subject: w.Name, Detail: strings.Join(w.Verbs, ", ")})
	})
	return secret, err
}

func (w TokenWish) check(who Who) error {
	switch {
	case w.Name == "":
		return story.Refuse(story.Invalid, "Give the token a name, by which you know later what it is for.")
	case len(w.Verbs) == 0 || len(w.Desks) == 0:
		return story.Refuse(story.Invalid, "Choose what the token may do, and at which desks.")
	case w.Days < 1 || w.Days > longestToken:
		return story.Refuse(story.Invalid, "A token lasts from 1 to %d days.", longestToken)
	}
	for _, verb := range w.Verbs {
		if !slices.Contains(tokens, verb) {
			return story.Refuse(story.Invalid, "A token cannot %s.", story.Word(verb))
		}
	}
	for _, desk := range w.Desks {
		if len(who.Roles[desk]) == 0 {
			return story.Refuse(story.Forbidden, "You have no role at that desk.")
		}
	}
	return nil
}

// A TokenView is a token as it is listed.
type TokenView struct {
	ID             int64
	Name, Owner    string
	Verbs          []string
	Desks          []story.DeskID
	MadeAt, EndsAt time.Time
}

func (r *Room) tokenViews(q *store.Query, member int64) (all []TokenView, err error) {
	kept, err := q.TokensOf(member, r.db.Now())
	if err != nil {
		return nil, err
	}
	for _, t := range kept {
		v := TokenView{ID: t.ID, Name: t.Name, MadeAt: t.MadeAt, EndsAt: t.EndsAt}
		if v.Owner, err = r.memberName(q, t.Member); err != nil {
			return nil, err
		}
		s, err := scopeOf(t)
		if err != nil {
			return nil, err
		}
		v.Verbs, v.Desks = s.Verbs, s.Desks
		all = append(all, v)
	}
	return all, nil
}

func scopeOf(t store.Token) (*scope, error) {
	s := &scope{ID: t.ID}
	if err := json.Unmarshal(t.Verbs, &s.Verbs); err != nil {
		return nil, fmt.Errorf("token %d: %w", t.ID, err)
	}
	if err := json.Unmarshal(t.Desks, &s.Desks); err != nil {
		return nil, fmt.Errorf("token %d: %w", t.ID, err)
	}
	return s, nil
}

// Tokens lists the tokens of all members that work, for an administrator.
func (r *Room) Tokens(ctx context.Context, who Who) (all []TokenView, err error) {
	if err := who.must("change members", ""); err != nil {
		return nil, err
	}
	err = r.db.Read(ctx, func(q *store.Query) error {
		all, err = r.tokenViews(q, 0)
		return err
	})
	return all, err
}

// EndToken revokes a token: its owner, or an administrator.
func (r *Room) EndToken(ctx context.Context, who Who, key string, id int64) error {
	_, err := do(ctx, r, who, "revoke token", key, id, func(tx *store.Tx, who Who) (bool, error) {
		t, found, err := tx.Token(id)
		if err != nil {
			return false, err
		}
		if who.Program || !found || t.Member != who.Member && !who.May("change members", "") {
			return false, story.Refuse(story.Unknown, "There is no such token.")
		}
		if ended, err := tx.EndToken(id); err != nil || !ended {
			return false, joinRefusal(err, "It was revoked before.")
		}
		return true, tx.Note(store.Audit{Member: who.Member, Verb: "revoke token", Subject: t.Name})
	})
	return err
}

// Bearer finds for whom a token acts, with the rights that both have now.
func (r *Room) Bearer(ctx context.Context, secret string) (who Who, err error) {
	refused := story.Refuse(story.Forbidden, "This token is not known, was revoked, or is over.")
	if !strings.HasPrefix(secret, tokenMark) || len(secret) != len(tokenMark)+story.SecretLength {
		return who, refused
	}
	err = r.db.Read(ctx, func(q *store.Query) error {
		t, found, err := q.TokenOf(hashOf(secret))
		if err != nil {
			return err
		}
		if !found || !t.EndedAt.IsZero() || !r.db.Now().Before(t.EndsAt) {
			return refused
		}
		s, err := scopeOf(t)
		if err != nil {
			return err
		}
		who, err = r.refresh(q, Who{Member: t.Member, Program: true, scope: s})
		return err
	})
	return who, err
}
