package almanac

import (
	"fmt"
	"strings"
)

// observances is the registry: what a desk may keep, by the name that settings
// use. A new one is a file of its own, its test, and a line here.
var observances = []observance{
	{"shabbat", Shabbat},
}

type observance struct {
	name string
	keep func(Place, ShabbatRule) (Calendar, error)
}

// Keep returns the calendar of an observance by its name in settings ("shabbat").
// It refuses a name that it does not know, and what the observance itself refuses.
func Keep(name string, p Place, r ShabbatRule) (Calendar, error) {
	var known []string
	for _, o := range observances {
		if o.name == name {
			return o.keep(p, r)
		}
		known = append(known, o.name)
	}
	return nil, fmt.Errorf("there is no observance %q; the almanac knows %s", name, strings.Join(known, ", "))
}
