package newsroom

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"dateline/internal/keys"
	"dateline/internal/store"
	"dateline/internal/story"
)

// Signing in: by a passkey, by a password with a code, or by a one-time link. What is
// refused is refused alike, whether or not there is such an account.

// From is where a sign-in comes from, for whoever looks at their sessions.
type From struct{ Place, Browser string }

// Failures are counted by account and place. So many within so long, and no more is looked
// at until some of them are over.
const (
	mostAttempts  = 10
	attemptsCount = 15 * time.Minute
)

// ceremonyFor is how long a question to a device waits for its answer; mostCeremonies is
// how many may wait.
const (
	ceremonyFor    = 5 * time.Minute
	mostCeremonies = 10_000
)

// The refusals of a sign-in. They are compared, not only read.
var (
	errNotIn   = story.Refuse(story.Forbidden, "That name, password and code do not open anything here.")
	errTooMany = story.Refuse(story.Unavailable, "Too many tries from here. Wait a quarter of an hour, or sign in another way.")
	errProve   = story.Refuse(story.Forbidden, "Prove who you are first: this needs a proof of the last five minutes.")
)

// TooMany reports whether a sign-in was not even looked at.
func TooMany(err error) bool { return err == errTooMany }

// NeedsProof reports whether a verb waits for its member to prove anew who they are.
func NeedsProof(err error) bool { return err == errProve }

// begin makes a session. The secret is for the person's browser alone.
func (r *Room) begin(tx *store.Tx, member int64, from From, how string) (session string, err error) {
	m, found, err := tx.Member(member)
	if err != nil {
		return "", err
	}
	if !found || m.Disabled {
		return "", errNotIn
	}
	if err := tx.ForgetSessions(); err != nil {
		return "", err
	}
	session = r.newID(story.SecretLength)
	s := store.Session{Hash: hashOf(session), Member: member, EndsAt: tx.Now.Add(sessionFor), Place: cutText(from.Place, 60), Browser: cutText(from.Browser, 60)}
	if err := tx.AddSession(s); err != nil {
		return "", err
	}
	if s.Place != "" {
		how += ", from " + s.Place
	}
	return session, tx.Note(store.Audit{Member: member, Verb: "sign in", Subject: m.Name, Detail: how})
}

// cutText is at most n bytes of a text that came from outside, and always valid.
func cutText(s string, n int) string {
	if len(s) > n {
		s = s[:n]
	}
	out := make([]rune, 0, len(s))
	for _, c := range s {
		if c >= ' ' && c != '\uFFFD' && c != 0x7f {
			out = append(out, c)
		}
	}
	return string(out)
}

// SignIn takes a link, once, and begins a session. A link to begin anew voids every key and
// session before it.
func (r *Room) SignIn(ctx context.Context, link string, from From) (session string, err error) {
	err = r.db.Write(ctx, func(tx *store.Tx) error {
		l, ok, err := tx.UseLink(hashOf(link))
		if err != nil {
			return err
		}
		if !ok {
			return story.Refuse(story.Forbidden, "This link was used before or is over. Ask for another.")
		}
		how := "link"
		if l.Kind == store.LinkAnew {
			how = "recovery"
			if err := tx.DeleteKeys(l.Member); err != nil {
				return err
			}
			if err := tx.SetKeyed(l.Member, l.By); err != nil {
				return err
			}
		}
		session, err = r.begin(tx, l.Member, from, how)
		return err
	})
	return session, err
}

// Session finds the member of a session, with their rights as they are now. What stays
// open, such as a stream, asks it again every few seconds: it refuses once the session has
// ended, the account is closed, or the time is over.
func (r *Room) Session(ctx context.Context, secret string) (who Who, err error) {
	hash := hashOf(secret)
	err = r.db.Read(ctx, func(q *store.Query) error {
		s, found, err := q.Session(hash)
		if err != nil {
			return err
		}
		if !found || !r.db.Now().Before(s.EndsAt) {
			return story.Refuse(story.Forbidden, "You are not signed in.")
		}
		who, err = r.refresh(q, Who{Member: s.Member, AuthAt: s.AuthAt, session: string(hash)})
		return err
	})
	return who, err
}

