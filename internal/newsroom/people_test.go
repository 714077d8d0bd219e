package newsroom_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dateline/internal/keys"
	"dateline/internal/newsroom"
	"dateline/internal/store"
	"dateline/internal/story"
)

func (p *pair) desk() story.DeskID {
	p.t.Helper()
	h, err := p.room.House(p.t.Context())
	p.must(err)
	return h.Desks[0].ID
}

// password gives somebody a password, and returns the key of their codes.
func (p *pair) password(who newsroom.Who, password string) []byte {
	p.t.Helper()
	key, err := p.room.NewCodeKey()
	p.must(err)
	_, err = p.room.SetPassword(p.t.Context(), who, newsroom.NewPassword{Key: p.key(), Password: password, CodeKey: keys.CodeKeyText(key), Code: keys.Code(key, p.now)})
	p.must(err)
	return key
}

// TestNewKeysMakeOnePerson: who let another begin anew with other keys, and may have them,
// is no second person for a day (I-26).
func TestNewKeysMakeOnePerson(t *testing.T) {
	p := newPair(t)
	ctx := t.Context()
	rina, noam := p.in("Rina"), p.in("Noam")
	id := begun(t, p.room, rina, "new-keys-00000001")
	p.file(rina, id, story.Publish)
	link, err := p.room.RecoverMember(ctx, rina, p.key(), noam.Member)
	p.must(err)
	session, err := p.room.SignIn(ctx, link, newsroom.From{})
	p.must(err)
	asked, err := p.room.AskErase(ctx, rina, newsroom.ErasureWish{Key: p.key(), Article: id, Wording: "By order of a court.", Ordered: "2024-03-19"})
	p.must(err)
	anew, err := p.room.Session(ctx, session)
	p.must(err)
	_, err = p.room.ConfirmErase(ctx, anew, p.key(), asked)
	p.refused(err, "gave it new keys")
	if _, err := p.room.Still(ctx, noam); err == nil {
		t.Error("a session from before goes on")
	}
	p.now = p.now.Add(24*time.Hour - time.Microsecond)
	_, err = p.room.ConfirmErase(ctx, p.in("Noam"), p.key(), asked)
	p.refused(err, "gave it new keys")
	p.now = p.now.Add(time.Microsecond)
	_, err = p.room.ConfirmErase(ctx, p.in("Noam"), p.key(), asked)
	p.must(err)
}

// TestWhatWasKilledComesBackByTwo: whoever approves it proved who they are, and is another
// person than its editor; a program does neither.
func TestWhatWasKilledComesBackByTwo(t *testing.T) {
	p := newPair(t)
	ctx := t.Context()
	rina := p.in("Rina")
	id := begun(t, p.room, rina, "killed-000000001")
	p.file(rina, id, story.Publish)
	p.file(rina, id, story.Kill)
	v, err := p.room.Story(ctx, rina, id)
	p.must(err)
	_, err = p.room.Save(ctx, rina, newsroom.Saving{Key: p.key(), Article: id, Parts: []newsroom.PartSave{{Part: "headline", Base: v.Parts["headline"].Version, Body: []byte(`"Another report"`)}}})
	p.must(err)
	p.refused(p.room.Approve(ctx, rina, p.key(), id), "You edited this revision last")
	p.add("Made", rina.Member)
	p.refused(p.room.Approve(ctx, p.in("Made"), p.key(), id), "within a day")
	noam := p.in("Noam")
	p.now = p.now.Add(6 * time.Minute)
	if err := p.room.Approve(ctx, noam, p.key(), id); !newsroom.NeedsProof(err) {
		t.Error("approved without a proof:", err)
	}
	p.must(p.room.Approve(ctx, p.in("Noam"), p.key(), id))
	again := newsroom.Filing{Key: p.key(), Article: id, What: story.Reinstate, NoUndo: true, Base: -1}
	if _, err := p.room.File(ctx, rina, again); !newsroom.NeedsProof(err) {
		t.Error("reinstated without a proof:", err)
	}
	if f := p.file(p.in("Rina"), id, story.Reinstate); f.State != story.Posted {
		t.Error(f)
	}
	p.verifies()
}

