package almanac

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Custom is how a desk keeps the two ends of days that run from evening to nightfall.
type Custom struct {
	// Lighting is how long before sunset it begins, in whole minutes: 18 by most
	// calendars, 40 in Jerusalem, 30 in Haifa.
	Lighting time.Duration
	// Nightfall is when it ends.
	Nightfall Nightfall
	// Margin is what the desk adds of its own at both ends, in whole minutes: to be ready
	// before the lighting, and in no haste after nightfall.
	Margin time.Duration
	// Sunless is what holds where the sun gives no answer.
	Sunless Sunless
}

// A Nightfall is the end of a day, by one of two measures; the other is zero.
type Nightfall struct {
	// Degrees is how far the sun's centre has sunk below the horizon, without
	// refraction: 8.5 when three small stars are seen, 7.083 by others. It stays
	// true to the darkness in every season.
	Degrees float64
	// Minutes is how long after sunset: 42, 50, or 72 by Rabbeinu Tam.
	Minutes int
}

// Wider than any custom we know of, narrower than any slip of the keyboard.
const (
	maxLighting = 2 * time.Hour
	maxMargin   = 2 * time.Hour
	minDegrees  = 3
	maxDegrees  = 26
	minMinutes  = 10
	maxMinutes  = 180
)

func (r Custom) check() error {
	if err := checkLighting(r.Lighting); err != nil {
		return err
	}
	if err := r.Nightfall.check(); err != nil {
		return err
	}
	if err := checkMargin(r.Margin); err != nil {
		return err
	}
	return r.Sunless.check()
}

func checkLighting(d time.Duration) error {
	if d < 0 || d > maxLighting {
		return fmt.Errorf("lighting %v before sunset is out of range: it must be from 0 to 2 hours", d)
	}
	if d%time.Minute != 0 {
		return fmt.Errorf("lighting %v before sunset must be whole minutes", d)
	}
	return nil
}

func checkMargin(d time.Duration) error {
	if d < 0 || d > maxMargin || d%time.Minute != 0 {
		return fmt.Errorf("the margin %v is out of range: it must be whole minutes, from 0 to 2 hours", d)
	}
	return nil
}

func (n Nightfall) check() error {
	switch {
	case n == Nightfall{}:
		return errors.New("nightfall is not set: give degrees below the horizon, or minutes after sunset")
	case n.Degrees != 0 && n.Minutes != 0:
		return errors.New("nightfall is set twice: give degrees below the horizon or minutes after sunset, not both")
	case n.Minutes != 0 && (n.Minutes < minMinutes || n.Minutes > maxMinutes):
		return fmt.Errorf("nightfall %d minutes after sunset is out of range: it must be from %d to %d", n.Minutes, minMinutes, maxMinutes)
	case n.Minutes == 0 && !(n.Degrees >= minDegrees && n.Degrees <= maxDegrees): // also true of NaN
		return fmt.Errorf("nightfall %v degrees below the horizon is out of range: it must be from %d to %d", n.Degrees, minDegrees, maxDegrees)
	}
	return nil
}

// String is the rule as windows carry it: "sunset-18m / 8.5°", "sunset-40m / sunset+72m",
// "sunset-18m / 8.5° / margin 5m". What holds without a sun is said by the windows themselves.
func (r Custom) String() string {
	text := "sunset"
	if r.Lighting > 0 {
		text = fmt.Sprintf("sunset-%dm", r.Lighting/time.Minute)
	}
	if r.Nightfall.Minutes != 0 {
		text += fmt.Sprintf(" / sunset+%dm", r.Nightfall.Minutes)
	} else {
		text += " / " + strconv.FormatFloat(r.Nightfall.Degrees, 'f', -1, 64) + "°"
	}
	if r.Margin > 0 {
		text += fmt.Sprintf(" / margin %dm", r.Margin/time.Minute)
	}
	return text
}

// ParseLighting reads how long before sunset a rest begins: "18m", "1h", "0".
func ParseLighting(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0, fmt.Errorf("lighting %.40q is not a time before sunset such as 18m", text)
	}
	return d, checkLighting(d)
}

// ParseMargin reads what a desk adds at both ends: "5m", "0"; nothing is none.
func ParseMargin(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0, fmt.Errorf("the margin %.40q is not a time such as 5m", text)
	}
	return d, checkMargin(d)
}

// ParseNightfall reads when a rest ends: "8.5deg" or "8.5°" below the horizon, or
// "42m" after sunset.
func ParseNightfall(text string) (Nightfall, error) {
	number, isDegrees := strings.CutSuffix(text, "deg")
	if !isDegrees {
		number, isDegrees = strings.CutSuffix(text, "°")
	}
	var n Nightfall
	if isDegrees {
		degrees, err := strconv.ParseFloat(number, 64)
		if err != nil {
			return n, fmt.Errorf("nightfall %.40q is not a number of degrees such as 8.5deg", text)
		}
		n.Degrees = degrees
		return n, n.check()
	}
	d, err := time.ParseDuration(text)
	if err != nil || d%time.Minute != 0 {
		return n, fmt.Errorf("nightfall %.40q is neither degrees such as 8.5deg nor whole minutes after sunset such as 42m", text)
	}
	n.Minutes = int(d / time.Minute)
	return n, n.check()
}