// Still finds the rights of who came in before as they are now, and refuses whoever has
// none any more: for what stays open.
func (r *Room) Still(ctx context.Context, who Who) (now Who, err error) {
	err = r.db.Read(ctx, func(q *store.Query) error {
		if now, err = r.refresh(q, who); err != nil || who.session == "" {
			return err
		}
		s, _, err := q.Session([]byte(who.session))
		if err == nil && !r.db.Now().Before(s.EndsAt) {
			err = story.Refuse(story.Forbidden, "You are not signed in.")
		}
		return err
	})
	return now, err
}

// A Password is what somebody types to prove who they are. Code is one that their
// telephone shows, or a recovery code.
type Password struct{ Name, Password, Code string }

// SignInByPassword begins a session for who knows a password and has a code.
func (r *Room) SignInByPassword(ctx context.Context, p Password, from From) (session string, err error) {
	_, err = r.byPassword(ctx, p, from, func(tx *store.Tx, member int64) (err error) {
		session, err = r.begin(tx, member, from, "password")
		return err
	})
	return session, err
}

// ProveByPassword notes that the member of a session proved anew who they are.
func (r *Room) ProveByPassword(ctx context.Context, who Who, p Password, from From) error {
	p.Name = who.Name
	_, err := r.byPassword(ctx, p, from, func(tx *store.Tx, member int64) error { return r.prove(tx, who, member, "password") })
	return err
}

func (r *Room) prove(tx *store.Tx, who Who, member int64, how string) error {
	if member != who.Member || who.session == "" {
		return story.Refuse(story.Forbidden, "These keys are somebody else’s. Prove that you are %s.", who.Name)
	}
	now, err := r.refresh(&tx.Query, who)
	if err != nil {
		return err
	}
	if err := tx.ProveSession([]byte(who.session)); err != nil {
		return err
	}
	return tx.Note(store.Audit{Member: member, Verb: "prove", Subject: now.Name, Detail: how})
}

// byPassword counts the try, looks at the password outside of any transaction, since that
// takes long on purpose, and does then in the one that takes the code.
func (r *Room) byPassword(ctx context.Context, p Password, from From, then func(*store.Tx, int64) error) (member int64, err error) {
	account, attempt := keys.Account(p.Name, from.Place), int64(0)
	err = r.db.Write(ctx, func(tx *store.Tx) (err error) {
		attempt, err = tx.AddAttempt(account, tx.Now.Add(-attemptsCount), mostAttempts)
		return err
	})
	if err != nil {
		return 0, err
	}
	if attempt == 0 {
		return 0, errTooMany
	}
	var kept store.Password
	var known bool
	err = r.db.Read(ctx, func(q *store.Query) error {
		m, found, err := q.MemberNamed(p.Name)
		if err != nil || !found || m.Disabled {
			return err
		}
		kept, known, err = q.Password(m.ID)
		return err
	})
	if err != nil {
		return 0, err
	}
	var sealed *keys.Sealed
	if known {
		sealed = &keys.Sealed{Hash: kept.Hash, Code: kept.Code}
	}
	key, ok, err := r.passwords.Open(ctx, sealed, p.Password)
	if err != nil {
		return 0, err
	}
	if !ok {
		return 0, errNotIn
	}
	return kept.Member, r.db.Write(ctx, func(tx *store.Tx) error {
		if err := r.takeCode(tx, kept, key, p.Code); err != nil {
			return err
		}
		if err := tx.EndAttempt(attempt, account); err != nil {
			return err
		}
		return then(tx, kept.Member)
	})
}