// TestAChiefInvitesToTheirDesk and to no other, and makes no administrator; who lost their
// rights since invites nobody.
func TestAChiefInvitesToTheirDesk(t *testing.T) {
	p := newPair(t)
	ctx := t.Context()
	rina, noam := p.in("Rina"), p.in("Noam")
	here := []store.Role{{Desk: p.desk(), Role: "editor"}}
	invite := func(who newsroom.Who, name string, admin bool, roles []store.Role) (string, error) {
		return p.room.Invite(ctx, who, newsroom.InviteWish{Key: p.key(), Name: name, Admin: admin, Roles: roles})
	}
	for says, try := range map[string]func() (string, error){
		"There is no such role or desk": func() (string, error) {
			return invite(noam, "Ada", false, []store.Role{{Desk: "0000000000", Role: "editor"}})
		},
		"no such role": func() (string, error) {
			return invite(noam, "Ada", false, []store.Role{{Desk: p.desk(), Role: "owner"}})
		},
		"Only an administrator":    func() (string, error) { return invite(noam, "Ada", true, here) },
		"Choose at least one role": func() (string, error) { return invite(rina, "Ada", false, nil) },
		"needs a name":             func() (string, error) { return invite(rina, " \t", false, here) },
		"a member of that name":    func() (string, error) { return invite(rina, "Noam", false, here) },
	} {
		_, err := try()
		p.refused(err, says)
	}
	link, err := invite(noam, "Ada", false, here)
	p.must(err)
	p.must(p.room.ChangeMember(ctx, rina, p.key(), noam.Member, false, nil))
	_, err = p.room.AcceptInvite(ctx, link, newsroom.From{})
	p.refused(err, "Ask for another")
	p.must(p.room.ChangeMember(ctx, rina, p.key(), noam.Member, false, []store.Role{{Desk: p.desk(), Role: "chief"}}))
	session, err := p.room.AcceptInvite(ctx, link, newsroom.From{})
	p.must(err)
	ada, err := p.room.Session(ctx, session)
	p.must(err)
	if ada.Name != "Ada" || ada.Admin || !ada.May("publish", p.desk()) || ada.May("kill", p.desk()) {
		t.Error(ada)
	}
	_, err = p.room.AcceptInvite(ctx, link, newsroom.From{})
	p.refused(err, "Ask for another")

	late, err := invite(rina, "Late", false, here)
	p.must(err)
	back, err := invite(rina, "Back", false, here)
	p.must(err)
	roll, err := p.room.Roll(ctx, rina, "", 0)
	p.must(err)
	if len(roll.Invitations) != 2 || roll.Invitations[0].Name != "Back" {
		t.Fatal(roll.Invitations)
	}
	p.refused(p.room.Uninvite(ctx, p.in("Noam"), p.key(), roll.Invitations[0].ID), "Whoever invited")
	p.must(p.room.Uninvite(ctx, rina, p.key(), roll.Invitations[0].ID))
	_, err = p.room.AcceptInvite(ctx, back, newsroom.From{})
	p.refused(err, "Ask for another")
	p.now = p.now.Add(7 * 24 * time.Hour)
	if _, _, found, err := p.room.Invited(ctx, late); found || err != nil {
		t.Error("an invitation lasts:", err)
	}
	_, err = p.room.AcceptInvite(ctx, late, newsroom.From{})
	p.refused(err, "Ask for another")
}

