package newsroom

import (
	"maps"
	"slices"
	"strings"
	"time"

	"dateline/internal/store"
	"dateline/internal/story"
)

// A Role is what a member is at a desk.
type Role string

// The roles of a desk. An administrator is one of the house.
const (
	Reporter  Role = "reporter"
	Editor    Role = "editor"
	Chief     Role = "chief"
	Standards Role = "standards"
)

// AllRoles lists the roles in rising authority.
var AllRoles = []Role{Reporter, Editor, Chief, Standards}

// authority is who may do what at the desk of the subject. What is not here is refused.
var authority = map[string][]Role{
	"read":            {Reporter, Editor, Chief, Standards},
	"start":           {Reporter, Editor, Chief},
	"take":            {Reporter, Editor, Chief},
	"save":            {Reporter, Editor, Chief, Standards},
	"picture":         {Reporter, Editor, Chief, Standards},
	"rights":          {Editor, Chief, Standards},
	"ready":           {Reporter, Editor, Chief, Standards},
	"approve":         {Editor, Chief, Standards},
	"publish":         {Editor, Chief},
	"update":          {Editor, Chief},
	"correct":         {Editor, Chief, Standards},
	"reinstate":       {Chief},
	"front":           {Editor, Chief},
	"withdraw":        {Chief, Standards},
	"kill":            {Chief, Standards},
	"take back":       {Editor, Chief, Standards},
	"slot":            {Editor, Chief},
	"embargo":         {Editor, Chief},
	"lift":            {Chief},
	"answer":          {Chief, Standards},
	"change settings": {Chief},
	"close a desk":    {Editor, Chief, Standards},
	"give":            {Editor, Chief},
	"accept":          {Editor, Chief},

	"open a live page":    {Editor, Chief},
	"reopen a live page":  {Editor, Chief},
	"close a live page":   {Editor, Chief},
	"add a live entry":    {Editor, Chief},
	"edit a live entry":   {Editor, Chief, Standards},
	"remove a live entry": {Editor, Chief, Standards},

	"ask for an exception":       {Editor, Chief, Standards},
	"grant an exception":         {Chief, Standards},
	"withdraw a picture":         {Chief, Standards},
	"change a published picture": {Editor, Chief, Standards},
	"confirm an erasure":         {Chief, Standards},

	"put a package":     {Editor, Chief},
	"put a page":        {Chief},
	"relate quotations": {Editor, Chief, Standards},
	"name a person":     {Editor, Chief, Standards},
	"withdraw a piece":  {Chief, Standards},
	"kill a piece":      {Chief, Standards},
	"move addresses":    {},
	"set menus":         {},

	"see members":   {Chief},
	"invite":        {Chief},
	"see the audit": {Chief, Standards},

	"change members":     {},
	"house settings":     {},
	"confirm the hour":   {},
	"ask for an erasure": {},

	"see the house": {},
	"see the wires": {Reporter, Editor, Chief, Standards},
	"keep own keys": {},
}

// anyDesk are the verbs that a role at one desk opens at every desk.
var anyDesk = map[string]bool{"kill": true, "read": true, "see the wires": true, "grant an exception": true, "confirm an erasure": true, "kill a piece": true}

// administrators are the verbs that an administrator may do at every desk.
var administrators = map[string]bool{
	"change settings": true, "see members": true, "invite": true, "see the audit": true, "change members": true, "house settings": true,
	"confirm the hour": true, "ask for an erasure": true, "confirm an erasure": true, "see the wires": true,
	"put a page": true, "move addresses": true, "set menus": true,
}

// everyone are the verbs of every member, with or without a role.
var everyone = map[string]bool{"see the house": true, "keep own keys": true}

// persons are the verbs that only a person may do, never a program.
var persons = map[string]bool{
	"approve": true, "lift": true, "kill": true, "kill a piece": true, "ask for an exception": true, "grant an exception": true, "ask for an erasure": true, "confirm an erasure": true,
	"confirm the hour": true, "see members": true, "invite": true, "change members": true, "keep own keys": true,
}

// tokens are the verbs that a token can be given.
var tokens = []string{"read", "start", "save", "picture", "ready", "publish", "update", "correct", "withdraw", "slot", "take back"}

// TokenVerbs lists them.
func TokenVerbs() []string { return slices.Clone(tokens) }

// A Rule is a row of the table: who may do a verb.
type Rule struct {
	Verb     string
	Roles    []Role // at the desk of the subject
	AnyDesk  bool   // or at any other
	Admin    bool   // an administrator, at every desk
	Everyone bool   // every member
	Person   bool   // never a program
	Token    bool   // a token that was given the verb
}

