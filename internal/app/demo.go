package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"dateline/internal/demo"
	"dateline/internal/store"
)

// demoCommand runs the invented house, or moves its clock.
func demoCommand(ctx context.Context, args []string, out, log io.Writer) error {
	if len(args) > 0 && args[0] == "clock" {
		return demoClockCommand(ctx, args[1:], out)
	}
	f := flag.NewFlagSet("demo", flag.ContinueOnError)
	addr := f.String("addr", "localhost:8080", "where readers are served; the newsroom is on the next port")
	room := f.String("newsroom", "", "where the newsroom is served")
	data := f.String("data", "demo-data", "folder of the demo")
	at := f.String("at", "", "when a new demo begins: an instant such as 2024-03-22T15:05:00Z, or now")
	speed := f.Float64("speed", 1, "how fast its clock runs; 0 stands still")
	rest, err := parse(f, args, out)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return fmt.Errorf("demo takes no %q", rest[0])
	}
	start, err := demoBegins(*at)
	if err != nil {
		return err
	}
	c := Config{Addr: *addr, Newsroom: *room, Data: *data}
	if err := c.fill(); err != nil {
		return err
	}
	return runDemo(ctx, c, start, *speed, out, log)
}

func demoBegins(at string) (time.Time, error) {
	switch at {
	case "":
		return demoStart, nil
	case "now":
		return time.Now().UTC(), nil
	}
	t, err := time.Parse(time.RFC3339, at)
	if err != nil || t.Before(demoStart.AddDate(-20, 0, 0)) || t.Year() > 2200 {
		return t, fmt.Errorf("--at needs an instant such as 2024-03-22T15:05:00Z, not %q", at)
	}
	return t.UTC(), nil
}

// A demoHouse is the demo, running.
type demoHouse struct {
	*node
	clock *demoClock
	wires *wireFolders
}

func runDemo(ctx context.Context, c Config, start time.Time, speed float64, out, log io.Writer) (err error) {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return fmt.Errorf("making the demo's folder: %w", err)
	}
	logger := newLog(log)
	clock, err := openDemoClock(c.Data, demo.Begin, 0)
	if err != nil {
		return err
	}
	c.Wires = []WireConfig{{Source: demo.Wire, Folder: filepath.Join(c.Data, "wire", "northwind")}}
	n, err := openNode(ctx, c, clock.read, logger)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, clock.keep(), n.close()) }()
	wires, err := newWireFolders(n.room, c.Wires, logger)
	if err != nil {
		return err
	}
	d := &demoHouse{n, clock, wires}
	var doors doors
	listeners, err := n.openListeners(&doors)
	if err != nil {
		return err
	}
	readers, room := listeners[0].url(), listeners[1].url()
	if err := d.prepare(ctx, readers, start, out); err != nil {
		return err
	}
	clock.run(speed)
	n.openDoors(&doors, readers, false)
	doors.operator.open(n.operator(d))
	link, err := n.signInLink(ctx, room, demo.Admin)
	if err != nil {
		return err
	}
	if err := d.greet(out, readers, room, link); err != nil {
		return err
	}
	go d.keepClock(ctx)
	return n.runHouse(ctx, listeners, wires)
}

// prepare sets the house up and posts its week, once; then it goes on where it stopped.
func (d *demoHouse) prepare(ctx context.Context, readers string, start time.Time, out io.Writer) error {
	_, _, last, err := d.lastEntry(ctx)
	if err != nil {
		return err
	}
	if err := d.clock.notBefore(last); err != nil {
		return err
	}
	done, err := d.room.Mark(ctx, "demo-week")
	if err != nil {
		return err
	}
	if done {
		return d.edition.CatchUp(ctx, d.db)
	}
	if _, err := fmt.Fprintln(out, "Setting up The Meridian and its week of stories …"); err != nil {
		return err
	}
	following, stop := context.WithCancel(ctx)
	d.loops.Go(func() {
		if err := d.edition.Follow(following, d.db); err != nil && following.Err() == nil {
			d.log.Error("the edition stopped following", "error", err)
		}
	})
	err = d.makeWeek(ctx, readers)
	if err == nil {
		err = d.moveTo(ctx, start)
	}
	stop()
	d.loops.Wait()
	if err != nil {
		return fmt.Errorf("setting up the demo: %w", err)
	}
	if err := d.room.SetMark(ctx, "demo-week"); err != nil {
		return err
	}
	return d.edition.CatchUp(ctx, d.db)
}

