package newsroom

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"dateline/internal/store"
	"dateline/internal/story"
)

// RollPage is how many members a page lists.
const RollPage = 50

// A Roll is a page of the members, and the invitations that are open. A chief sees who has
// a role at one of their desks.
type Roll struct {
	Members     []MemberView
	Total       int
	Invitations []InvitationView
	Now         time.Time
}

// A MemberView is a member with their roles, and by what they sign in.
type MemberView struct {
	store.Member
	Roles    []store.Role
	Passkeys int
	Password bool
	By       string // who made the account; "" for the operator
}

// An InvitationView is an invitation that waits.
type InvitationView struct {
	store.Invitation
	Roles []store.Role
	By    string
	Mine  bool
}

// Roll reads a page of the members whose name holds a text.
func (r *Room) Roll(ctx context.Context, who Who, name string, page int) (v Roll, err error) {
	if !who.Somewhere("see members") {
		return v, who.must("see members", "")
	}
	s := store.MemberSearch{Name: cutText(name, 200), Limit: RollPage, Offset: RollPage * max(0, page)}
	if !who.Admin {
		s.Desks = who.At("see members")
	}
	v.Now = r.db.Now()
	err = r.db.Read(ctx, func(q *store.Query) error {
		members, total, err := q.SearchMembers(s)
		if err != nil {
			return err
		}
		v.Total = total
		for _, m := range members {
			one, err := r.memberView(q, m)
			if err != nil {
				return err
			}
			v.Members = append(v.Members, one)
		}
		return r.readInvitations(q, who, &v)
	})
	return v, err
}

func (r *Room) memberView(q *store.Query, m store.Member) (v MemberView, err error) {
	v.Member = m
	if v.Roles, err = q.Roles(m.ID); err != nil {
		return v, err
	}
	passkeys, err := q.Passkeys(m.ID)
	if err != nil {
		return v, err
	}
	v.Passkeys = len(passkeys)
	if _, v.Password, err = q.Password(m.ID); err != nil {
		return v, err
	}
	v.By, err = r.memberName(q, m.MadeBy)
	return v, err
}

func (r *Room) readInvitations(q *store.Query, who Who, v *Roll) error {
	open, err := q.OpenInvitations(v.Now)
	if err != nil {
		return err
	}
	for _, i := range open {
		if i.By != who.Member && !who.Admin {
			continue
		}
		one := InvitationView{Invitation: i, Mine: i.By == who.Member}
		if err := json.Unmarshal(i.Roles, &one.Roles); err != nil {
			return fmt.Errorf("invitation %d: %w", i.ID, err)
		}
		if one.By, err = r.memberName(q, i.By); err != nil {
			return err
		}
		v.Invitations = append(v.Invitations, one)
	}
	return nil
}

// MemberOf reads one member, for who may see them.
func (r *Room) MemberOf(ctx context.Context, who Who, id int64) (v MemberView, err error) {
	err = r.db.Read(ctx, func(q *store.Query) error {
		m, found, err := q.Member(id)
		if err != nil || !found {
			return joinUnknown(err, "There is no such member.")
		}
		if v, err = r.memberView(q, m); err != nil {
			return err
		}
		if who.May("see members", "") {
			return nil
		}
		for _, x := range v.Roles {
			if who.May("see members", x.Desk) {
				return nil
			}
		}
		return who.must("see members", "")
	})
	return v, err
}

// mayChange refuses who may not change accounts now: it takes a fresh proof, since keys of
// others can be made void by it.
func (w Who) mayChange(now time.Time) error {
	if err := w.must("change members", ""); err != nil {
		return err
	}
	return w.mustBeFresh(now)
}

// onMember is a verb about a member's account, for an administrator.
func onMember[R any](ctx context.Context, r *Room, who Who, verb, key string, id int64, request any, fn func(*store.Tx, Who, store.Member) (R, error)) (R, error) {
	return do(ctx, r, who, verb, key, []any{id, request}, func(tx *store.Tx, who Who) (none R, err error) {
		if err := who.mayChange(tx.Now); err != nil {
			return none, err
		}
		m, found, err := tx.Member(id)
		if err != nil || !found {
			return none, joinUnknown(err, "There is no such member.")
		}
		return fn(tx, who, m)
	})
}

// ChangeMember gives a member these roles and no others. The house keeps an administrator.
func (r *Room) ChangeMember(ctx context.Context, who Who, key string, id int64, admin bool, roles []store.Role) error {
	_, err := onMember(ctx, r, who, "change member", key, id, []any{admin, roles}, func(tx *store.Tx, who Who, m store.Member) (bool, error) {
		if err := knownRoles(&tx.Query, roles); err != nil {
			return false, err
		}
		if err := tx.SetMember(id, admin, m.Disabled); err != nil {
			return false, err
		}
		if err := tx.SetRoles(id, roles); err != nil {
			return false, err
		}
		return true, noteChange(tx, who, "change member", m.Name, rolesText(admin, roles))
	})
	return err
}

// CloseMember closes an account, or opens it again. Closed, its sessions, links and tokens
// end at once.
func (r *Room) CloseMember(ctx context.Context, who Who, key string, id int64, closed bool) error {
	_, err := onMember(ctx, r, who, "close member", key, id, closed, func(tx *store.Tx, who Who, m store.Member) (bool, error) {
		verb := "open member"
		if closed {
			verb = "close member"
			if err := tx.DisableMember(id); err != nil {
				return false, err
			}
			if err := tx.EndTokens(id); err != nil {
				return false, err
			}
		}
		if err := tx.SetMember(id, m.Admin, closed); err != nil {
			return false, err
		}
		return true, noteChange(tx, who, verb, m.Name, "")
	})
	return err
}

// noteChange writes a change of an account down, unless it left the house without anybody
// who could undo it.
func noteChange(tx *store.Tx, who Who, verb, name, detail string) error {
	all, err := tx.Members()
	if err != nil {
		return err
	}
	for _, m := range all {
		if m.Admin && !m.Disabled {
			return tx.Note(store.Audit{Member: who.Member, Verb: verb, Subject: name, Detail: detail})
		}
	}
	return story.Refuse(story.Conflict, "That would leave the house without an administrator.")
}

// RecoverMember makes the secret of a link by which a member begins anew: every key, session and
// link before it is void once it is used. For a day after, whoever made it and the member
// count as one person where two are needed.
func (r *Room) RecoverMember(ctx context.Context, who Who, key string, id int64) (secret string, err error) {
	secret = r.newID(story.SecretLength)
	_, err = once(ctx, r, who, "recover", key, id, secret, func(tx *store.Tx, who Who) (int64, error) {
		if err := who.mayChange(tx.Now); err != nil {
			return 0, err
		}
		m, found, err := tx.Member(id)
		if err != nil || !found {
			return 0, joinUnknown(err, "There is no such member.")
		}
		if m.Disabled {
			return 0, story.Refuse(story.Conflict, "This account is closed. Open it first.")
		}
		if err := tx.PutLink(hashOf(secret), store.Link{Member: id, Kind: store.LinkAnew, By: who.Member}, tx.Now.Add(linkFor)); err != nil {
			return 0, err
		}
		return id, tx.Note(store.Audit{Member: who.Member, Verb: "recover", Subject: m.Name})
	})
	return secret, err
}
