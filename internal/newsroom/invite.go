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

// inviteFor is how long an invitation waits for its answer.
const inviteFor = 7 * 24 * time.Hour

// An InviteWish asks for an invitation.
type InviteWish struct {
	Key   string       `json:"-"`
	Name  string       `json:"name"`
	Admin bool         `json:"admin"`
	Roles []store.Role `json:"roles"`
}

// Invite makes the secret of an invitation's link, which is shown this once; only its hash
// is kept. A chief invites to their own desks, an administrator to all.
func (r *Room) Invite(ctx context.Context, who Who, w InviteWish) (secret string, err error) {
	secret = r.newID(story.SecretLength)
	w.Name = strings.TrimSpace(w.Name)
	_, err = once(ctx, r, who, "invite", w.Key, w, secret, func(tx *store.Tx, who Who) (int64, error) {
		if err := checkName(w.Name); err != nil {
			return 0, err
		}
		if err := mayGive(&tx.Query, who, w); err != nil {
			return 0, err
		}
		if err := nameIsFree(tx, w.Name); err != nil {
			return 0, err
		}
		roles, err := json.Marshal(w.Roles)
		if err != nil {
			return 0, fmt.Errorf("inviting: %w", err)
		}
		id, err := tx.AddInvitation(hashOf(secret), store.Invitation{Name: w.Name, Admin: w.Admin, Roles: roles, By: who.Member, EndsAt: tx.Now.Add(inviteFor)})
		if err != nil {
			return 0, err
		}
		return id, tx.Note(store.Audit{Member: who.Member, Verb: "invite", Desk: deskOfRoles(w.Roles), Subject: w.Name, Detail: rolesText(w.Admin, w.Roles)})
	})
	return secret, err
}

// once is do for what is shown once: a repeated request makes nothing, and cannot show
// again what nobody kept.
func once(ctx context.Context, r *Room, who Who, verb, key string, request any, secret string, fn func(*store.Tx, Who) (int64, error)) (id int64, err error) {
	type made struct {
		ID   int64
		Hash []byte
	}
	m, err := do(ctx, r, who, verb, key, request, func(tx *store.Tx, who Who) (made, error) {
		id, err := fn(tx, who)
		return made{id, hashOf(secret)}, err
	})
	if err == nil && !slices.Equal(m.Hash, hashOf(secret)) {
		err = story.Refuse(story.Conflict, "This was made before, and is shown only once. Revoke it and make another.")
	}
	return m.ID, err
}

func checkName(name string) error {
	if !story.Visible(name) || len(name) > 200 || cutText(name, 200) != name {
		return story.Refuse(story.Invalid, "A member needs a name of at most 200 letters.")
	}
	return nil
}

func nameIsFree(tx *store.Tx, name string) error {
	if _, found, err := tx.MemberNamed(name); err != nil || found {
		return joinRefusal(err, "There is a member of that name already.")
	}
	return nil
}

// mayGive refuses roles that are not the inviter's to give.
func mayGive(q *store.Query, who Who, w InviteWish) error {
	if len(w.Roles) == 0 && !w.Admin {
		return story.Refuse(story.Invalid, "Choose at least one role.")
	}
	if w.Admin && !who.May("change members", "") {
		return story.Refuse(story.Forbidden, "Only an administrator makes another.")
	}
	if err := knownRoles(q, w.Roles); err != nil {
		return err
	}
	for _, x := range w.Roles {
		if err := who.must("invite", x.Desk); err != nil {
			return err
		}
	}
	return nil
}

// knownRoles refuses roles and desks that there are not.
func knownRoles(q *store.Query, roles []store.Role) error {
	rows, err := q.Desks()
	if err != nil {
		return err
	}
	for _, x := range roles {
		if !slices.ContainsFunc(rows, func(row store.DeskRow) bool { return row.ID == x.Desk }) || !slices.Contains(AllRoles, Role(x.Role)) {
			return story.Refuse(story.Invalid, "There is no such role or desk.")
		}
	}
	return nil
}

