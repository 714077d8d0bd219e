package newsroom

import (
	"context"
	"encoding/hex"
	"strings"
	"time"

	"dateline/internal/keys"
	"dateline/internal/store"
	"dateline/internal/story"
)

// A member's own keys and sessions. Whoever changes a key has proved within five minutes
// who they are: a screen that was left open gives nobody a key.

// mostPasskeys is how many a member may have.
const mostPasskeys = 20

// OwnView is what members see of their own account.
type OwnView struct {
	Passkeys    []store.Passkey
	Password    bool
	PasswordSet time.Time
	Recovery    int // recovery codes that are left
	Sessions    []SessionView
	Tokens      []TokenView
	Fresh       bool // proved within five minutes
	Now         time.Time
}

// SessionView is one sign-in. Ref names it to its member: it opens nothing.
type SessionView struct {
	store.Session
	Ref  string
	Here bool // the one that asks
}

// Own reads the account of who asks.
func (r *Room) Own(ctx context.Context, who Who) (v OwnView, err error) {
	v.Now = r.db.Now()
	v.Fresh = who.Fresh(v.Now)
	err = r.db.Read(ctx, func(q *store.Query) error {
		if v.Passkeys, err = q.Passkeys(who.Member); err != nil {
			return err
		}
		p, there, err := q.Password(who.Member)
		if err != nil {
			return err
		}
		v.Password, v.PasswordSet = there, p.MadeAt
		if v.Recovery, err = q.RecoveryLeft(who.Member); err != nil {
			return err
		}
		sessions, err := q.SessionsOf(who.Member, v.Now)
		for _, s := range sessions {
			v.Sessions = append(v.Sessions, SessionView{s, hex.EncodeToString(s.Hash), string(s.Hash) == who.session})
		}
		if err != nil {
			return err
		}
		v.Tokens, err = r.tokenViews(q, who.Member)
		return err
	})
	return v, err
}

// mayKeep refuses who may not change keys now.
func (w Who) mayKeep(now time.Time) error {
	if err := w.must("keep own keys", ""); err != nil {
		return err
	}
	return w.mustBeFresh(now)
}

// onKeys is a verb about one's own keys.
func (r *Room) onKeys(ctx context.Context, who Who, verb, key string, request any, fn func(*store.Tx, Who) (detail string, err error)) error {
	_, err := do(ctx, r, who, verb, key, request, func(tx *store.Tx, who Who) (bool, error) {
		if err := who.mayKeep(tx.Now); err != nil {
			return false, err
		}
		detail, err := fn(tx, who)
		if err != nil {
			return false, err
		}
		return true, tx.Note(store.Audit{Member: who.Member, Verb: verb, Subject: who.Name, Detail: detail})
	})
	return err
}

// AskNewPasskey asks the member's device for a new passkey.
func (r *Room) AskNewPasskey(ctx context.Context, who Who, party *keys.Party) (c Ceremony, err error) {
	if err := who.mayKeep(r.db.Now()); err != nil {
		return c, err
	}
	var h keys.Holder
	err = r.db.Read(ctx, func(q *store.Query) error {
		h, err = holderOf(q, who.Member)
		return err
	})
	if err != nil {
		return c, err
	}
	a, err := party.AskNew(h)
	if err != nil {
		return c, err
	}
	return r.keepCeremony(ctx, a)
}

// AddPasskey takes a new passkey, under a name that its member knows it by.
func (r *Room) AddPasskey(ctx context.Context, who Who, party *keys.Party, key, id, name string, answer []byte) error {
	if name = strings.TrimSpace(cutText(name, 60)); name == "" {
		name = "Passkey"
	}
	return r.onKeys(ctx, who, "add passkey", key, []any{id, name}, func(tx *store.Tx, who Who) (string, error) {
		kept, ok, err := tx.TakeCeremony(hashOf(id))
		if err != nil {
			return "", err
		}
		if !ok {
			return "", story.Refuse(story.Forbidden, "This took too long, or was sent before. Try again.")
		}
		h, err := holderOf(&tx.Query, who.Member)
		if err != nil {
			return "", err
		}
		if len(h.Kept) >= mostPasskeys {
			return "", story.Refuse(story.Conflict, "There are %d passkeys already. Remove one first.", mostPasskeys)
		}
		p, err := party.Take(h, kept, answer)
		if err != nil {
			return "", err
		}
		if _, known, err := tx.Passkey(p.ID); err != nil || known {
			return "", joinRefusal(err, "This passkey is known already.")
		}
		return name, tx.AddPasskey(store.Passkey{ID: p.ID, Member: who.Member, Name: name, Kept: p.Kept})
	})
}

