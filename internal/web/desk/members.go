package desk

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"dateline/internal/newsroom"
	"dateline/internal/store"
	"dateline/internal/story"
	"dateline/internal/tongue"
)

// The members of the house: an administrator sees and changes all, a chief sees and invites
// those of their desks.

type membersPage struct {
	frame
	Find           string
	Lines          []memberLine
	Total          int
	Earlier, Later string
	Invitations    []invitationLine
	Tokens         []tokenLine
	Invite         rolesForm
	Name           string // as it was typed
	MayAdmin       bool
	Link           string // of the invitation that was just made
	LinkOf         string
}

type memberLine struct {
	Address, Name, Roles, Keys, Made string
	Admin, Closed                    bool
}

type invitationLine struct {
	ID                     int64
	Name, Roles, By, Until string
}

// rolesForm are the desks with their roles, to be ticked.
type rolesForm struct {
	Roles []string
	Desks []roleRow
	Admin bool
}

type roleRow struct {
	Desk  string
	Cells []roleCell
}

type roleCell struct {
	Value, Words string
	On           bool
}

var membersTemplate = newPage[membersPage]("members.tmpl", "frame.tmpl", "lines.tmpl")

func (d *desk) memberRoutes(member func(string, string, memberHandler, ...string) way) []way {
	return []way{
		member("GET /members", "the members, and who is invited", d.members, "see members"),
		member("POST /members/invite", "invite somebody", d.invite, "invite"),
		member("POST /members/uninvite", "call an invitation back", d.uninvite, "invite"),
		member("GET /members/{id}", "a member", d.member, "see members"),
		member("POST /members/{id}", "change a member’s roles", d.changeMember, "change members"),
		member("POST /members/{id}/close", "close an account, or open it again", d.closeMember, "change members"),
		member("POST /members/{id}/recover", "make a link by which a member begins anew", d.recover, "change members"),
		member("GET /audit", "who did what", d.audit, "see the audit"),
		member("GET /audit/export", "the audit as a file", d.exportAudit, "see the audit"),
		member("GET /who", "who may do what", d.whoPage, "see the house"),
	}
}

func (d *desk) members(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	return d.drawMembers(w, r, who, nil, "", "")
}

func (d *desk) drawMembers(w http.ResponseWriter, r *http.Request, who newsroom.Who, refusal error, name, link string) error {
	h, err := d.room.House(r.Context())
	if err != nil {
		return err
	}
	q := r.URL.Query()
	page := atoi(q.Get("page"))
	roll, err := d.room.Roll(r.Context(), who, strings.TrimSpace(q.Get("find")), page)
	if err != nil {
		return err
	}
	p := membersPage{frame: d.frame(r, who, h, own(who, h).ID, h.Say("Members")), Find: q.Get("find"), Total: roll.Total, MayAdmin: who.Admin, Name: name, Link: link, LinkOf: name}
	status := http.StatusOK
	if refusal != nil {
		status, p.Error = fails(p.Tongue, refusal)
	}
	when := d.whenAt(who, h)
	for _, m := range roll.Members {
		p.Lines = append(p.Lines, memberLine{fmt.Sprintf("/members/%d", m.ID), m.Name, rolesOf(m.Roles, h), keysOf(h, m), when(m.MadeAt), m.Admin, m.Disabled})
	}
	for _, i := range roll.Invitations {
		words := rolesOf(i.Roles, h)
		if i.Admin {
			words = strings.TrimSuffix(h.Say("administrator")+", "+words, ", ")
		}
		p.Invitations = append(p.Invitations, invitationLine{i.ID, i.Name, words, i.By, when(i.EndsAt)})
	}
	if who.Admin {
		tokens, err := d.room.Tokens(r.Context(), who)
		if err != nil {
			return err
		}
		p.Tokens = tokenLines(tokens, h, when)
	}
	p.Invite = rolesFormOf(h, who, typedRoles(r), r.PostFormValue("admin") != "" && link == "")
	p.Earlier, p.Later = pagesOf("/members", q, page, (page+1)*newsroom.RollPage < roll.Total)
	return membersTemplate.Render(w, status, p)
}

// pagesOf are the addresses of the page before and of that after; "" where there is none.
func pagesOf(path string, q url.Values, page int, more bool) (before, after string) {
	at := func(n int) string {
		next := url.Values{"page": {fmt.Sprint(n)}}
		if find := q.Get("find"); find != "" {
			next.Set("find", find)
		}
		return path + "?" + next.Encode()
	}
	if page > 0 {
		before = at(page - 1)
	}
	if more {
		after = at(page + 1)
	}
	return before, after
}

// rolesOf tells roles by desk: "New York: editor, chief; London: reporter".
func rolesOf(roles []store.Role, h newsroom.HouseView) string {
	var out []string
	for _, x := range h.Desks {
		var at []string
		for _, role := range roles {
			if role.Desk == x.ID {
				at = append(at, h.Say(role.Role))
			}
		}
		if len(at) > 0 {
			out = append(out, x.Name()+": "+strings.Join(at, ", "))
		}
	}
	return strings.Join(out, "; ")
}

func keysOf(h newsroom.HouseView, m newsroom.MemberView) string {
	var out []string
	if m.Passkeys > 0 {
		out = append(out, tongue.Count(h.Lang, m.Passkeys, "passkey"))
	}
	if m.Password {
		out = append(out, h.Say("password and code"))
	}
	if len(out) == 0 {
		return h.Say("none yet")
	}
	return strings.Join(out, ", ")
}

