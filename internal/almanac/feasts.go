package almanac

import (
	"fmt"
	"strings"
)

// A feast is a day that hangs on Easter.
type feast struct {
	word  string // in settings
	name  string // for people
	after date   // days after Easter Sunday
}

// movable makes the calendar of feasts that hang on an Easter: whole civil dates, those
// that args name, or else Good Friday, Easter Sunday and Easter Monday.
func movable(d Desk, args, title string, easter func(year int) date, feasts []feast) (Calendar, error) {
	words := strings.Fields(args)
	if len(words) == 0 {
		words = []string{"good-friday", "easter", "easter-monday"}
	}
	names := map[date]string{}
	for _, word := range words {
		f, err := feastOf(word, feasts)
		if err != nil {
			return nil, err
		}
		names[f.after] = f.name
	}
	return keepDates(d, 0, func(on date, clock *wall) (Window, bool) {
		year, _, _ := on.civil()
		after := on - easter(year)
		name, kept := names[after]
		if !kept {
			return Window{}, false
		}
		w, kept := clock.date(on)
		w.Name, w.Rule = name, fmt.Sprintf("%s%+dd", title, after)
		return w, kept
	}), nil
}

func feastOf(word string, feasts []feast) (feast, error) {
	for _, f := range feasts {
		if f.word == word {
			return f, nil
		}
	}
	return feast{}, fmt.Errorf("%.40q is not a feast that hangs on this Easter, such as good-friday or ascension", word)
}
