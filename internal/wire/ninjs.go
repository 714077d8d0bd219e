package wire

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"dateline/internal/story"
)

// ninjs (IPTC) 1.x to 3.x: one item, or a list of them, in JSON. The names of fields
// changed with every major version, so they are read by name rather than into a struct:
// what is not there, or is of another kind than it should be, is empty.
var ninjs = format{"ninjs", isNinjs, readNinjs}

func isNinjs(b []byte) bool {
	t := bytes.TrimSpace(b)
	return len(t) > 0 && (t[0] == '{' || t[0] == '[')
}

func readNinjs(b []byte) ([]Item, error) {
	if err := walkJSON(b); err != nil {
		return nil, err
	}
	list, err := ninjsList(b)
	if err != nil {
		return nil, err
	}
	var items []Item
	for _, n := range list {
		if n.text("uri") == "" {
			return nil, errors.New("has no uri, which every ninjs item has")
		}
		it, ok, err := n.item()
		if err != nil {
			return nil, err
		}
		if ok {
			items = append(items, it)
		}
	}
	return items, nil
}

// ninjsList decodes a file: an item, a list of items, or an object that has one.
func ninjsList(b []byte) ([]object, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	var whole json.RawMessage
	if err := d.Decode(&whole); err != nil {
		var syntax *json.SyntaxError
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &syntax) && strings.Contains(syntax.Error(), "unexpected end") {
			return nil, errCut
		}
		return nil, fmt.Errorf("is not well-formed JSON: %s", cut(clean(err.Error()), 120))
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("goes on after its end")
	}
	one, isObject := objectOf(whole)
	if isObject && one["uri"] == nil && one["items"] != nil {
		whole, isObject = one["items"], false
	}
	if isObject {
		return []object{one}, nil
	}
	list := objectsOf(whole)
	if len(list) > MaxItems {
		return nil, fmt.Errorf("holds more than %d items", MaxItems)
	}
	return list, nil
}

// An object is an item of ninjs: its fields by their names in lower case.
type object map[string]json.RawMessage

// objectOf reads an object. Of names that differ in case alone the one in lower case
// holds, so that no reading depends on chance.
func objectOf(raw json.RawMessage) (object, bool) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil || fields == nil {
		return nil, false
	}
	o := make(object, len(fields))
	for _, name := range sorted(fields) {
		low := strings.ToLower(name)
		if string(fields[name]) != "null" && (o[low] == nil || low == name) {
			o[low] = fields[name]
		}
	}
	return o, true
}

func sorted[T any](m map[string]T) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// objectsOf reads a list of objects, or an object of objects by the order of its names.
// Strings are objects with a name and a value.
func objectsOf(raw json.RawMessage) (out []object) {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		var byName map[string]json.RawMessage
		if json.Unmarshal(raw, &byName) != nil {
			return nil
		}
		for _, name := range sorted(byName) {
			if o, ok := objectOf(byName[name]); ok {
				if o["name"] == nil {
					o["name"], _ = json.Marshal(name) // a string always can be
				}
				out = append(out, o)
			}
		}
		return out
	}
	for _, raw := range list {
		if o, ok := objectOf(raw); ok {
			out = append(out, o)
		} else if s := scalar(raw); s != "" {
			out = append(out, object{"name": raw, "value": raw})
		}
	}
	return out
}

// scalar is a string, or a number as it is written.
func scalar(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var n json.Number
	if json.Unmarshal(raw, &n) == nil {
		return n.String()
	}
	return ""
}

// text is the first of some fields that is a string with something in it, or a number.
func (o object) text(names ...string) string {
	for _, name := range names {
		if s := strings.TrimSpace(scalar(o[name])); s != "" {
			return s
		}
	}
	return ""
}

func (o object) number(name string) int {
	f, err := strconv.ParseFloat(o.text(name), 64)
	if err != nil || f < 0 || f > 1<<20 {
		return 0
	}
	return int(f)
}

// list is the first of some fields that is a list with something in it.
func (o object) list(names ...string) []object {
	for _, name := range names {
		if all := objectsOf(o[name]); len(all) > 0 {
			return all
		}
	}
	return nil
}

// inRole is the value in a role of a list such as headlines, else of the field that older
// versions have for it.
func (o object) inRole(list string, roles []string, fields ...string) string {
	all := o.list(list)
	for _, role := range roles {
		for _, v := range all {
			if strings.EqualFold(v.text("role"), role) {
				return plain(v.text("value"))
			}
		}
	}
	return plain(o.text(fields...))
}

// names are what a list of people, places or sources calls them.
func (o object) names(fields ...string) (out []string) {
	for _, v := range o.list(fields...) {
		out = append(out, v.text("name", "literal", "code"))
	}
	return out
}

// embargo reads an embargo under whichever of its names, or one like them.
func (o object) embargo() Embargo {
	var said []string
	for _, name := range sorted(o) {
		if strings.HasPrefix(name, "embargo") {
			said = append(said, scalar(o[name]))
		}
	}
	return embargoOf(said)
}

func (o object) topics() (out []story.Topic) {
	for _, s := range o.list("subject", "subjects") {
		code := s.text("uri", "code", "literal")
		if scheme := s.text("scheme"); strings.Contains(scheme, "mediatopic") && !strings.Contains(code, ":") {
			code = "medtop:" + code
		}
		out = append(out, story.Topic{Code: cmp.Or(code, s.text("name")), Labels: map[string]string{"": s.text("name")}})
	}
	return out
}