func (d *demoHouse) makeWeek(ctx context.Context, readers string) error {
	ready, err := d.room.IsSetUp(ctx)
	if err != nil {
		return err
	}
	if !ready {
		setup, err := demo.Setup(readers)
		if err != nil {
			return err
		}
		if err := d.setUp(ctx, setup); err != nil {
			return err
		}
	}
	if err := demo.AddPeople(ctx, d.room); err != nil {
		return err
	}
	return demo.Week{Room: d.room, MoveTo: d.moveTo}.Post(ctx)
}

func (d *demoHouse) lastEntry(ctx context.Context) (n, volume int64, at time.Time, err error) {
	err = d.db.Read(ctx, func(q *store.Query) error {
		n, volume, at, err = q.Last()
		return err
	})
	return n, volume, at, err
}

// moveTo moves the clock to an instant, stopping at everything that falls due on the way,
// so that each posting gets the instant at which it would have happened.
func (d *demoHouse) moveTo(ctx context.Context, to time.Time) error {
	for ctx.Err() == nil {
		next, err := d.room.Next(ctx)
		if err != nil {
			return err
		}
		if next.IsZero() || !next.Before(to) {
			break
		}
		if err := d.clock.notBefore(next); err != nil {
			return err
		}
		if _, err := d.room.Step(ctx); err != nil {
			return err
		}
	}
	if err := d.clock.notBefore(to); err != nil {
		return err
	}
	_, err := d.room.Step(ctx)
	return err
}

// keepClock writes the clock down every second, so that a demo that is killed loses no more.
func (d *demoHouse) keepClock(ctx context.Context) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if err := d.clock.keep(); err != nil {
				d.log.Error("keeping the demo's clock", "error", err)
			}
		}
	}
}

func (d *demoHouse) greet(out io.Writer, readers, room, link string) error {
	if err := greet(out, "The Meridian is open.", readers, room, link); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "  wire      %s (drop files of %s here)\n  clock     %s, moved with: dateline demo clock 2024-03-22T15:12:00Z%s\n",
		d.config.Wires[0].Folder, demo.Wire, d.clock.now().Format(time.RFC3339), dataFlag(d.config.Data))
	return err
}

func dataFlag(data string) string {
	if data == "demo-data" {
		return ""
	}
	return " --data " + data
}

// demoClockCommand asks the running demo to move its clock.
func demoClockCommand(ctx context.Context, args []string, out io.Writer) error {
	f := flag.NewFlagSet("demo clock", flag.ContinueOnError)
	data := f.String("data", "demo-data", "folder of the demo")
	rest, err := parse(f, args, out)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return errors.New("demo clock needs one instant, such as 2024-03-22T15:12:00Z")
	}
	if _, err := time.Parse(time.RFC3339, rest[0]); err != nil {
		return fmt.Errorf("%q is not an instant such as 2024-03-22T15:12:00Z", rest[0])
	}
	answer, err := askOperator(ctx, filepath.Join(*data, "admin.sock"), "/demo/clock", map[string]string{"to": rest[0]})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, answer)
	return err
}

// moveClock answers the command: it moves the clock, takes in the wires, does what is due
// and waits until readers see it.
func (d *demoHouse) moveClock(w http.ResponseWriter, r *http.Request) error {
	to, err := time.Parse(time.RFC3339Nano, r.FormValue("to"))
	if err != nil {
		return badRequest("the instant cannot be read")
	}
	if now := d.clock.now(); to.Before(now) {
		return badRequest(fmt.Sprintf("the demo's clock is at %s already, and a clock never goes back", now.Format(time.RFC3339)))
	}
	if err := d.moveTo(r.Context(), to); err != nil {
		return err
	}
	if err := d.settleWires(r.Context()); err != nil {
		return err
	}
	if _, err := d.room.Step(r.Context()); err != nil {
		return err
	}
	if err := d.clock.keep(); err != nil {
		return err
	}
	head, err := d.db.Head(r.Context())
	if err != nil {
		return err
	}
	if err := d.edition.WaitFor(r.Context(), head); err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s, entry %d\n", d.clock.now().Format(time.RFC3339), head)
	return err
}

// settleWires takes in what lies in the wires' folders; a file that grows gets a while.
func (d *demoHouse) settleWires(ctx context.Context) error {
	for range 100 {
		if d.wires.look(ctx) == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
	return nil
}
