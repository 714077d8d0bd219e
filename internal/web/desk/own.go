package desk

import (
	"encoding/hex"
	"html/template"
	"net/http"
	"strings"
	"time"

	"dateline/internal/clock"
	"dateline/internal/keys"
	"dateline/internal/newsroom"
	"dateline/internal/qr"
	"dateline/internal/story"
)

// A member's own page: their keys, their sessions, the tokens of their programs.

type ownPage struct {
	frame
	Fresh       bool
	CanPasskey  bool // the newsroom has an address that they can be bound to
	Passkeys    []keyLine
	Password    string // since when; "" for none
	Recovery    int
	CodeKey     string       // of a password that is being set
	CodeLink    template.URL // otpauth, which package keys escapes
	CodeText    string
	CodePath    string // of the picture of the same: an SVG of so many units
	CodeSide    int
	Sessions    []sessionLine
	Tokens      []tokenLine
	Verbs       []choice // that a token can be given
	Tongues     []choice // of the newsroom
	TokenDesks  []choice
	Shown       *shownOnce
	MinPassword int
}

type keyLine struct{ ID, Name, Made, Used string }

type sessionLine struct {
	Ref, Browser, Place, Since, Proved, Until string
	Here                                      bool
}

type tokenLine struct {
	ID                              int64
	Name, Owner, Verbs, Desks, Ends string
}

// shownOnce is a secret that is shown on this page and never again.
type shownOnce struct {
	Heading, Text string
	Secret        string
	Codes         []string
}

var ownTemplate = newPage[ownPage]("own.tmpl", "frame.tmpl")

func (d *desk) ownRoutes(member func(string, string, memberHandler, ...string) way) []way {
	const verb = "keep own keys"
	return []way{
		member("GET /me", "one's own keys and sessions", d.own, verb),
		member("POST /me/passkey/ask", "ask for a new passkey", d.askNewPasskey, verb),
		member("POST /me/passkey", "add a passkey", d.addPasskey, verb),
		member("POST /me/passkey/remove", "remove a passkey", d.removePasskey, verb),
		member("POST /me/password", "set the password and its codes", d.setPassword, verb),
		member("POST /me/password/remove", "remove the password", d.removePassword, verb),
		member("POST /me/recovery", "make new recovery codes", d.newRecovery, verb),
		member("POST /me/language", "choose the newsroom’s language", d.setLanguage, verb),
		member("POST /me/sessions", "end a session", d.endSession, verb),
		member("POST /me/tokens", "make a token for a program", d.newToken, verb),
		member("POST /me/tokens/revoke", "revoke a token", d.endToken, verb),
	}
}

func (d *desk) own(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	return d.drawOwn(w, r, who, http.StatusOK, nil, nil)
}

// drawOwn draws the page, with a refusal in its place or what is shown once.
func (d *desk) drawOwn(w http.ResponseWriter, r *http.Request, who newsroom.Who, status int, refusal error, shown *shownOnce) error {
	h, err := d.room.House(r.Context())
	if err != nil {
		return err
	}
	v, err := d.room.Own(r.Context(), who)
	if err != nil {
		return err
	}
	p := ownPage{frame: d.frame(r, who, h, own(who, h).ID, h.Say("Your keys")), Fresh: v.Fresh, CanPasskey: d.partyOf(h) != nil, Recovery: v.Recovery, Shown: shown, MinPassword: keys.ShortestPassword}
	if refusal != nil {
		status, p.Error = fails(p.Tongue, refusal)
	}
	when := d.whenAt(who, h)
	p.fillKeys(v, when)
	p.Tongues = tongueChoices(who, h.Say("as the browser asks"))
	p.TokenDesks, p.Tokens = desksOf(who, h), tokenLines(v.Tokens, h, when)
	for _, verb := range newsroom.TokenVerbs() {
		p.Verbs = append(p.Verbs, choice{Value: verb, Words: h.Say(verb)})
	}
	if v.Fresh {
		if err := d.fillCode(r, &p); err != nil {
			return err
		}
	}
	return ownTemplate.Render(w, status, p)
}

// whenAt writes instants at the member's own desk, or at the house.
func (d *desk) whenAt(who newsroom.Who, h newsroom.HouseView) func(time.Time) string {
	x := own(who, h)
	zone := h.Zone
	if x.Zone != nil {
		zone = x.Zone
	}
	return func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return clock.DateTime(t, zone, h.Lang)
	}
}

func (p *ownPage) fillKeys(v newsroom.OwnView, when func(time.Time) string) {
	for _, k := range v.Passkeys {
		p.Passkeys = append(p.Passkeys, keyLine{hex.EncodeToString(k.ID), k.Name, when(k.MadeAt), when(k.UsedAt)})
	}
	if v.Password {
		p.Password = when(v.PasswordSet)
	}
	for _, s := range v.Sessions {
		p.Sessions = append(p.Sessions, sessionLine{s.Ref, s.Browser, s.Place, when(s.MadeAt), when(s.AuthAt), when(s.EndsAt), s.Here})
	}
}

// fillCode puts a key of codes into the form of a new password: that which came back with a
// form that was refused, or a new one.
func (d *desk) fillCode(r *http.Request, p *ownPage) error {
	key, err := keys.ParseCodeKey(r.PostFormValue("codekey"))
	if err != nil {
		if key, err = d.room.NewCodeKey(); err != nil {
			return err
		}
	}
	p.CodeText = keys.CodeKeyText(key)
	address := keys.CodeAddress(key, p.House, p.Member)
	p.CodeKey, p.CodeLink = p.CodeText, template.URL(address)
	if code, err := qr.New(address); err == nil { // names too long for a picture leave the key as text
		p.CodePath, p.CodeSide = code.Path(), code.Side()
	}
	return nil
}

