package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"dateline/internal/backup"
	"dateline/internal/edition"
	"dateline/internal/mirror"
	"dateline/internal/newsroom"
	"dateline/internal/record"
)

// A restore is one house coming back from a backup.
type restore struct {
	from, data string
	mirrors    listFlag // addresses of mirrors, or folders of editions
	key        string   // file; "" for the one in the backup
	checkpoint string   // file with a checkpoint that was kept elsewhere
	erased     string   // file that lists what was erased
	out        io.Writer

	node *node
	back int    // entries that mirrors gave back
	all  bool   // a mirror knew all that is here, and all that it knows is here
	kept []byte // the newest checkpoint known
	seen int64  // the newest number that a mirror knows, signed for or not
}

// restoreCommand makes the same house again from a backup, record and all, in an empty folder.
func restoreCommand(ctx context.Context, args []string, out, log io.Writer) error {
	r := restore{out: out}
	f := flag.NewFlagSet("restore", flag.ContinueOnError)
	f.StringVar(&r.from, "from", "", "the folder of the backup; its newest is taken, or the one whose own folder is given")
	f.StringVar(&r.data, "data", "", "the folder of the house, which must be empty or not there")
	f.Var(&r.mirrors, "mirror", "where entries are that were signed after the backup was made: a house's or mirror's address, or the folder of an edition; several times")
	f.StringVar(&r.key, "key", "", "the record's key, if it is not in the backup")
	f.StringVar(&r.checkpoint, "checkpoint", "", "a file with a signed checkpoint that was kept elsewhere: no number that it covers is used again")
	f.StringVar(&r.erased, "erased", "", "the house's erased.json: what was erased after the backup was made is erased again")
	rest, err := parse(f, args, out)
	if err != nil || len(rest) > 0 {
		return errors.Join(err, tooMany("restore", rest))
	}
	if r.from == "" || r.data == "" {
		return errors.New("restore needs --from FOLDER and --data EMPTYDIR")
	}
	return r.run(ctx, log)
}

// run makes the house beside its folder, and gives it its name once it is found sound.
func (r *restore) run(ctx context.Context, log io.Writer) (err error) {
	if err := emptyFolder(r.data); err != nil {
		return err
	}
	g, err := backup.Find(r.from)
	if err != nil {
		return err
	}
	if g.N == 0 {
		return errors.New("the backup is of a house that was not set up")
	}
	parent := filepath.Dir(filepath.Clean(r.data))
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return fmt.Errorf("making the data folder: %w", err)
	}
	staging, err := os.MkdirTemp(parent, filepath.Base(r.data)+".restoring-")
	if err != nil {
		return fmt.Errorf("making the data folder: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(staging))
		}
	}()
	r.say("The backup of %s, made at %s by %s.", g.Folder(), g.At.Format("2006-01-02 15:04:05Z"), g.Dateline)
	if err := g.Into(ctx, staging, progressTo(r.out)); err != nil {
		return err
	}
	digest, err := r.bring(ctx, g, staging, log)
	if err != nil {
		return err
	}
	if err := os.Rename(staging, r.data); err != nil {
		return fmt.Errorf("giving the house its folder: %w", err)
	}
	if err := backup.SyncFolder(parent); err != nil {
		return err
	}
	r.say("The house is in %s.\n  edition   %s\n  members sign in anew: dateline user link NAME", r.data, digest)
	if g.HasConfig() {
		r.say("  the configuration stays where it is: %s", filepath.Join(g.Folder(), backup.ConfigFile))
	}
	return nil
}

func (r *restore) say(format string, a ...any) {
	_, _ = fmt.Fprintf(r.out, format+"\n", a...) // a line less is no failure
}

func emptyFolder(dir string) error {
	all, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking at the data folder: %w", err)
	}
	if len(all) > 0 {
		return fmt.Errorf("%s holds %q: a restore needs a folder that is empty or not there", dir, all[0].Name())
	}
	return nil
}