// takeCode takes a code, or a recovery code, that works once.
func (r *Room) takeCode(tx *store.Tx, kept store.Password, key []byte, code string) error {
	if step, ok := keys.MatchCode(key, code, r.phone(), kept.Step); ok {
		if taken, err := tx.TakeStep(kept, step); err != nil || taken {
			return err
		}
		return errNotIn
	}
	now, there, err := tx.Password(kept.Member)
	if err != nil {
		return err
	}
	if !there || now.Hash != kept.Hash {
		return errNotIn
	}
	used, err := tx.UseRecovery(keys.RecoveryHash(code), kept.Member)
	if err != nil {
		return err
	}
	if !used {
		return errNotIn
	}
	return tx.Note(store.Audit{Member: kept.Member, Verb: "use recovery code"})
}

// A Ceremony is a question to somebody's device: the id goes back with the answer.
type Ceremony struct {
	ID       string          `json:"id"`
	Question json.RawMessage `json:"question"`
}

// keepCeremony keeps what was asked until the answer comes.
func (r *Room) keepCeremony(ctx context.Context, a keys.Asked) (c Ceremony, err error) {
	c = Ceremony{r.newID(story.SecretLength), a.Question}
	err = r.db.Write(ctx, func(tx *store.Tx) error {
		waiting, err := tx.AddCeremony(hashOf(c.ID), a.Kept, tx.Now.Add(ceremonyFor))
		if err == nil && waiting >= mostCeremonies {
			err = errTooMany
		}
		return err
	})
	return c, err
}

// AskPasskey asks for a proof by a passkey, of whomever.
func (r *Room) AskPasskey(ctx context.Context, party *keys.Party) (Ceremony, error) {
	a, err := party.AskProof()
	if err != nil {
		return Ceremony{}, err
	}
	return r.keepCeremony(ctx, a)
}

// SignInByPasskey begins a session for whose passkey answers.
func (r *Room) SignInByPasskey(ctx context.Context, party *keys.Party, id string, answer []byte, from From) (session string, err error) {
	err = r.byPasskey(ctx, party, id, answer, func(tx *store.Tx, member int64) (err error) {
		session, err = r.begin(tx, member, from, "passkey")
		return err
	})
	return session, err
}

// ProveByPasskey notes that the member of a session proved anew who they are.
func (r *Room) ProveByPasskey(ctx context.Context, who Who, party *keys.Party, id string, answer []byte) error {
	return r.byPasskey(ctx, party, id, answer, func(tx *store.Tx, member int64) error { return r.prove(tx, who, member, "passkey") })
}

// byPasskey takes a question and its answer, once.
func (r *Room) byPasskey(ctx context.Context, party *keys.Party, id string, answer []byte, then func(*store.Tx, int64) error) error {
	named, err := keys.Names(answer)
	if err != nil {
		return err
	}
	return r.db.Write(ctx, func(tx *store.Tx) error {
		kept, ok, err := tx.TakeCeremony(hashOf(id))
		if err != nil {
			return err
		}
		if !ok {
			return story.Refuse(story.Forbidden, "This took too long, or was sent before. Try again.")
		}
		p, found, err := tx.Passkey(named)
		if err != nil {
			return err
		}
		if !found {
			return story.Refuse(story.Forbidden, "This passkey does not open anything here.")
		}
		holder, err := holderOf(&tx.Query, p.Member)
		if err != nil {
			return err
		}
		proved, err := party.Prove(holder, kept, answer)
		if err != nil {
			return err
		}
		if err := tx.UsePasskey(proved.ID, proved.Kept); err != nil {
			return err
		}
		return then(tx, p.Member)
	})
}

func holderOf(q *store.Query, member int64) (h keys.Holder, err error) {
	m, _, err := q.Member(member)
	if err != nil {
		return h, err
	}
	all, err := q.Passkeys(member)
	if err != nil {
		return h, err
	}
	h = keys.Holder{ID: m.ID, MadeAt: m.MadeAt, Name: m.Name}
	for _, p := range slices.Backward(all) {
		h.Kept = append(h.Kept, p.Kept)
	}
	return h, nil
}
