package browser_test

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"dateline/internal/keys"
)

// hasDevice gives the tab a device that keeps passkeys and confirms who its owner is.
func (b *tab) hasDevice() webauthn.AuthenticatorID {
	b.t.Helper()
	ask(b, webauthn.Enable, webauthn.EnableParams{})
	return ask(b, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal, HasResidentKey: true, HasUserVerification: true,
		IsUserVerified: true, AutomaticPresenceSimulation: true}}).AuthenticatorID
}

// ask sends the browser a command and returns its answer.
func ask[P, R any](b *tab, command cdp.Command[P, R], p P) (answer R) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) (err error) {
		got, err := cdp.Call(ctx, t, command, p)
		if err == nil {
			answer = got
		}
		return err
	}))
	return answer
}

func (b *tab) signsOut() {
	b.t.Helper()
	eval[bool](b, `(document.querySelector(".bar__you").open = true)`)
	b.submits("#sign-out button", 200)
}

// hasPasskey adds a passkey to the account of who is signed in.
func (b *tab) hasPasskey(name string) {
	b.t.Helper()
	b.opens(b.house.room("/me"), 200)
	b.types("#new-passkey input[name=name]", name)
	b.submits("#new-passkey button", 200)
	b.says("[role=status]", "The passkey is added.")
	b.says("main", name)
}

func TestAPasskeySignsIn(t *testing.T) {
	h := friday(t)
	m := h.member()
	device := m.hasDevice()
	m.hasPasskey("My telephone")
	m.signsOut()
	m.says("h1", "The Meridian")
	m.says(".in", "Sign in with a passkey", "Jerusalem", "17:05")
	m.submits("#passkey button", 200)
	m.says("nav", "Wires")
	m.opens(h.room("/me"), 200)
	m.says("main", "here", "last used")

	// A signature that is none opens nothing, and says so.
	m.signsOut()
	yes := true
	set(m, webauthn.SetResponseOverrideBits, webauthn.SetResponseOverrideBitsParams{AuthenticatorID: device, IsBogusSignature: &yes})
	m.submits("#passkey button", 403)
	m.says("[role=alert]", "does not open anything here")
}

// TestAProofIsAskedAnew: six minutes after signing in, an exception waits until its asker
// has proved anew who they are; what was typed goes along.
func TestAProofIsAskedAnew(t *testing.T) {
	h := friday(t)
	m := h.member()
	m.hasDevice()
	m.hasPasskey("My telephone")
	m.opens(h.room("/settings"), 200)
	m.clicks("#resting [name=editors]") // else the editor is shut while the desk rests
	m.submits("#resting button", 200)
	h.clock("2024-03-22T15:12:30Z")
	m.opens(h.room("/me"), 200)
	m.says("main", "prove once more who you are")
	m.opens(h.room("/desk/jerusalem"), 200)
	m.submits("#start button", 200)
	m.types("#f-headline", "Urgent beyond the rest")
	m.submits("#save-bar button[value=save]", 200)
	m.opensAll()
	m.types("#ask-exception [name=why]", "Lives depend on it.")
	m.types("#ask-exception [name=wording]", "Posted while the desk rests, for safety.")
	m.sets("#ask-exception [name=minutes]", "20")
	m.submits("#ask-exception button", 403)
	m.says("h1", "Still Tamar Shohat?")
	m.submits("#passkey button", 200) // and the form that waited is sent by the page itself
	m.until(`location.pathname.startsWith("/stories/") && document.readyState === "complete"`)
	m.settle()
	m.says("[role=status]", "Asked. A second person confirms it")
	m.says("body", "Lives depend on it.")
}