// rolesFormOf has the desks whose roles who may give; those that are on are ticked.
func rolesFormOf(h newsroom.HouseView, who newsroom.Who, on []store.Role, admin bool) (f rolesForm) {
	f.Admin = admin
	for _, role := range newsroom.AllRoles {
		f.Roles = append(f.Roles, h.Say(string(role)))
	}
	for _, x := range h.Desks {
		if !who.May("invite", x.ID) {
			continue
		}
		row := roleRow{Desk: x.Name()}
		for _, role := range newsroom.AllRoles {
			c := roleCell{Value: string(x.ID) + ":" + string(role), Words: row.Desk + ": " + h.Say(string(role))}
			for _, o := range on {
				c.On = c.On || o.Desk == x.ID && o.Role == string(role)
			}
			row.Cells = append(row.Cells, c)
		}
		f.Desks = append(f.Desks, row)
	}
	return f
}

// typedRoles are the roles that a form ticks.
func typedRoles(r *http.Request) (all []store.Role) {
	for _, text := range r.PostForm["role"] {
		desk, role, _ := strings.Cut(text, ":")
		all = append(all, store.Role{Desk: story.DeskID(desk), Role: role})
	}
	return all
}

func (d *desk) invite(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	name := strings.TrimSpace(r.PostFormValue("name"))
	secret, err := d.room.Invite(r.Context(), who, newsroom.InviteWish{Key: r.PostFormValue("key"), Name: name, Admin: r.PostFormValue("admin") != "", Roles: typedRoles(r)})
	if _, refused := story.AsRefusal(err); refused && !newsroom.NeedsProof(err) {
		return d.drawMembers(w, r, who, err, name, "")
	}
	if err != nil {
		return err
	}
	r.PostForm.Del("role")
	return d.drawMembers(w, r, who, nil, name, d.link(secret))
}

// link is a one-time link, by the newsroom's address in the configuration.
func (d *desk) link(secret string) string {
	return strings.TrimRight(d.options.Address, "/") + "/in/" + secret
}

func (d *desk) uninvite(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	err := d.room.Uninvite(r.Context(), who, r.PostFormValue("key"), int64(atoi(r.PostFormValue("invitation"))))
	if _, refused := story.AsRefusal(err); refused {
		return d.drawMembers(w, r, who, err, "", "")
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/members?said=uninvited", http.StatusSeeOther)
	return nil
}

type memberPage struct {
	frame
	Address, Name, Keys, Made string
	Admin, Closed, Self       bool
	Roles                     rolesForm
	RolesWords                string
	MayChange                 bool
	Link                      string
	Lines                     []auditLine // what they did last
}

var memberTemplate = newPage[memberPage]("member.tmpl", "frame.tmpl", "lines.tmpl")

func memberID(r *http.Request) int64 { return int64(atoi(r.PathValue("id"))) }

func (d *desk) member(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	return d.drawMember(w, r, who, nil, "")
}

func (d *desk) drawMember(w http.ResponseWriter, r *http.Request, who newsroom.Who, refusal error, link string) error {
	h, err := d.room.House(r.Context())
	if err != nil {
		return err
	}
	m, err := d.room.MemberOf(r.Context(), who, memberID(r))
	if err != nil {
		return err
	}
	when := d.whenAt(who, h)
	p := memberPage{frame: d.frame(r, who, h, own(who, h).ID, m.Name), Address: fmt.Sprintf("/members/%d", m.ID), Name: m.Name, Keys: keysOf(h, m), Made: madeOf(h, m, when),
		Admin: m.Admin, Closed: m.Disabled, Self: m.ID == who.Member, MayChange: who.May("change members", ""), Link: link, RolesWords: rolesOf(m.Roles, h)}
	status := http.StatusOK
	if refusal != nil {
		status, p.Error = fails(p.Tongue, refusal)
	}
	p.Roles = rolesFormOf(h, who, m.Roles, m.Admin)
	if who.Somewhere("see the audit") {
		log, err := d.room.AuditLog(r.Context(), who, newsroom.AuditWish{Member: m.Name, Limit: 20})
		if err != nil {
			return err
		}
		p.Lines = auditLines(log.Lines, h, when)
	}
	return memberTemplate.Render(w, status, p)
}

func madeOf(h newsroom.HouseView, m newsroom.MemberView, when func(time.Time) string) string {
	by := m.By
	if by == "" {
		by = h.Say("the operator")
	}
	return h.Say("Made by %s, %s", by, when(m.MadeAt))
}

// onMember leads back to a member after a verb.
func (d *desk) onMember(w http.ResponseWriter, r *http.Request, who newsroom.Who, err error) error {
	if _, refused := story.AsRefusal(err); refused && !newsroom.NeedsProof(err) {
		return d.drawMember(w, r, who, err, "")
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, fmt.Sprintf("/members/%d?said=member", memberID(r)), http.StatusSeeOther)
	return nil
}

func (d *desk) changeMember(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	return d.onMember(w, r, who, d.room.ChangeMember(r.Context(), who, r.PostFormValue("key"), memberID(r), r.PostFormValue("admin") != "", typedRoles(r)))
}

func (d *desk) closeMember(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	return d.onMember(w, r, who, d.room.CloseMember(r.Context(), who, r.PostFormValue("key"), memberID(r), r.PostFormValue("do") == "close"))
}

func (d *desk) recover(w http.ResponseWriter, r *http.Request, who newsroom.Who) error {
	secret, err := d.room.RecoverMember(r.Context(), who, r.PostFormValue("key"), memberID(r))
	if err != nil {
		return d.onMember(w, r, who, err)
	}
	return d.drawMember(w, r, who, nil, d.link(secret))
}
