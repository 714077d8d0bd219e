package newsroom

import (
	"context"
	"crypto/sha256"
	"slices"
	"strings"
	"time"

	"dateline/internal/store"
	"dateline/internal/story"
)

// How long sign-in lasts.
const (
	linkFor    = 24 * time.Hour
	sessionFor = 12 * time.Hour
)

// ParseRole reads "desk:role", where desk is a slug.
func (r *Room) parseRole(q *store.Query, text string) (store.Role, error) {
	slug, role, ok := strings.Cut(text, ":")
	if !ok || !slices.Contains(AllRoles, Role(role)) {
		return store.Role{}, story.Refuse(story.Invalid, "A role is desk:role, with reporter, editor, chief or standards; %q is not.", text)
	}
	rows, err := q.Desks()
	if err != nil {
		return store.Role{}, err
	}
	for _, row := range rows {
		s, err := settingsOf(row.Settings)
		if err != nil {
			return store.Role{}, err
		}
		if s.Slug == slug {
			return store.Role{Desk: row.ID, Role: role}, nil
		}
	}
	return store.Role{}, story.Refuse(story.Unknown, "There is no desk %q.", slug)
}

// AddMember makes an account with roles ("desk:role"), for the operator.
func (r *Room) AddMember(ctx context.Context, name string, admin bool, roles []string, by int64) (id int64, err error) {
	name = strings.TrimSpace(name)
	if name == "" || len(name) > 200 {
		return 0, story.Refuse(story.Invalid, "A member needs a name of at most 200 letters.")
	}
	err = r.db.Write(ctx, func(tx *store.Tx) error {
		if _, found, err := tx.MemberNamed(name); err != nil || found {
			return joinRefusal(err, "There is a member of that name already.")
		}
		if id, err = tx.AddMember(name, admin, by); err != nil {
			return err
		}
		for _, text := range roles {
			role, err := r.parseRole(&tx.Query, text)
			if err != nil {
				return err
			}
			if err := tx.AddRole(id, role); err != nil {
				return err
			}
		}
		return tx.Note(store.Audit{Member: by, Verb: "add member", Subject: name, Detail: strings.Join(roles, " ")})
	})
	return id, err
}

// DisableMember closes an account; its sessions end at once.
func (r *Room) DisableMember(ctx context.Context, name string) error {
	return r.db.Write(ctx, func(tx *store.Tx) error {
		m, found, err := tx.MemberNamed(name)
		if err != nil || !found {
			return joinUnknown(err, "There is no member of that name.")
		}
		if err := tx.DisableMember(m.ID); err != nil {
			return err
		}
		return tx.Note(store.Audit{Verb: "disable member", Subject: name})
	})
}

// SignInLink makes the secret of a one-time link for a member; only its hash is kept.
func (r *Room) SignInLink(ctx context.Context, name string) (secret string, err error) {
	secret = r.newID(story.SecretLength)
	err = r.db.Write(ctx, func(tx *store.Tx) error {
		m, found, err := tx.MemberNamed(name)
		if err != nil || !found {
			return joinUnknown(err, "There is no member of that name.")
		}
		if m.Disabled {
			return story.Refuse(story.Forbidden, "%s may no longer sign in.", m.Name)
		}
		return tx.AddLink(hashOf(secret), m.ID, tx.Now.Add(linkFor))
	})
	return secret, err
}

func hashOf(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// LinkName tells whose a link is without taking it; "" if it is used, over or unknown.
// Showing the page of a link must not spend it.
func (r *Room) LinkName(ctx context.Context, secret string) (name string, err error) {
	err = r.db.Read(ctx, func(q *store.Query) error {
		member, ok, err := q.LinkOf(hashOf(secret), r.db.Now())
		if err != nil || !ok {
			return err
		}
		m, _, err := q.Member(member)
		name = m.Name
		return err
	})
	return name, err
}

// SignOut ends a session.
func (r *Room) SignOut(ctx context.Context, secret string) error {
	return r.db.Write(ctx, func(tx *store.Tx) error { return tx.EndSession(hashOf(secret)) })
}

// As returns the member of a name, acting from the command line or the demo: a program.
func (r *Room) As(ctx context.Context, name string) (who Who, err error) {
	err = r.db.Read(ctx, func(q *store.Query) error {
		m, found, err := q.MemberNamed(name)
		if err != nil || !found {
			return joinUnknown(err, "There is no member of that name.")
		}
		who, err = r.refresh(q, Who{Member: m.ID, Program: true})
		return err
	})
	return who, err
}

// FirstAdmin is the name of the house's first administrator that is not closed.
func (r *Room) FirstAdmin(ctx context.Context) (name string, err error) {
	err = r.db.Read(ctx, func(q *store.Query) error {
		all, err := q.Members()
		for _, m := range all {
			if m.Admin && !m.Disabled {
				name = m.Name
				return nil
			}
		}
		return err
	})
	return name, err
}

// Acting returns the member of a name as a person: for the demo, which plays its people.
func (r *Room) Acting(ctx context.Context, name string) (Who, error) {
	who, err := r.As(ctx, name)
	who.Program = false
	return who, err
}

// GiveRoles adds roles ("desk:role") to a member.
func (r *Room) GiveRoles(ctx context.Context, name string, roles []string) error {
	return r.db.Write(ctx, func(tx *store.Tx) error {
		m, found, err := tx.MemberNamed(name)
		if err != nil || !found {
			return joinUnknown(err, "There is no member of that name.")
		}
		for _, text := range roles {
			role, err := r.parseRole(&tx.Query, text)
			if err != nil {
				return err
			}
			if err := tx.AddRole(m.ID, role); err != nil {
				return err
			}
		}
		return tx.Note(store.Audit{Verb: "give roles", Subject: name, Detail: strings.Join(roles, " ")})
	})
}
