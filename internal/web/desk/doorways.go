package desk

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"dateline/internal/keys"
	"dateline/internal/newsroom"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

// Signing in, and proving once more who one is. What is refused looks the same whether or
// not there is such an account.

type signInPage struct {
	reading
	Sheet, Script, Icon string
	House, Day          string
	OnDuty              string
	Error               string
	Name                string // as it was typed
	Passkeys            bool   // the newsroom has an address that they can be bound to
	Lanes               []lane
	Gap                 string
	LaneHead            string
	NowX                string
}

var signInTemplate = newPage[signInPage]("signin.tmpl", "frame.tmpl")

// peopleRoutes are the ways about people: how they sign in, their keys, who they are.
func (d *desk) peopleRoutes(anyone func(string, string, ui.Handler) way, member func(string, string, memberHandler, ...string) way) []way {
	return append(slices.Concat(d.ownRoutes(member), d.memberRoutes(member), d.apiRoutes()), []way{
		anyone("GET /sign-in", "the sign-in", d.signIn),
		anyone("POST /sign-in", "sign in by a password and a code", d.byPassword),
		anyone("POST /sign-in/passkey/ask", "ask for a passkey", d.askPasskey),
		anyone("POST /sign-in/passkey", "sign in by a passkey", d.byPasskey),
		member("GET /prove", "prove once more who one is", d.showProve, "keep own keys"),
		member("POST /prove", "prove it by a password and a code", d.prove, "keep own keys"),
		member("POST /prove/passkey", "prove it by a passkey", d.provePasskey, "keep own keys"),
		anyone("POST /invited", "accept an invitation", d.acceptInvite),
	}...)
}

// parties is the house towards passkeys, under the name that it has.
type parties struct {
	mu    sync.Mutex
	house string      // guarded by mu
	party *keys.Party // guarded by mu
}

// party is nil where the newsroom's address has no name.
func (d *desk) party(r *http.Request) (*keys.Party, error) {
	h, err := d.room.House(r.Context())
	if err != nil {
		return nil, err
	}
	return d.partyOf(h), nil
}

func (d *desk) partyOf(h newsroom.HouseView) *keys.Party {
	name := h.Pick(h.House.Names)
	d.parties.mu.Lock()
	defer d.parties.mu.Unlock()
	if d.parties.party == nil || d.parties.house != name {
		party, err := keys.NewParty(d.options.Address, name)
		if err != nil {
			return nil
		}
		d.parties.party, d.parties.house = party, name
	}
	return d.parties.party
}

var errNoPasskeys = story.Refuse(story.Invalid, "This newsroom has no address that passkeys can be bound to. Sign in by a password or a link.")

// from is where a request comes from.
func from(r *http.Request) newsroom.From {
	return newsroom.From{Place: keys.Place(r.RemoteAddr), Browser: browserOf(r.UserAgent())}
}

// browserOf names a browser and its system by what it says of itself.
func browserOf(agent string) string {
	first := func(pairs ...string) string {
		for i := 0; i < len(pairs); i += 2 {
			if strings.Contains(agent, pairs[i]) {
				return pairs[i+1]
			}
		}
		return ""
	}
	name := first("Firefox/", "Firefox", "FxiOS/", "Firefox", "Edg", "Edge", "OPR/", "Opera", "Chrome/", "Chrome", "CriOS/", "Chrome", "Safari/", "Safari")
	system := first("Windows", "Windows", "Android", "Android", "iPhone", "iPhone", "iPad", "iPad", "Mac OS X", "macOS", "CrOS", "ChromeOS", "Linux", "Linux")
	switch {
	case name == "":
		return "another program"
	case system == "":
		return name
	}
	return name + " on " + system
}

func (d *desk) signIn(w http.ResponseWriter, r *http.Request) error {
	return d.drawSignIn(w, r, http.StatusOK, "", nil)
}

func (d *desk) drawSignIn(w http.ResponseWriter, r *http.Request, status int, name string, refusal error) error {
	h, err := d.room.House(r.Context())
	if err != nil {
		return err
	}
	p := signInPage{reading: reading{h.Lang}, Sheet: d.sheet, Script: d.files.Path("passkey.js"), Icon: d.files.Path("icon.svg"), House: h.Pick(h.House.Names),
		Error: refusalIn(h.Lang, refusal), Name: name, Passkeys: d.partyOf(h) != nil}
	p.lay(h)
	return signInTemplate.Render(w, status, p)
}

// notIn shows the sign-in again with a refusal. The name that was typed is not shown again:
// an answer is as long whatever the name.
func (d *desk) notIn(w http.ResponseWriter, r *http.Request, err error) error {
	if _, ok := story.AsRefusal(err); !ok {
		return err
	}
	status := http.StatusForbidden
	if newsroom.TooMany(err) {
		status = http.StatusTooManyRequests
	}
	return d.drawSignIn(w, r, status, "", err)
}

