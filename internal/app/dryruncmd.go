package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"strings"
	"text/tabwriter"
	"time"

	"dateline/internal/clock"
	"dateline/internal/newsroom"
)

// dryRunCommand lists what would leave the house in the next 72 hours, running or not.
func dryRunCommand(ctx context.Context, args []string, out, log io.Writer) error {
	f := flag.NewFlagSet("dry-run", flag.ContinueOnError)
	config, data := configFlags(f)
	rest, err := parse(f, args, out)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return fmt.Errorf("dry-run takes no %q", rest[0])
	}
	c, err := loadFilled(*config, *data)
	if err != nil {
		return err
	}
	answer, err := askOperator(ctx, c.Admin, "/dry-run", nil)
	if errors.Is(err, errNoServer) {
		answer, err = dryRunAlone(ctx, c, log)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, answer)
	return err
}

// dryRunAlone does it in a house that is not running.
func dryRunAlone(ctx context.Context, c Config, log io.Writer) (answer string, err error) {
	if err := c.mustBeThere(); err != nil {
		return "", err
	}
	now, err := sourceOf(c.Data)
	if err != nil {
		return "", err
	}
	n, err := openNode(ctx, c, now, newLog(log))
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, n.close()) }()
	return n.dryRun(ctx)
}

func (n *node) dryRunVerb(w http.ResponseWriter, r *http.Request) error {
	answer, err := n.dryRun(r.Context())
	if err != nil {
		return err
	}
	return say(w, answer)
}

// dryRun is a line for each departure: when, by the desk's clock, the house's and UTC; what
// it is; and, after an exclamation mark, what is in its way.
func (n *node) dryRun(ctx context.Context) (string, error) {
	v, err := n.room.DryRunOfHouse(ctx)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	lines := 0
	put := func(t time.Time, x newsroom.DeskView, what, marks string) {
		lines++
		_, _ = fmt.Fprintf(w, "%s UTC\t%s\t%s\t%s\t%s\n", t.UTC().Format("2006-01-02 15:04:05"), dryTime(t, v.Zone, v.House.Seat.City.In("en")), dryTime(t, x.Zone, x.City()), what, marks) // into memory
	}
	turns := v.Turns
	upTo := func(t time.Time) {
		for len(turns) > 0 && !turns[0].At.After(t) {
			turn := turns[0]
			words := "rests: " + turn.Rest.Name
			if turn.Opens {
				words = "is on duty again"
			}
			put(turn.At, turn.Desk, turn.Desk.Settings.Slug+" "+words, "")
			turns = turns[1:]
		}
	}
	for _, d := range v.Departures {
		upTo(d.At())
		what := fmt.Sprintf("%s %s %q", d.Desk.Settings.Slug, d.What, d.Headline)
		if d.Leaves.IsZero() {
			what += " does not leave"
		}
		marks := make([]string, 0, len(d.Collisions))
		for _, c := range d.Collisions {
			marks = append(marks, "! "+string(c))
		}
		put(d.At(), d.Desk, what, strings.Join(marks, ", "))
	}
	upTo(v.Until)
	if err := w.Flush(); err != nil {
		return "", err
	}
	if v.More {
		_, _ = fmt.Fprintln(&b, "More waits than is listed.") // into memory
	}
	if lines == 0 {
		return "Nothing leaves in the next 72 hours, and no desk turns.", nil
	}
	return strings.TrimRight(b.String(), "\n"), nil
}

func dryTime(t time.Time, zone *time.Location, city string) string {
	return clock.ShortDay(t, zone, "en") + " " + clock.HM(t, zone) + " " + city
}