func TestAPasswordWithACode(t *testing.T) {
	h := friday(t)
	m := h.member()
	m.opens(h.room("/me"), 200)
	m.opensAll()
	key, err := keys.ParseCodeKey(m.text("#code-key"))
	if err != nil {
		t.Fatal(err)
	}
	m.types("#set-password [name=code]", keys.Code(key, time.Now()))
	m.types("#set-password [name=password]", "a long walk by the quay")
	m.submits("#set-password button", 200)
	m.says("main", "Write these recovery codes down")
	codes := eval[[]string](m, `[...document.querySelectorAll("#codes li")].map(e => e.innerText)`)
	if len(codes) != keys.RecoveryCodes {
		t.Fatalf("%d recovery codes", len(codes))
	}
	m.signsOut()
	m.opensAll()
	m.types("#password [name=name]", "Tamar Shohat")
	m.types("#password [name=password]", "a long walk by the quay")
	m.types("#password [name=code]", keys.Code(key, time.Now().Add(30*time.Second))) // the next one: a code works once
	m.submits("#password button", 200)
	m.says("nav", "Wires")
	m.signsOut()
	m.opensAll()
	m.types("#password [name=name]", "Tamar Shohat")
	m.types("#password [name=password]", "a long walk by the quay")
	m.types("#password [name=code]", codes[0])
	m.submits("#password button", 200)
	m.says("nav", "Wires")
}

// TestAnInvitationAndARecovery: somebody comes by a link, gives themselves a passkey, loses
// it, and begins anew by another link.
func TestAnInvitationAndARecovery(t *testing.T) {
	h := friday(t)
	m := h.member()
	m.opens(h.room("/members"), 200)
	m.types("#invite [name=name]", "Noor Haddad")
	m.clicks("#invite tbody tr:nth-child(2) td:nth-child(2) input")
	m.submits("#invite button.main", 200)
	link := eval[string](m, `document.querySelector("#link").value`)
	m.says("main", "The invitation of Noor Haddad.", "Noor Haddad", "reporter")

	n := newTab(t, h)
	n.opens(link, 200)
	n.says("h1", "Welcome, Noor Haddad")
	n.submits("button.main", 200)
	n.says("[role=status]", "Give yourself a key now")
	n.hasDevice()
	n.hasPasskey("My key")
	n.opens(link, 403)

	m.opens(h.room("/members?find=noor"), 200)
	m.follows("Noor Haddad")
	m.submits("#recover button", 200)
	anew := eval[string](m, `document.querySelector("#link").value`)
	n.opens(h.room("/me"), 200) // until it is used, nothing has changed
	n.opens(anew, 200)
	n.submits("button.main", 200)
	n.opens(h.room("/me"), 200)
	n.says("main", "None yet.")
	n.signsOut()
	n.submits("#passkey button", 403)
	n.says("[role=alert]", "does not open anything here")

	m.opens(h.room("/members?find=noor"), 200)
	m.follows("Noor Haddad")
	m.submits("#close button", 200)
	m.says("h1", "closed")
	m.opens(h.room("/audit?subject=Noor+Haddad"), 200)
	m.says("tbody", "invite", "accept invitation", "add passkey", "recover", "close member")
}

func TestPagesAboutPeopleAreAccessible(t *testing.T) {
	h := friday(t)
	m := h.member()
	m.hasDevice()
	m.hasPasskey("My telephone")
	for _, pixels := range []int64{narrow, wide} {
		m.width(pixels)
		for _, path := range []string{"/prove", "/me", "/members", "/members/1", "/audit", "/who"} {
			m.opens(h.room(path), 200)
			m.fits()
			m.isAccessible()
		}
	}
	m.signsOut()
	for _, pixels := range []int64{narrow, wide} {
		m.width(pixels)
		m.opens(h.room("/sign-in"), 200)
		m.fits()
		m.isAccessible()
	}
}

// opensAll opens what is folded, but for the menu, which would lie over the page.
func (b *tab) opensAll() {
	b.t.Helper()
	eval[bool](b, "document.querySelectorAll('details:not(.bar__you)').forEach(d => { d.open = true; }) ?? true")
}
