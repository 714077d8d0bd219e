package keys

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"slices"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"dateline/internal/story"
)

// A Party is the house towards passkeys: what WebAuthn calls the relying party. Passkeys
// are bound to its name, so that no other site can ask for them.
type Party struct{ web *webauthn.WebAuthn }

// NewParty makes the party of a newsroom at an address, which comes from the configuration
// and never from a request. Passkeys need a name: an address with digits has none, and
// browsers offer them over https and on localhost only.
func NewParty(address, house string) (*Party, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || net.ParseIP(u.Hostname()) != nil {
		return nil, fmt.Errorf("passkeys need a newsroom with a name, such as https://newsroom.paper.example; %q has none", address)
	}
	if u.Scheme != "https" && u.Hostname() != "localhost" {
		return nil, fmt.Errorf("passkeys need a newsroom over https; %q is not", address)
	}
	yes := true
	web, err := webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: house, RPOrigins: []string{u.Scheme + "://" + u.Host},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			RequireResidentKey: &yes, ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired},
	})
	if err != nil {
		return nil, fmt.Errorf("passkeys: %w", err)
	}
	return &Party{web}, nil
}

// A Holder is whose passkeys they are.
type Holder struct {
	ID     int64
	MadeAt time.Time
	Name   string
	Kept   [][]byte // the passkeys, as Take and Prove gave them
}

// WebAuthnID is the user handle: it tells nobody anything, and stays the same.
func (h Holder) WebAuthnID() []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "dateline member %d %d", h.ID, h.MadeAt.UnixMicro()))
	return sum[:]
}

// WebAuthnName is what the person's device shows beside the house's name.
func (h Holder) WebAuthnName() string { return h.Name }

// WebAuthnDisplayName is the same.
func (h Holder) WebAuthnDisplayName() string { return h.Name }

// WebAuthnCredentials are the passkeys that can be read.
func (h Holder) WebAuthnCredentials() (all []webauthn.Credential) {
	for _, raw := range h.Kept {
		var c webauthn.Credential
		if json.Unmarshal(raw, &c) == nil {
			all = append(all, c)
		}
	}
	return all
}

// A Passkey is one as it is kept.
type Passkey struct {
	ID   []byte
	Kept []byte // JSON; the public key and what was said of it
}

// Asked is a question to a device: what the page gives it, and what the house keeps until
// the answer comes.
type Asked struct{ Question, Kept []byte }

func asked(question, kept any, err error) (a Asked, _ error) {
	if err != nil {
		return a, fmt.Errorf("passkeys: %w", err)
	}
	if a.Question, err = json.Marshal(question); err != nil {
		return a, err
	}
	a.Kept, err = json.Marshal(kept)
	return a, err
}

// AskNew asks a device for a new passkey.
func (p *Party) AskNew(h Holder) (Asked, error) {
	var known []protocol.CredentialDescriptor
	for _, c := range h.WebAuthnCredentials() {
		known = append(known, c.Descriptor())
	}
	q, s, err := p.web.BeginRegistration(h, webauthn.WithExclusions(known))
	return asked(q, s, err)
}

// Take takes the device's new passkey.
func (p *Party) Take(h Holder, kept, answer []byte) (k Passkey, err error) {
	var s webauthn.SessionData
	if err := json.Unmarshal(kept, &s); err != nil {
		return k, fmt.Errorf("passkeys: %w", err)
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return k, unreadable
	}
	c, err := p.web.CreateCredential(h, s, parsed)
	if err != nil {
		return k, story.Refuse(story.Forbidden, "This passkey was made for another place, or too late. Try again.")
	}
	k.ID = c.ID
	k.Kept, err = json.Marshal(c)
	return k, err
}

var unreadable = story.Refuse(story.Invalid, "What the device answered cannot be read. Try again.")

// AskProof asks a device for a proof; whose it is, its answer says.
func (p *Party) AskProof() (Asked, error) {
	q, s, err := p.web.BeginDiscoverableLogin()
	return asked(q, s, err)
}

// Names is the passkey that an answer says it is from; nothing is proved by it.
func Names(answer []byte) ([]byte, error) {
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return nil, unreadable
	}
	return parsed.RawID, nil
}

// Prove checks the proof of a holder, and returns the passkey as it is to be kept now: it
// counts its uses. A device whose count went back may be a copy, and is refused. That
// whether a passkey is kept elsewhere too changed since it was made is no fault: some
// devices learn to, and some say it wrongly.
func (p *Party) Prove(h Holder, kept, answer []byte) (k Passkey, err error) {
	var s webauthn.SessionData
	if err := json.Unmarshal(kept, &s); err != nil {
		return k, fmt.Errorf("passkeys: %w", err)
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return k, unreadable
	}
	h.Kept = slices.Clone(h.Kept)
	for i, raw := range h.Kept {
		var c webauthn.Credential
		if json.Unmarshal(raw, &c) == nil && string(c.ID) == string(parsed.RawID) {
			c.Flags.BackupEligible = parsed.Response.AuthenticatorData.Flags.HasBackupEligible()
			if h.Kept[i], err = json.Marshal(c); err != nil {
				return k, err
			}
		}
	}
	_, c, err := p.web.ValidatePasskeyLogin(func(_, _ []byte) (webauthn.User, error) { return h, nil }, s, parsed)
	if err != nil || c.Authenticator.CloneWarning {
		return k, story.Refuse(story.Forbidden, "This passkey does not open anything here.")
	}
	k.ID = c.ID
	k.Kept, err = json.Marshal(c)
	return k, err
}

// Place cuts an address of the network to what is kept and counted of it: IPv6 by its /64,
// which is what one household has.
func Place(remote string) string {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		host = remote
	}
	ip := net.ParseIP(host)
	if ip == nil || ip.To4() != nil {
		return host
	}
	return ip.Mask(net.CIDRMask(64, 128)).String()
}

// Account is what failures are counted by: a name and a place, of which the hash says
// neither.
func Account(name, place string) []byte {
	sum := sha256.Sum256(append(binary.BigEndian.AppendUint32(nil, uint32(len(name))), name+place...))
	return sum[:]
}
