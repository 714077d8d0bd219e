package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"

	"dateline/internal/clock"
	"dateline/internal/edition"
	"dateline/internal/mirror"
	"dateline/internal/record"
	"dateline/internal/store"
)

// listFlag is a flag that may be given several times.
type listFlag []string

func (l *listFlag) String() string     { return fmt.Sprint(*l) }
func (l *listFlag) Set(v string) error { *l = append(*l, v); return nil }

// configFlags are the two flags of every command about a house.
func configFlags(f *flag.FlagSet) (config, data *string) {
	return f.String("config", "dateline.toml", "the configuration"), f.String("data", "", "the data folder (default: the configuration's)")
}

func loadFilled(file, data string) (c Config, err error) {
	if c, err = LoadConfig(file); err != nil {
		return c, err
	}
	if data != "" {
		c.Data, c.Admin = data, ""
	}
	return c, c.fill()
}

// sourceOf is the clock of a folder: a demo's own, or the machine's.
func sourceOf(data string) (clock.Source, error) {
	if _, err := os.Stat(filepath.Join(data, "clock.json")); err != nil {
		return clock.System(), nil
	}
	c, err := openDemoClock(data, demoStart, 0)
	if err != nil {
		return nil, err
	}
	return c.read, nil
}

// userCommand adds, disables and signs in members, in a running house or a stopped one.
func userCommand(ctx context.Context, args []string, out, log io.Writer) error {
	f := flag.NewFlagSet("user add|disable|link NAME", flag.ContinueOnError)
	config, data := configFlags(f)
	var roles listFlag
	f.Var(&roles, "role", "desk:role, with reporter, editor, chief or standards; several times")
	admin := f.Bool("admin", false, "an administrator of the house")
	rest, err := parse(f, args, out)
	if err != nil {
		return err
	}
	if len(rest) != 2 {
		return errors.New("user needs what to do (add, disable or link) and a name")
	}
	c, err := loadFilled(*config, *data)
	if err != nil {
		return err
	}
	more := url.Values{"role": roles}
	if *admin {
		more.Set("admin", "yes")
	}
	answer, err := askOperator(ctx, c.Admin, "/user/"+url.PathEscape(rest[0]), map[string]string{"name": rest[1]}, more)
	if errors.Is(err, errNoServer) {
		answer, err = userAlone(ctx, c, rest[0], rest[1], roles, *admin, log)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, answer)
	return err
}

// userAlone does the same in a house that is not running.
func userAlone(ctx context.Context, c Config, what, name string, roles []string, admin bool, log io.Writer) (answer string, err error) {
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
	return n.user(ctx, what, name, roles, admin)
}

// user does what the user command asks and answers with a line.
func (n *node) user(ctx context.Context, what, name string, roles []string, admin bool) (string, error) {
	switch what {
	case "add":
		if _, err := n.room.AddMember(ctx, name, admin, roles, 0); err != nil {
			return "", err
		}
		link, err := n.signInLink(ctx, n.newsroomURL(), name)
		return fmt.Sprintf("%s is a member.\nsign in  %s (works once)", name, link), err
	case "disable":
		return name + " is closed; every session has ended.", n.room.DisableMember(ctx, name)
	case "link":
		link, err := n.signInLink(ctx, n.newsroomURL(), name)
		return fmt.Sprintf("sign in  %s (works once)", link), err
	}
	return "", badRequest(fmt.Sprintf("user can add, disable or link, not %q", what))
}

// newsroomURL is where sign-in links lead.
func (n *node) newsroomURL() string {
	if n.config.House != nil && n.config.House.NewsroomAddress != "" {
		return n.config.House.NewsroomAddress
	}
	if n.roomURL != "" {
		return n.roomURL
	}
	return "http://" + n.config.Newsroom
}

