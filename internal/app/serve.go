package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"dateline/internal/clock"
)

// serveCommand runs a house. On an empty folder without a configured house it asks for
// one on a page behind a one-time link, and goes on as that house without a new start.
func serveCommand(ctx context.Context, args []string, out, log io.Writer) (err error) {
	f := flag.NewFlagSet("serve", flag.ContinueOnError)
	config, data := configFlags(f)
	addr := f.String("addr", "", "where readers are served (default: the configuration's, else localhost:8080)")
	room := f.String("newsroom", "", "where the newsroom is served (default: the next port)")
	admin := f.String("admin", "", "the operator's listener (default: admin.sock in the data folder)")
	rest, err := parse(f, args, out)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return fmt.Errorf("serve takes no %q", rest[0])
	}
	c, err := LoadConfig(*config)
	if err != nil {
		return err
	}
	for flagged, into := range map[*string]*string{addr: &c.Addr, room: &c.Newsroom, data: &c.Data, admin: &c.Admin} {
		if *flagged != "" {
			*into = *flagged
		}
	}
	if err := c.fill(); err != nil {
		return err
	}
	logger := newLog(log)
	n, err := openNode(ctx, c, clock.System(), logger)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.close()) }()
	n.wall = clock.Wall
	return n.serve(ctx, *config, out)
}

// serve readies the house, opens the doors and runs.
func (n *node) serve(ctx context.Context, configFile string, out io.Writer) error {
	wires, err := newWireFolders(n.room, n.config.Wires, n.log)
	if err != nil {
		return err
	}
	ready, err := n.readyHouse(ctx)
	if err != nil {
		return err
	}
	var d doors
	listeners, err := n.openListeners(&d)
	if err != nil {
		return err
	}
	readers, room := listeners[0].url(), listeners[1].url()
	d.operator.open(n.operator(nil))
	if !ready {
		first := newFirstRun(n, configFile, readers, room, &d)
		d.newsroom.open(first)
		if _, err := fmt.Fprintf(out, "There is no house in %s yet.\n  set it up  %s/setup/%s (works once)\n", n.config.Data, room, first.secret); err != nil {
			return err
		}
		return n.runHouse(ctx, listeners, wires)
	}
	if err := n.edition.CatchUp(ctx, n.db); err != nil {
		return err
	}
	n.openDoors(&d, n.readersAddress(readers), n.secure())
	if err := n.greetAdmin(ctx, out, readers, room); err != nil {
		return err
	}
	return n.runHouse(ctx, listeners, wires)
}

// greetAdmin prints the addresses, with a sign-in link for the first administrator until
// somebody has signed in.
func (n *node) greetAdmin(ctx context.Context, out io.Writer, readers, room string) error {
	name, err := n.room.FirstAdmin(ctx)
	if err != nil {
		return err
	}
	link, err := n.signInLink(ctx, n.newsroomURL(), name)
	if err != nil {
		return err
	}
	return greet(out, "The house is open.", readers, room, link)
}

func (n *node) readersAddress(listener string) string {
	if n.config.House != nil {
		return strings.TrimRight(n.config.House.Address, "/")
	}
	return listener
}

// secure reports whether the newsroom is reached over https, and so sets secure cookies.
func (n *node) secure() bool { return strings.HasPrefix(n.newsroomURL(), "https://") }

// readyHouse makes what the configuration says true: a new house in an empty folder, or
// changed desks and house in one that is there. False: there is no house, nor words for one.
func (n *node) readyHouse(ctx context.Context) (bool, error) {
	exists, err := n.room.IsSetUp(ctx)
	if err != nil {
		return false, err
	}
	if n.config.House == nil {
		return exists, nil
	}
	s, err := n.config.setup()
	if err != nil {
		return false, err
	}
	if exists {
		return true, n.room.Reconcile(ctx, s)
	}
	s.Admin = "administrator"
	return true, n.setUp(ctx, s)
}