func desksOf(who newsroom.Who, h newsroom.HouseView) (all []choice) {
	for _, x := range h.Desks {
		if len(who.Roles[x.ID]) > 0 {
			all = append(all, choice{Value: string(x.ID), Words: x.Name()})
		}
	}
	return all
}

func tokenLines(tokens []newsroom.TokenView, h newsroom.HouseView, when func(time.Time) string) (all []tokenLine) {
	for _, t := range tokens {
		var desks []string
		for _, id := range t.Desks {
			if x, ok := h.Desk(string(id)); ok {
				desks = append(desks, x.Name())
			}
		}
		all = append(all, tokenLine{t.ID, t.Name, t.Owner, strings.Join(sayAll(h, t.Verbs), ", "), strings.Join(desks, ", "), when(t.EndsAt)})
	}
	return all
}

// onOwn leads back to the page after a verb, or shows its refusal there.
func (d *desk) onOwn(w http.ResponseWriter, r *http.Request, who newsroom.Who, said string, err error) error {
	if _, refused := story.AsRefusal(err); refused && !newsroom.NeedsProof(err) {
		return d.drawOwn(w, r, who, http.StatusOK, err, nil)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/me?said="+said, http.StatusSeeOther)
	return nil
}

// onOwnOnce shows a secret, or the refusal.
func (d *desk) onOwnOnce(w http.ResponseWriter, r *http.Request, who newsroom.Who, shown shownOnce, err error) error {
	if err != nil {
		return d.onOwn(w, r, who, "", err)
	}
	r.PostForm.Del("codekey") // it is in use now
	return d.drawOwn(w, r, who, http.StatusOK, nil, &shown)
}

func (d *desk) askNewPasskey(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	party, err := d.party(r)
	if err != nil {
		return err
	}
	if party == nil {
		return errNoPasskeys
	}
	c, err := d.room.AskNewPasskey(r.Context(), who, party)
	return sendJSON(w, c, err)
}

func (d *desk) addPasskey(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	party, err := d.party(r)
	if err != nil {
		return err
	}
	if party == nil {
		return errNoPasskeys
	}
	get := r.PostFormValue
	return d.onOwn(w, r, who, "passkey", d.room.AddPasskey(r.Context(), who, party, get("key"), get("ceremony"), get("name"), []byte(get("answer"))))
}

func (d *desk) removePasskey(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	id, err := hex.DecodeString(r.PostFormValue("id"))
	if err != nil {
		return story.Refuse(story.Unknown, "There is no such passkey.")
	}
	return d.onOwn(w, r, who, "keyGone", d.room.RemovePasskey(r.Context(), who, r.PostFormValue("key"), id))
}

func (d *desk) setPassword(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	get := r.PostFormValue
	codes, err := d.room.SetPassword(r.Context(), who, newsroom.NewPassword{Key: get("key"), Password: get("password"), CodeKey: get("codekey"), Code: strings.TrimSpace(get("code"))})
	return d.onOwnOnce(w, r, who, shownOnce{Heading: d.reading(r).say("Your password is set. Write these recovery codes down"),
		Text: d.reading(r).say("Each works once in place of the app’s code. They are shown now and never again."), Codes: codes}, err)
}

func (d *desk) removePassword(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	return d.onOwn(w, r, who, "keyGone", d.room.RemovePassword(r.Context(), who, r.PostFormValue("key")))
}

func (d *desk) newRecovery(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	codes, err := d.room.NewRecovery(r.Context(), who, r.PostFormValue("key"))
	return d.onOwnOnce(w, r, who, shownOnce{Heading: d.reading(r).say("New recovery codes"), Text: d.reading(r).say("Those before are void. These are shown now and never again."), Codes: codes}, err)
}

func (d *desk) endSession(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	return d.onOwn(w, r, who, "sessionGone", d.room.EndSession(r.Context(), who, r.PostFormValue("key"), r.PostFormValue("ref")))
}

func (d *desk) newToken(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	wish := newsroom.TokenWish{Key: r.PostFormValue("key"), Name: r.PostFormValue("name"), Verbs: r.PostForm["verb"], Days: atoi(r.PostFormValue("days"))}
	for _, id := range r.PostForm["desk"] {
		wish.Desks = append(wish.Desks, story.DeskID(id))
	}
	secret, err := d.room.NewToken(r.Context(), who, wish)
	return d.onOwnOnce(w, r, who, shownOnce{Heading: d.reading(r).say("The token “%s”", wish.Name), Text: d.reading(r).say("Copy it now: it is never shown again. A program sends it as: %s", "Authorization: Bearer …"), Secret: secret}, err)
}

func (d *desk) endToken(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	err := d.room.EndToken(r.Context(), who, r.PostFormValue("key"), int64(atoi(r.PostFormValue("token"))))
	if r.PostFormValue("from") == "members" && err == nil {
		http.Redirect(w, r, "/members?said=tokenGone", http.StatusSeeOther)
		return nil
	}
	return d.onOwn(w, r, who, "tokenGone", err)
}

// sayAll says words of ours, such as verbs.
func sayAll(h newsroom.HouseView, words []string) (all []string) {
	for _, word := range words {
		all = append(all, h.Say(word))
	}
	return all
}