// bring opens what was copied, takes back what mirrors have, and ends in a house that
// passes every check. It returns the digest of its edition.
func (r *restore) bring(ctx context.Context, g backup.Generation, dir string, log io.Writer) (digest string, err error) {
	c := Config{Data: dir}
	if err := c.fill(); err != nil {
		return "", err
	}
	now, err := sourceOf(dir)
	if err != nil {
		return "", err
	}
	if r.node, err = openKeyless(ctx, c, now, newLog(log)); err != nil {
		return "", err
	}
	defer func() {
		if closed := r.node.close(); err == nil {
			err = closed
		}
		err = errors.Join(err, os.Remove(filepath.Join(dir, "lock")))
	}()
	if _, err := backup.Check(ctx, r.node.db, record.VerifyOptions{Verifier: g.Key, Checkpoint: []byte(g.Checkpoint)}); err != nil {
		return "", fmt.Errorf("the backup cannot be used: %w", err)
	}
	if err := r.askMirrors(ctx, g); err != nil {
		return "", err
	}
	if err := errors.Join(r.node.room.EndSessions(ctx), r.node.forgetShared(ctx)); err != nil {
		return "", err
	}
	if err := r.goOn(ctx); err != nil {
		return "", err
	}
	if err := r.eraseAgain(ctx); err != nil {
		return "", err
	}
	if err := r.node.edition.CatchUp(ctx, r.node.db); err != nil {
		return "", fmt.Errorf("building the edition: %w", err)
	}
	if err := r.node.room.Clear(ctx); err != nil {
		return "", fmt.Errorf("clearing files of what was erased: %w", err)
	}
	report, err := backup.Check(ctx, r.node.db, record.VerifyOptions{})
	if err != nil {
		return "", err
	}
	if err := demoNotBefore(dir, report.Last); err != nil {
		return "", err
	}
	r.say("%d entries, to entry %d: %s.", report.Entries, report.LastN, report.Proved)
	return r.node.edition.Digest(ctx)
}

// A remote is a mirror with the newest checkpoint that it has.
type remote struct {
	newsroom.Mirror
	checkpoint []byte
	head       int64 // the newest entry that it has; its checkpoint may cover less
	close      func() error
}

// askMirrors takes back what each mirror has that is not here yet.
func (r *restore) askMirrors(ctx context.Context, g backup.Generation) error {
	if r.checkpoint != "" {
		kept, err := os.ReadFile(r.checkpoint)
		if err != nil {
			return fmt.Errorf("reading the checkpoint: %w", err)
		}
		if err := r.know(g, kept); err != nil {
			return fmt.Errorf("%s: %w", r.checkpoint, err)
		}
	}
	for _, where := range r.mirrors {
		if err := r.askMirror(ctx, g, where); err != nil {
			return fmt.Errorf("the mirror %s: %w", where, err)
		}
	}
	return nil
}

func (r *restore) askMirror(ctx context.Context, g backup.Generation, where string) (err error) {
	m, err := openMirror(ctx, where, g.Key, r.node.config.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.close()) }()
	if err := r.know(g, m.checkpoint); err != nil {
		return err
	}
	back, err := r.node.room.Recover(ctx, m, m.checkpoint)
	if err != nil {
		return err
	}
	r.back += back
	r.seen = max(r.seen, m.head)
	r.all = true // until goOn finds that more is known
	return nil
}

// know keeps a checkpoint if it is the newest so far.
func (r *restore) know(g backup.Generation, note []byte) error {
	c, err := record.OpenCheckpoint(note, g.Key)
	if err != nil {
		return fmt.Errorf("its checkpoint is not of this record: %w", err)
	}
	if r.kept != nil {
		if before, err := record.OpenCheckpoint(r.kept, g.Key); err == nil && before.Size >= c.Size {
			return nil
		}
	}
	r.kept = note
	return nil
}