// TestTheHouseKeepsAnAdministrator who can undo what was done.
func TestTheHouseKeepsAnAdministrator(t *testing.T) {
	p := newPair(t)
	ctx := t.Context()
	rina := p.in("Rina")
	p.refused(p.room.ChangeMember(ctx, rina, p.key(), rina.Member, false, nil), "without an administrator")
	p.refused(p.room.CloseMember(ctx, rina, p.key(), rina.Member, true), "without an administrator")
	noam := p.in("Noam")
	p.refused(p.room.ChangeMember(ctx, noam, p.key(), noam.Member, true, nil), "administrator")
	p.must(p.room.ChangeMember(ctx, rina, p.key(), noam.Member, true, nil))
	p.must(p.room.CloseMember(ctx, p.in("Noam"), p.key(), rina.Member, true))
	if _, err := p.room.Still(ctx, rina); err == nil {
		t.Error("a closed account goes on")
	}
}

// TestATokenIsNoPerson, and never more than what it was given and what its owner has now.
func TestATokenIsNoPerson(t *testing.T) {
	p := newPair(t)
	ctx := t.Context()
	rina := p.in("Rina") // an administrator, too
	make := func(verbs ...string) newsroom.Who {
		secret, err := p.room.NewToken(ctx, rina, newsroom.TokenWish{Key: p.key(), Name: "t", Verbs: verbs, Desks: []story.DeskID{p.desk()}, Days: 30})
		p.must(err)
		who, err := p.room.Bearer(ctx, secret)
		p.must(err)
		return who
	}
	for _, verb := range []string{"approve", "kill", "lift", "see members", "keep own keys", ""} {
		_, err := p.room.NewToken(ctx, rina, newsroom.TokenWish{Key: p.key(), Name: "t", Verbs: []string{verb}, Desks: []story.DeskID{p.desk()}, Days: 30})
		p.refused(err, "A token cannot")
	}
	all := make(newsroom.TokenVerbs()...)
	if all.Admin {
		t.Error("a token is an administrator")
	}
	for _, rule := range newsroom.Rules() {
		if got := all.Somewhere(rule.Verb); got != rule.Token {
			t.Errorf("a token may %s: %v", rule.Verb, got)
		}
	}
	reads := make("read")
	id := begun(t, p.room, rina, "token-0000000001")
	_, err := p.room.File(ctx, reads, newsroom.Filing{Key: p.key(), Article: id, What: story.Publish, Base: -1})
	p.refused(err, "publish")
	f := p.file(rina, id, story.Publish)
	_, err = p.room.File(ctx, all, newsroom.Filing{Key: p.key(), Article: id, What: story.Kill, Base: -1})
	p.refused(err, "kill")
	p.refused(p.room.Approve(ctx, all, p.key(), id), "approve")
	_, err = p.room.AskErase(ctx, all, newsroom.ErasureWish{Key: p.key(), Article: id, Wording: "x", Ordered: "2024-03-19"})
	if _, refused := story.AsRefusal(err); !refused || f.State != story.Posted {
		t.Error("a token asks for an erasure:", err)
	}
	p.must(p.room.GiveRoles(ctx, "Rina", []string{"new-york:chief"}))
	p.now = p.now.Add(30 * 24 * time.Hour)
	own, err := p.room.Own(ctx, p.in("Rina"))
	p.must(err)
	if len(own.Tokens) > 0 {
		t.Error("a token is listed when it is over")
	}
}

// TestAThousandTriesAtOnce: ten are looked at, and no more (I-45).
func TestAThousandTriesAtOnce(t *testing.T) {
	p := newPair(t)
	key := p.password(p.in("Noam"), "a long walk by the quay")
	p.now = p.now.Add(time.Minute)
	var looked, refused atomic.Int64
	var all sync.WaitGroup
	for i := range 1000 {
		all.Go(func() {
			_, err := p.room.SignInByPassword(t.Context(), newsroom.Password{Name: "Noam", Password: fmt.Sprint("a guess ", i), Code: "000000"}, newsroom.From{Place: "192.0.2.7"})
			switch {
			case newsroom.TooMany(err):
				refused.Add(1)
			case errors.Is(err, nil):
				t.Error("a guess was right")
			default:
				looked.Add(1)
			}
		})
	}
	all.Wait()
	if looked.Load() != 10 || refused.Load() != 990 {
		t.Errorf("%d were looked at, %d not", looked.Load(), refused.Load())
	}
	right := newsroom.Password{Name: "Noam", Password: "a long walk by the quay", Code: keys.Code(key, p.now)}
	if _, err := p.room.SignInByPassword(t.Context(), right, newsroom.From{Place: "192.0.2.7"}); !newsroom.TooMany(err) {
		t.Error("the eleventh is looked at:", err)
	}
	if _, err := p.room.SignInByPassword(t.Context(), right, newsroom.From{Place: "192.0.2.8"}); err != nil {
		t.Error("from another place:", err)
	}
}