func typedPassword(r *http.Request) newsroom.Password {
	return newsroom.Password{Name: strings.TrimSpace(r.PostFormValue("name")), Password: r.PostFormValue("password"), Code: strings.TrimSpace(r.PostFormValue("code"))}
}

func (d *desk) byPassword(w http.ResponseWriter, r *http.Request) error {
	session, err := d.room.SignInByPassword(r.Context(), typedPassword(r), from(r))
	if err != nil {
		return d.notIn(w, r, err)
	}
	return d.enter(w, r, session, "/", nil)
}

func (d *desk) askPasskey(w http.ResponseWriter, r *http.Request) error {
	party, err := d.party(r)
	if err != nil {
		return err
	}
	if party == nil {
		return errNoPasskeys
	}
	c, err := d.room.AskPasskey(r.Context(), party)
	return sendJSON(w, c, err)
}

// sendJSON answers a script of ours.
func sendJSON(w http.ResponseWriter, value any, err error) error {
	if err != nil {
		return err
	}
	body, err := json.Marshal(value)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body) // who asked may have left
	return nil
}

func (d *desk) byPasskey(w http.ResponseWriter, r *http.Request) error {
	party, err := d.party(r)
	if err != nil {
		return err
	}
	if party == nil {
		return errNoPasskeys
	}
	session, err := d.room.SignInByPasskey(r.Context(), party, r.PostFormValue("ceremony"), []byte(r.PostFormValue("answer")), from(r))
	if err != nil {
		return d.notIn(w, r, err)
	}
	return d.enter(w, r, session, "/", nil)
}

// provePage asks once more who somebody is, and keeps the form that waits for it.
type provePage struct {
	reading
	Sheet, Script, Icon string
	House, Member       string
	Error               string
	Passkeys, Password  bool
	To, Waits           string // where the form goes, and what it carries
}

var proveTemplate = newPage[provePage]("prove.tmpl")

// askAgain asks for the proof that a verb needs; the form waits on the page.
func (d *desk) askAgain(w http.ResponseWriter, r *http.Request) error {
	who, err := d.who(r)
	if err != nil {
		return err
	}
	return d.drawProve(w, r, who, http.StatusForbidden, r.URL.Path, r.PostForm.Encode(), nil)
}

func (d *desk) showProve(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	return d.drawProve(w, r, who, http.StatusOK, "/me", "", nil)
}

func (d *desk) drawProve(w http.ResponseWriter, r *http.Request, who newsroom.Who, status int, to, waits string, refusal error) error {
	h, err := d.room.House(r.Context())
	if err != nil {
		return err
	}
	own, err := d.room.Own(r.Context(), who)
	if err != nil {
		return err
	}
	return proveTemplate.Render(w, status, provePage{reading: reading{h.Lang}, Sheet: d.sheet, Script: d.files.Path("passkey.js"), Icon: d.files.Path("icon.svg"), House: h.Pick(h.House.Names),
		Member: who.Name, Error: refusalIn(h.Lang, refusal), Passkeys: d.partyOf(h) != nil && len(own.Passkeys) > 0, Password: own.Password, To: to, Waits: waits})
}

func (d *desk) prove(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	return d.proved(w, r, who, d.room.ProveByPassword(r.Context(), who, typedPassword(r), from(r)))
}

func (d *desk) provePasskey(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	party, err := d.party(r)
	if err != nil {
		return err
	}
	if party == nil {
		return errNoPasskeys
	}
	return d.proved(w, r, who, d.room.ProveByPasskey(r.Context(), who, party, r.PostFormValue("ceremony"), []byte(r.PostFormValue("answer"))))
}

// proved leads back to where somebody was, and sends the form that waited.
func (d *desk) proved(w http.ResponseWriter, r *http.Request, who newsroom.Who, err error) error {
	to, waits := r.PostFormValue("to"), r.PostFormValue("waits")
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.Contains(to, `\`) {
		to = "/"
	}
	if _, ok := story.AsRefusal(err); ok {
		status := http.StatusForbidden
		if newsroom.TooMany(err) {
			status = http.StatusTooManyRequests
		}
		return d.drawProve(w, r, who, status, to, waits, err)
	}
	if err != nil {
		return err
	}
	if waits == "" {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	form, err := url.ParseQuery(waits)
	if err != nil {
		return story.Refuse(story.Invalid, "The form that waited cannot be read. Go back and send it again.")
	}
	in := d.reading(r)
	return d.drawDoor(w, r, http.StatusOK, doorPage{Title: in.say("Send it"), Heading: in.say("Proved"), Text: in.say("Now what you asked for is sent."), Again: againWith(to, form), Now: true})
}