// openMirror opens a mirror at an address, or the edition in a folder. scratch is a folder
// for what is held on to meanwhile.
func openMirror(ctx context.Context, where, key, scratch string) (m remote, err error) {
	if strings.HasPrefix(where, "http://") || strings.HasPrefix(where, "https://") {
		origin, err := mirror.At(where)
		if err != nil {
			return m, err
		}
		held, err := os.CreateTemp(scratch, "mirror-")
		if err != nil {
			return m, err
		}
		if err := errors.Join(held.Close(), os.Remove(held.Name())); err != nil {
			return m, err
		}
		source, err := mirror.Follow(ctx, origin, held.Name(), key)
		if err != nil {
			return m, err
		}
		m = remote{Mirror: addressed{source, origin}, close: func() error { return os.Remove(held.Name()) }}
		m.checkpoint = source.Checkpoint()
		return m, nil
	}
	if _, err := os.Stat(filepath.Join(where, "edition.db")); err != nil {
		where = filepath.Join(where, "edition")
	}
	e, err := edition.OpenToRead(ctx, where)
	if err != nil {
		return m, err
	}
	m = remote{Mirror: e, head: e.Applied(), close: e.Close}
	if m.checkpoint, err = e.NewestCheckpoint(ctx); err == nil && m.checkpoint == nil {
		err = errors.New("it has no signed checkpoint, and nothing unsigned is taken back")
	}
	if err != nil {
		err = errors.Join(err, e.Close())
	}
	return m, err
}

// addressed is a mirror over HTTP.
type addressed struct {
	*mirror.Source
	origin *mirror.Origin
}

func (a addressed) Rendition(ctx context.Context, sha256 string) ([]byte, error) {
	return a.origin.Rendition(ctx, sha256)
}

// goOn continues the volume where a mirror bears out that all that was signed is here and
// the key is there. Otherwise it begins the next volume, after the newest number known.
func (r *restore) goOn(ctx context.Context) error {
	key, err := r.takeKey(ctx)
	if err != nil {
		return err
	}
	complete, err := r.complete(ctx)
	if err != nil {
		return err
	}
	switch {
	case complete && key:
		r.say("%d entries came back from mirrors. Nothing is lost, and the volume goes on.", r.back)
		return nil
	case complete:
		r.say("%d entries came back from mirrors. Nothing is lost; a new volume begins, for the record's key is not here.", r.back)
	default:
		r.say("%d entries came back. What was signed after them is not here, if anything was: a new volume begins.", r.back)
	}
	if err := r.node.newVolume(ctx, record.Restored, r.kept, r.seen); err != nil {
		return err
	}
	r.say("%s begins.\n  key       %s\n  keep a copy of record.key elsewhere, and give readers the line above", r.node.key.Log(), r.node.key.Verifier())
	return nil
}

// eraseAgain erases what the list outside the backup names, and keeps the list.
func (r *restore) eraseAgain(ctx context.Context) error {
	if r.erased == "" {
		return nil
	}
	raw, err := os.ReadFile(r.erased)
	if err != nil {
		return fmt.Errorf("reading the list of what was erased: %w", err)
	}
	list, err := newsroom.ReadErased(r.erased)
	if err != nil {
		return err
	}
	again, err := r.node.room.EraseAgain(ctx, list)
	if err != nil {
		return err
	}
	r.say("%d of %d erasures were done again.", len(again), len(list))
	return backup.WriteFile(filepath.Join(r.node.config.Data, "erased.json"), raw)
}

// complete reports whether a mirror was asked, and nobody knows of more than is here.
func (r *restore) complete(ctx context.Context) (bool, error) {
	if !r.all {
		return false, nil
	}
	volume, _, err := r.node.volume(ctx)
	if err != nil {
		return false, err
	}
	c, err := record.OpenCheckpoint(r.kept, volume.Key)
	if err != nil {
		return false, err
	}
	head, err := r.node.db.Head(ctx)
	if err != nil {
		return false, err
	}
	size, err := r.node.volumeSize(ctx)
	return c.Size == size && r.seen <= head, err
}

// takeKey puts the record's key in its place, if it is given or in the backup, and reports
// whether it is there. Another volume's key is refused.
func (r *restore) takeKey(ctx context.Context) (bool, error) {
	if r.key != "" {
		secret, err := os.ReadFile(r.key)
		if err != nil {
			return false, fmt.Errorf("reading the key: %w", err)
		}
		if err := writeKey(r.node.keyFile(), strings.TrimSpace(string(secret)), os.O_TRUNC); err != nil {
			return false, err
		}
	}
	if _, err := os.Stat(r.node.keyFile()); err != nil {
		return false, nil
	}
	return true, r.node.loadKey(ctx)
}