// TestAThousandMembersHavePages by name, each once, and a chief sees those of their desk.
func TestAThousandMembersHavePages(t *testing.T) {
	p := newPair(t)
	ctx := t.Context()
	p.must(p.db.Write(ctx, func(tx *store.Tx) error {
		for i := range 1000 {
			id, err := tx.AddMember(fmt.Sprintf("Member %04d", i), false, 0)
			if err != nil {
				return err
			}
			if i%2 == 0 {
				if err := tx.AddRole(id, store.Role{Desk: p.desk(), Role: "reporter"}); err != nil {
					return err
				}
			}
		}
		return nil
	}))
	seen := map[string]bool{}
	rina := p.in("Rina")
	for page := 0; ; page++ {
		roll, err := p.room.Roll(ctx, rina, "", page)
		p.must(err)
		if roll.Total != 1002 || len(roll.Members) > newsroom.RollPage {
			t.Fatal(roll.Total, len(roll.Members))
		}
		for _, m := range roll.Members {
			if seen[m.Name] {
				t.Errorf("%s is listed twice", m.Name)
			}
			seen[m.Name] = true
		}
		if len(roll.Members) == 0 {
			break
		}
	}
	if len(seen) != 1002 {
		t.Error(len(seen))
	}
	for find, want := range map[string]int{"member 00": 100, "%": 0, "_": 0, `\`: 0, "0999": 1, "rina": 1} {
		roll, err := p.room.Roll(ctx, rina, find, 0)
		p.must(err)
		if roll.Total != want {
			t.Errorf("%q finds %d, not %d", find, roll.Total, want)
		}
	}
	roll, err := p.room.Roll(ctx, p.in("Noam"), "member", 0)
	p.must(err)
	if roll.Total != 500 {
		t.Error("a chief sees", roll.Total)
	}
}

// TestTheAuditIsAddedTo and nothing else happens to it.
func TestTheAuditIsAddedTo(t *testing.T) {
	p := newPair(t)
	ctx := t.Context()
	rina := p.in("Rina")
	id := begun(t, p.room, rina, "audit-0000000001")
	p.file(rina, id, story.Publish)
	log, err := p.room.AuditLog(ctx, rina, newsroom.AuditWish{Subject: string(id)})
	p.must(err)
	var verbs []string
	for _, l := range log.Lines {
		verbs = append(verbs, l.Verb+" by "+l.Name)
	}
	if got := strings.Join(verbs, ", "); got != "publish posted by Rina, file publish by Rina, start by Rina" {
		t.Error(got)
	}
	for _, w := range []newsroom.AuditWish{{Member: "Rina", Verb: "start", From: p.now, To: p.now.Add(time.Second)}, {Verb: "start", Limit: 1}} {
		if log, err = p.room.AuditLog(ctx, rina, w); err != nil || len(log.Lines) != 1 {
			t.Error(w, len(log.Lines), err)
		}
	}
	if log, err = p.room.AuditLog(ctx, rina, newsroom.AuditWish{Verb: "start", To: p.now}); err != nil || len(log.Lines) != 0 {
		t.Error("a line after the end is found:", len(log.Lines), err)
	}
	log, err = p.room.AuditLog(ctx, p.in("Noam"), newsroom.AuditWish{})
	p.must(err)
	for _, l := range log.Lines {
		if l.Desk != p.desk() {
			t.Errorf("a chief sees %q of another desk, or of none", l.Verb)
		}
	}
}