// recordCommand checks the record of a house, running or not, or of one at an address.
func recordCommand(ctx context.Context, args []string, out, log io.Writer) (err error) {
	f := flag.NewFlagSet("record verify [URL] | newkey", flag.ContinueOnError)
	config, data := configFlags(f)
	key := f.String("key", "", "the record's public key, kept elsewhere")
	checkpoint := f.String("checkpoint", "", "a file with a signed checkpoint, kept elsewhere")
	rest, err := parse(f, args, out)
	if err != nil {
		return err
	}
	if len(rest) == 1 && rest[0] == "newkey" {
		c, err := loadFilled(*config, *data)
		if err != nil {
			return err
		}
		return newKeyCommand(ctx, c, out, log)
	}
	if len(rest) == 0 || len(rest) > 2 || rest[0] != "verify" {
		return errors.New("record can verify, and get a newkey")
	}
	o := record.VerifyOptions{Verifier: *key}
	if *checkpoint != "" {
		if o.Checkpoint, err = os.ReadFile(*checkpoint); err != nil {
			return fmt.Errorf("reading the checkpoint: %w", err)
		}
	}
	var report record.Report
	if len(rest) == 2 {
		report, err = mirror.Verify(ctx, rest[1], o)
	} else {
		report, err = verifyHere(ctx, *config, *data, o)
	}
	if err != nil {
		return err
	}
	return printReport(out, report)
}

func verifyHere(ctx context.Context, config, data string, o record.VerifyOptions) (r record.Report, err error) {
	c, err := loadFilled(config, data)
	if err == nil {
		err = c.mustBeThere()
	}
	if err != nil {
		return r, err
	}
	db, err := store.OpenToRead(ctx, c.storeAddress())
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if o.TakenBack, err = db.TakenBack(ctx); err != nil {
		return r, err
	}
	return record.Verify(ctx, db, o)
}

func printReport(out io.Writer, r record.Report) error {
	for _, p := range r.Problems {
		if _, err := fmt.Fprintf(out, "entry %d: %s\n", p.N, p.What); err != nil {
			return err
		}
	}
	if n := len(r.Problems) + r.More; n > 0 {
		return fmt.Errorf("the record has %s; its entries: %d", counted(n, "problem"), r.Entries)
	}
	volumes := ""
	if r.Volumes > 1 {
		volumes = fmt.Sprintf("%d volumes, ", r.Volumes)
	}
	_, err := fmt.Fprintf(out, "%s%d entries, %d checkpoints, %s to %s: %s\n", volumes, r.Entries, r.Checkpoints, clock.ISO(r.First), clock.ISO(r.Last), r.Proved)
	return err
}

// editionCommand rebuilds the readers' memory from the record, of a house that is stopped,
// or follows the record of a house elsewhere.
func editionCommand(ctx context.Context, args []string, out, log io.Writer) (err error) {
	if len(args) > 0 && args[0] == "follow" {
		return followCommand(ctx, args[1:], out, log)
	}
	f := flag.NewFlagSet("edition rebuild", flag.ContinueOnError)
	config, data := configFlags(f)
	rest, err := parse(f, args, out)
	if err != nil {
		return err
	}
	if len(rest) != 1 || rest[0] != "rebuild" {
		return errors.New("edition can rebuild and follow")
	}
	c, err := loadFilled(*config, *data)
	if err == nil {
		err = c.mustBeThere()
	}
	if err != nil {
		return err
	}
	now, err := sourceOf(c.Data)
	if err != nil {
		return err
	}
	n, err := openNode(ctx, c, now, newLog(log))
	before := ""
	if unreadable := (*unreadableEdition)(nil); errors.As(err, &unreadable) {
		before = "not readable"
		if err := os.RemoveAll(filepath.Join(c.Data, "edition")); err != nil {
			return fmt.Errorf("deleting the edition: %w", err)
		}
		n, err = openNode(ctx, c, now, newLog(log))
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.close()) }()
	if before == "" {
		if before, err = n.edition.Digest(ctx); err != nil {
			before = "not readable"
		}
	}
	if err := n.rebuildEdition(ctx); err != nil {
		return err
	}
	after, err := n.edition.Digest(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "before  %s\nafter   %s\nentries %d\n", before, after, n.edition.Applied())
	return err
}

// rebuildEdition deletes the edition and builds it from the record.
func (n *node) rebuildEdition(ctx context.Context) error {
	if err := n.edition.Close(); err != nil {
		return err
	}
	dir := filepath.Join(n.config.Data, "edition")
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("deleting the edition: %w", err)
	}
	var err error
	if n.edition, err = edition.Open(ctx, dir, n.editionOptions()); err != nil {
		return err
	}
	return n.edition.CatchUp(ctx, n.db)
}