// RuleOf is the row of a verb; there is none for what nobody may do.
func RuleOf(verb string) (Rule, bool) {
	roles, there := authority[verb]
	return Rule{verb, slices.Clone(roles), anyDesk[verb], administrators[verb], everyone[verb], persons[verb], slices.Contains(tokens, verb)}, there
}

// Rules lists the table, in the order of its verbs.
func Rules() (all []Rule) {
	for _, verb := range slices.Sorted(maps.Keys(authority)) {
		rule, _ := RuleOf(verb)
		all = append(all, rule)
	}
	return all
}

// May reports whether the member may do a verb at a desk.
func (w Who) May(verb string, desk story.DeskID) bool {
	switch {
	case w.Program && persons[verb], w.scope != nil && !slices.Contains(w.scope.Verbs, verb):
		return false
	case w.Member != 0 && everyone[verb], w.Admin && administrators[verb]:
		return true
	}
	for at, roles := range w.Roles {
		if at != desk && (!anyDesk[verb] || w.scope != nil) {
			continue
		}
		if slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(authority[verb], r) }) {
			return true
		}
	}
	return false
}

// Somewhere reports whether the member may do a verb at a desk, whichever that is.
func (w Who) Somewhere(verb string) bool {
	return w.May(verb, "") || slices.ContainsFunc(w.Desks(), func(desk story.DeskID) bool { return w.May(verb, desk) })
}

// At lists the desks at which the member may do a verb, by a role there.
func (w Who) At(verb string) (ids []story.DeskID) {
	for _, desk := range w.Desks() {
		if slices.ContainsFunc(w.Roles[desk], func(r Role) bool { return slices.Contains(authority[verb], r) }) {
			ids = append(ids, desk)
		}
	}
	return ids
}

// Desks lists the desks at which the member has a role, in a steady order.
func (w Who) Desks() []story.DeskID {
	var ids []story.DeskID
	for id := range w.Roles {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

func (w Who) must(verb string, desk story.DeskID) error {
	if w.May(verb, desk) {
		return nil
	}
	roles := make([]string, 0, len(authority[verb]))
	for _, r := range authority[verb] {
		roles = append(roles, string(r))
	}
	if len(roles) == 0 {
		return story.Refuse(story.Forbidden, "To %s, you need to be an administrator.", story.Word(verb))
	}
	return story.Refuse(story.Forbidden, "To %s here, you need to be %s of this desk.", story.Word(verb), story.Word(strings.Join(roles, " or ")))
}

// recent is how long a proof of who somebody is holds for what needs it fresh.
const recent = 5 * time.Minute

// Fresh reports whether the member proved who they are within five minutes.
func (w Who) Fresh(now time.Time) bool { return !w.Program && now.Sub(w.AuthAt) <= recent }

// refresh reads a member's rights as they are now, so that a removal bites at once.
func (r *Room) refresh(q *store.Query, who Who) (Who, error) {
	m, found, err := q.Member(who.Member)
	if err != nil {
		return who, err
	}
	if !found || m.Disabled {
		return who, story.Refuse(story.Forbidden, "This account is closed.")
	}
	if err := stillIn(q, who); err != nil {
		return who, err
	}
	roles, err := q.Roles(m.ID)
	if err != nil {
		return who, err
	}
	who.Name, who.Admin, who.Lang, who.Roles = m.Name, m.Admin, m.Lang, map[story.DeskID][]Role{}
	for _, x := range roles {
		if who.scope == nil || slices.Contains(who.scope.Desks, x.Desk) {
			who.Roles[x.Desk] = append(who.Roles[x.Desk], Role(x.Role))
		}
	}
	if who.scope != nil {
		who.Admin = false // a token is never one
	}
	return who, nil
}

// stillIn refuses who came by a session or a token that ended meanwhile: also a request
// that had begun before.
func stillIn(q *store.Query, who Who) error {
	if who.session != "" {
		s, found, err := q.Session([]byte(who.session))
		if err != nil {
			return err
		}
		if !found || s.Member != who.Member {
			return story.Refuse(story.Forbidden, "You are not signed in.")
		}
	}
	if who.scope != nil {
		t, found, err := q.Token(who.scope.ID)
		if err != nil {
			return err
		}
		if !found || !t.EndedAt.IsZero() || t.Member != who.Member {
			return story.Refuse(story.Forbidden, "This token was revoked.")
		}
	}
	return nil
}