// deskOfRoles is the desk that a line of the audit is about: the one that all roles are of.
func deskOfRoles(roles []store.Role) (desk story.DeskID) {
	for _, x := range roles {
		if desk != "" && x.Desk != desk {
			return ""
		}
		desk = x.Desk
	}
	return desk
}

func rolesText(admin bool, roles []store.Role) string {
	var out []string
	if admin {
		out = append(out, "administrator")
	}
	for _, x := range roles {
		out = append(out, string(x.Desk)+":"+x.Role)
	}
	return strings.Join(out, " ")
}

// Invited tells whom a link invites, and who invited, without taking it; found is false if
// it was used, is over, was revoked, or never was.
func (r *Room) Invited(ctx context.Context, secret string) (name, by string, found bool, err error) {
	err = r.db.Read(ctx, func(q *store.Query) error {
		i, there, err := q.InvitationOf(hashOf(secret))
		if err != nil || !there || !i.EndedAt.IsZero() || !r.db.Now().Before(i.EndsAt) {
			return err
		}
		name, found = i.Name, true
		by, err = r.memberName(q, i.By)
		return err
	})
	return name, by, found, err
}

// AcceptInvite makes the account and begins its first session. What the inviter may give is
// judged now: who lost their own rights since gives none.
func (r *Room) AcceptInvite(ctx context.Context, secret string, from From) (session string, err error) {
	err = r.db.Write(ctx, func(tx *store.Tx) error {
		over := story.Refuse(story.Forbidden, "This invitation was used before, was called back, or is over. Ask for another.")
		i, found, err := tx.InvitationOf(hashOf(secret))
		if err != nil {
			return err
		}
		if !found || !i.EndedAt.IsZero() || !tx.Now.Before(i.EndsAt) {
			return over
		}
		w := InviteWish{Name: i.Name, Admin: i.Admin}
		if err := json.Unmarshal(i.Roles, &w.Roles); err != nil {
			return fmt.Errorf("invitation %d: %w", i.ID, err)
		}
		by, err := r.refresh(&tx.Query, Who{Member: i.By})
		if err != nil || mayGive(&tx.Query, by, w) != nil {
			return over
		}
		if err := nameIsFree(tx, w.Name); err != nil {
			return err
		}
		member, err := tx.AddMember(w.Name, w.Admin, i.By)
		if err != nil {
			return err
		}
		if ok, err := tx.EndInvitation(i.ID, member); err != nil || !ok {
			if err == nil {
				err = over
			}
			return err
		}
		if err := tx.SetRoles(member, w.Roles); err != nil {
			return err
		}
		if err := tx.Note(store.Audit{Member: member, Verb: "accept invitation", Desk: deskOfRoles(w.Roles), Subject: w.Name, Detail: rolesText(w.Admin, w.Roles)}); err != nil {
			return err
		}
		session, err = r.begin(tx, member, from, "invitation")
		return err
	})
	return session, err
}

// Uninvite calls an invitation back: whoever made it, or an administrator.
func (r *Room) Uninvite(ctx context.Context, who Who, key string, id int64) error {
	_, err := do(ctx, r, who, "call an invitation back", key, id, func(tx *store.Tx, who Who) (bool, error) {
		i, found, err := tx.Invitation(id)
		if err != nil || !found {
			return false, joinUnknown(err, "There is no such invitation.")
		}
		if !who.Somewhere("invite") || i.By != who.Member && !who.Admin {
			return false, story.Refuse(story.Forbidden, "Whoever invited can call it back, or an administrator.")
		}
		ok, err := tx.EndInvitation(id, 0)
		if err != nil || !ok {
			return false, joinRefusal(err, "It was answered, called back, or is over already.")
		}
		return true, tx.Note(store.Audit{Member: who.Member, Verb: "call an invitation back", Subject: i.Name})
	})
	return err
}
