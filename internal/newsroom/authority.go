package newsroom

import (
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

	"ask for an exception":       {Editor, Chief, Standards},
	"grant an exception":         {Chief, Standards},
	"withdraw a picture":         {Chief, Standards},
	"change a published picture": {Editor, Chief, Standards},
	"confirm an erasure":         {Chief, Standards}, // or an administrator
}

// anyDesk are the verbs that a role at one desk opens at every desk.
var anyDesk = map[string]bool{"kill": true, "read": true, "grant an exception": true, "confirm an erasure": true}

// administrators are the verbs that an administrator may do at every desk.
var administrators = map[string]bool{"change settings": true}

// persons are the verbs that only a person may do, never a program.
var persons = map[string]bool{"approve": true, "lift": true, "kill": true, "ask for an exception": true, "grant an exception": true, "confirm an erasure": true}

// May reports whether the member may do a verb at a desk.
func (w Who) May(verb string, desk story.DeskID) bool {
	if w.Program && persons[verb] {
		return false
	}
	if w.Admin && administrators[verb] {
		return true
	}
	for at, roles := range w.Roles {
		if at != desk && !anyDesk[verb] {
			continue
		}
		if slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(authority[verb], r) }) {
			return true
		}
	}
	return false
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
	return story.Refuse(story.Forbidden, "To %s here, you need to be %s of this desk.", verb, strings.Join(roles, " or "))
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
	roles, err := q.Roles(m.ID)
	if err != nil {
		return who, err
	}
	who.Name, who.Admin, who.Roles = m.Name, m.Admin, map[story.DeskID][]Role{}
	for _, x := range roles {
		who.Roles[x.Desk] = append(who.Roles[x.Desk], Role(x.Role))
	}
	return who, nil
}
