package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"dateline/internal/web/desk"
	"dateline/internal/web/site"
)

// doors are the handlers of the three listeners.
type doors struct{ readers, newsroom, operator door }

// openDoors puts the rooms behind their doors. The readers' handler gets the edition and
// nothing else: it has no handle on the store.
func (n *node) openDoors(d *doors, readers string, secure bool) {
	now := n.wall
	if now == nil {
		now = n.db.Now
	}
	d.readers.open(site.New(n.edition, site.Options{Now: now, Log: n.log, Live: n.live}))
	d.newsroom.open(desk.New(n.room, desk.Options{Log: n.log, Secure: secure, ReadersAddress: readers, Address: n.newsroomURL(), Preview: n.preview, PreviewFile: site.PreviewFile, Paper: paper{n}, Notice: noticeAt, Listening: n.listen}))
}

// runHouse serves a node until ctx ends, then stops its loops.
func (n *node) runHouse(ctx context.Context, listeners []*listener, wires *wireFolders) error {
	loops, stop := context.WithCancel(ctx)
	n.startLoops(loops, wires)
	listeners[0].server.RegisterOnShutdown(n.live.Hub().Drain)
	listeners[1].server.RegisterOnShutdown(n.listen.Drain)
	err := serveAll(ctx, n.broken, n.log, listeners...)
	stop()
	n.loops.Wait()
	return err
}

// openListeners opens the three, or none.
func (n *node) openListeners(d *doors) (all []*listener, err error) {
	for _, l := range []struct {
		name, addr string
		h          http.Handler
	}{{readersName, n.config.Addr, &d.readers}, {"newsroom", n.config.Newsroom, &d.newsroom}, {"operator", n.config.Admin, &d.operator}} {
		one, err := open(l.name, l.addr, l.h, n.log)
		if err != nil {
			for _, o := range all {
				err = errors.Join(err, o.net.Close())
			}
			return nil, err
		}
		if l.name != "operator" {
			one.server.Handler = n.config.proxies.Believing(one.server.Handler)
		}
		all = append(all, one)
	}
	n.roomURL = all[1].url()
	return all, nil
}

// signInLink makes a one-time link to the newsroom for a member.
func (n *node) signInLink(ctx context.Context, base, name string) (string, error) {
	secret, err := n.room.SignInLink(ctx, name)
	if err != nil {
		return "", err
	}
	return base + "/in/" + secret, nil
}

// greet prints where everything is.
func greet(out io.Writer, title, readers, room, link string) error {
	_, err := fmt.Fprintf(out, "%s\n  readers   %s\n  newsroom  %s\n  sign in   %s (works once)\n", title, readers, room, link)
	return err
}

// firstAdminLink is a sign-in link for the first administrator.
func (n *node) firstAdminLink(ctx context.Context, base string) (string, error) {
	name, err := n.room.FirstAdmin(ctx)
	if err != nil {
		return "", err
	}
	return n.signInLink(ctx, base, name)
}