// RemovePasskey removes one of the member's passkeys.
func (r *Room) RemovePasskey(ctx context.Context, who Who, key string, id []byte) error {
	return r.onKeys(ctx, who, "remove passkey", key, id, func(tx *store.Tx, who Who) (string, error) {
		p, _, err := tx.Passkey(id)
		if err != nil {
			return "", err
		}
		removed, err := tx.DeletePasskey(id, who.Member)
		if err != nil || !removed {
			return "", joinUnknown(err, "There is no such passkey.")
		}
		return p.Name, nil
	})
}

// A NewPassword is what a member sets: the password, and a code that shows that their
// telephone knows the key.
type NewPassword struct{ Key, Password, CodeKey, Code string }

// NewCodeKey makes the key of codes that a form for a new password carries.
func (r *Room) NewCodeKey() ([]byte, error) { return keys.NewCodeKey(r.random) }

// SetPassword sets the member's password and the key of its codes, and returns recovery
// codes, which are shown this once.
func (r *Room) SetPassword(ctx context.Context, who Who, p NewPassword) (recovery []string, err error) {
	if err := keys.CheckPassword(p.Password); err != nil {
		return nil, err
	}
	if err := who.mayKeep(r.db.Now()); err != nil {
		return nil, err
	}
	codes, err := keys.ParseCodeKey(p.CodeKey)
	if err != nil {
		return nil, err
	}
	step, ok := keys.MatchCode(codes, p.Code, r.phone(), 0)
	if !ok {
		return nil, story.Refuse(story.Invalid, "The code is not the one that the app shows now. Is the time on the telephone right?")
	}
	sealed, err := r.passwords.Seal(ctx, p.Password, codes, r.random)
	if err != nil {
		return nil, err
	}
	recovery, hashes := r.recoveryCodes()
	err = r.onKeys(ctx, who, "set password", p.Key, sealed.Hash, func(tx *store.Tx, who Who) (string, error) {
		if err := tx.PutPassword(store.Password{Member: who.Member, Hash: sealed.Hash, Code: sealed.Code, Step: step}); err != nil {
			return "", err
		}
		return "", tx.SetRecovery(who.Member, hashes)
	})
	return recovery, err
}

func (r *Room) recoveryCodes() (codes []string, hashes [][]byte) {
	for range keys.RecoveryCodes {
		code := keys.NewRecoveryCode(r.random)
		codes, hashes = append(codes, code), append(hashes, keys.RecoveryHash(code))
	}
	return codes, hashes
}

// RemovePassword removes the member's password, with its codes.
func (r *Room) RemovePassword(ctx context.Context, who Who, key string) error {
	return r.onKeys(ctx, who, "remove password", key, "", func(tx *store.Tx, who Who) (string, error) {
		return "", tx.DeletePassword(who.Member)
	})
}

// NewRecovery makes other recovery codes; those before are void.
func (r *Room) NewRecovery(ctx context.Context, who Who, key string) ([]string, error) {
	codes, hashes := r.recoveryCodes()
	err := r.onKeys(ctx, who, "new recovery codes", key, hashes, func(tx *store.Tx, who Who) (string, error) {
		if _, there, err := tx.Password(who.Member); err != nil || !there {
			return "", joinRefusal(err, "Recovery codes stand beside a password. Set one first.")
		}
		return "", tx.SetRecovery(who.Member, hashes)
	})
	return codes, err
}

// EndSession signs one of the member's sessions out, by its ref; "" is every other one. It
// needs no fresh proof: shutting a door never does.
func (r *Room) EndSession(ctx context.Context, who Who, key, ref string) error {
	_, err := do(ctx, r, who, "end session", key, ref, func(tx *store.Tx, who Who) (bool, error) {
		if err := who.must("keep own keys", ""); err != nil {
			return false, err
		}
		if ref == "" {
			if err := tx.EndOtherSessions(who.Member, []byte(who.session)); err != nil {
				return false, err
			}
			return true, tx.Note(store.Audit{Member: who.Member, Verb: "end session", Subject: who.Name, Detail: "all others"})
		}
		hash, err := hex.DecodeString(ref)
		if err != nil {
			return false, story.Refuse(story.Unknown, "There is no such session.")
		}
		ended, err := tx.EndSessionOf(hash, who.Member)
		if err != nil || !ended {
			return false, joinUnknown(err, "There is no such session.")
		}
		return true, tx.Note(store.Audit{Member: who.Member, Verb: "end session", Subject: who.Name})
	})
	return err
}
