package backup

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"dateline/internal/record"
	"dateline/internal/store"
)

// clockFile is a demo's clock, which belongs to its house.
const clockFile = "clock.json"

// Options say what is to be copied.
type Options struct {
	Data     string // the folder of the house, which may run
	Database string // the address of its store, where that is in PostgreSQL; "" for the file in Data
	Shared   string // the folder of its pictures and calendars, where that is another than Data
	To       string // the folder of the backup
	Config   string // the configuration, if it is to come along; "" for none
	WithKey  bool   // the record's key comes along
	Keep     int    // how many generations stay, this one among them
	Version  string // of this binary
	At       time.Time
	Progress func(what string, done, all int64) // of bytes
}

// Made is what a backup came to.
type Made struct {
	Manifest
	Folder   string   // of the generation
	Copied   int      // pictures
	There    int      // pictures that were in the backup already
	Damaged  []string // pictures that are damaged in the house itself
	Report   record.Report
	Removed  int // older generations
	Unlisted int // pictures of the pool that belong to no generation any more
}

// Make adds a generation to a backup's folder. Until its last step the folder is as it was
// but for files that no generation names; after it the new generation is whole, on the
// disk, and found to be sound.
func Make(ctx context.Context, o Options) (m Made, err error) {
	if o.Progress == nil {
		o.Progress = func(string, int64, int64) {}
	}
	if _, err := os.Stat(filepath.Join(o.Data, storeFile)); err != nil && o.Database == "" {
		return m, fmt.Errorf("there is no house in %s", o.Data)
	}
	for _, house := range []string{o.Data, o.shared()} {
		if err := prepareTarget(house, o.To); err != nil {
			return m, err
		}
	}
	lock, err := lockTarget(o.To)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(full(o.To, err), lock.Close()) }()
	name := o.At.UTC().Format(nameForm)
	m.Folder = filepath.Join(o.To, name)
	if _, err := os.Stat(m.Folder); err == nil {
		return m, fmt.Errorf("there is a backup of that instant already: %s", m.Folder)
	}
	unfinished := m.Folder + ".new"
	if err := os.RemoveAll(unfinished); err != nil {
		return m, err
	}
	if err := os.Mkdir(unfinished, 0o700); err != nil {
		return m, err
	}
	if err := m.fill(ctx, o, unfinished); err != nil {
		return m, errors.Join(err, os.RemoveAll(unfinished))
	}
	if err := os.Rename(unfinished, m.Folder); err != nil {
		return m, err
	}
	if err := syncFolders(o.To); err != nil {
		return m, err
	}
	return m, m.prune(o)
}

// shared is the folder of pictures and calendars.
func (o Options) shared() string { return cmp.Or(o.Shared, o.Data) }

// prepareTarget refuses a folder that is part of the house or of something else.
func prepareTarget(data, to string) error {
	house, err := real(data)
	if err != nil {
		return err
	}
	target, err := real(to)
	if err != nil {
		return err
	}
	if within(target, house) || within(house, target) {
		return fmt.Errorf("a backup of %s cannot lie in %s: one folder holds the other", data, to)
	}
	if err := os.MkdirAll(to, 0o700); err != nil {
		return fmt.Errorf("making the folder of the backup: %w", err)
	}
	all, err := os.ReadDir(to)
	if err != nil {
		return err
	}
	for _, d := range all {
		n := d.Name()
		if n != lockName && n != picturesDir && !generationName.MatchString(n) && !unfinishedName.MatchString(n) {
			return fmt.Errorf("%s holds %q, which is no backup: give a folder of its own", to, n)
		}
	}
	return nil
}

// real is where a path leads once every link on it is followed; what is not there yet has
// none.
func real(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	led, err := filepath.EvalSymlinks(abs)
	if !errors.Is(err, fs.ErrNotExist) {
		return led, err
	}
	folder, err := real(filepath.Dir(abs))
	return filepath.Join(folder, filepath.Base(abs)), err
}

func within(path, folder string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

const lockName = "lock"

// lockTarget keeps a second backup out of a folder: each would delete what the other makes.
func lockTarget(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("locking the folder of the backup: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("another backup is being made into %s", dir), f.Close())
	}
	return f, nil
}

// fill copies everything into a folder and writes the manifest last. The store comes
// first: every picture that it names was on the disk before.
func (m *Made) fill(ctx context.Context, o Options, dir string) error {
	file := filepath.Join(dir, storeFile)
	err := store.Backup(ctx, cmp.Or(o.Database, filepath.Join(o.Data, storeFile)), file, func(done, all int64) { o.Progress("the store", done, all) })
	if err != nil {
		return err
	}
	m.Manifest = Manifest{Form: form, Dateline: o.Version, At: o.At.UTC()}
	if err := m.judge(ctx, file); err != nil {
		return err
	}
	if err := m.pictures(ctx, o, dir); err != nil {
		return err
	}
	if err := m.others(ctx, o, dir); err != nil {
		return err
	}
	for _, name := range []string{storeFile, picturesFile} {
		bytes, sum, err := hashFile(ctx, filepath.Join(dir, name))
		if err != nil {
			return err
		}
		m.Files = append(m.Files, File{name, bytes, sum})
	}
	manifest, err := m.encode()
	if err != nil {
		return err
	}
	return errors.Join(writeFile(filepath.Join(dir, manifestFile), manifest), syncFile(file), syncFolders(dir))
}

func syncFile(file string) error {
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// judge looks through the copy, so that a backup that could not be restored never takes the
// place of one that could, and reads what the manifest says of the record.
func (m *Made) judge(ctx context.Context, file string) (err error) {
	db, err := store.OpenCopy(ctx, file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if m.Report, err = Check(ctx, db, record.VerifyOptions{}); err != nil {
		return fmt.Errorf("the house is not sound, and an older backup is worth more than a new one: %w", err)
	}
	return db.Read(ctx, func(q *store.Query) error {
		if m.N, m.Volume, _, err = q.Last(); err != nil {
			return err
		}
		volume, _, err := q.VolumeContent()
		if err != nil {
			return err
		}
		checkpoint, _, err := q.NewestCheckpoint(m.Volume)
		m.Key, m.Checkpoint = volume.Key, string(checkpoint.Note)
		return err
	})
}

// Check looks through a whole store: its pages, and the proof of its record.
func Check(ctx context.Context, db *store.DB, o record.VerifyOptions) (r record.Report, err error) {
	lines, err := db.Damage(ctx)
	if err != nil {
		return r, err
	}
	if len(lines) > 0 {
		return r, fmt.Errorf("the store is damaged: %s", lines[0])
	}
	if o.TakenBack, err = db.TakenBack(ctx); err != nil {
		return r, err
	}
	if r, err = record.Verify(ctx, db, o); err != nil {
		return r, err
	}
	if len(r.Problems) > 0 {
		return r, fmt.Errorf("the record, entry %d: %s (%d problems; dateline record verify lists them)", r.Problems[0].N, r.Problems[0].What, len(r.Problems)+r.More)
	}
	return r, nil
}

// pictures copies those that the backup does not have yet, and lists all.
func (m *Made) pictures(ctx context.Context, o Options, dir string) error {
	from, pool := filepath.Join(o.shared(), picturesDir), filepath.Join(o.To, picturesDir)
	all, err := listed(from)
	if err != nil {
		return err
	}
	var bytes, done int64
	for _, p := range all {
		bytes += p.bytes
	}
	folders := map[string]bool{}
	kept := all[:0]
	for _, p := range all {
		done += p.bytes
		there, err := m.picture(ctx, p, from, pool, folders)
		if err != nil {
			return fmt.Errorf("copying picture %s: %w", p.sha, err)
		}
		if there {
			kept = append(kept, p)
		}
		o.Progress("pictures", done, bytes)
	}
	for folder := range folders {
		if err := syncFolders(folder, filepath.Dir(folder), pool); err != nil {
			return err
		}
	}
	return errors.Join(writeFile(filepath.Join(dir, picturesFile), encodeList(kept)), syncFolders(o.To))
}

// picture sees to it that one picture is in the pool; there is false for one that the house
// itself has no longer, or only damaged.
func (m *Made) picture(ctx context.Context, p picture, from, pool string, folders map[string]bool) (there bool, err error) {
	to := p.path(pool)
	if info, err := os.Stat(to); err == nil && info.Size() == p.bytes {
		m.There++
		return true, nil
	}
	_, _, err = copyFile(ctx, p.path(from), to, p.sha)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil // erased meanwhile
	case errors.Is(err, errDamaged):
		m.Damaged = append(m.Damaged, p.path(from))
		return false, nil
	case err != nil:
		return false, err
	}
	m.Copied++
	folders[filepath.Dir(to)] = true
	return true, nil
}

// others copies the small files that come along.
func (m *Made) others(ctx context.Context, o Options, dir string) error {
	from := map[string]string{clockFile: filepath.Join(o.Data, clockFile)}
	if o.Config != "" {
		from[ConfigFile] = o.Config
	}
	if o.WithKey {
		from[KeyFile] = filepath.Join(o.Data, KeyFile)
	}
	calendars, err := filepath.Glob(filepath.Join(o.shared(), calendarsDir, "*"))
	if err != nil {
		return err
	}
	for _, file := range calendars {
		if name := calendarsDir + "/" + filepath.Base(file); isCalendar(name) {
			from[name] = file
		}
	}
	for _, name := range slices.Sorted(maps.Keys(from)) {
		bytes, sum, err := copyFile(ctx, from[name], filepath.Join(dir, name), "")
		if errors.Is(err, fs.ErrNotExist) && (name == clockFile || isCalendar(name)) {
			continue
		}
		if err != nil {
			return fmt.Errorf("copying %s: %w", name, err)
		}
		m.Files = append(m.Files, File{name, bytes, sum})
	}
	if _, err := os.Stat(filepath.Join(dir, calendarsDir)); err != nil {
		return nil // there are none
	}
	return syncFolders(filepath.Join(dir, calendarsDir))
}

// prune deletes the oldest generations and the pictures that none names any more: what was
// erased in the house leaves its backups with the last generation that knew it.
func (m *Made) prune(o Options) error {
	names, err := generations(o.To)
	if err != nil {
		return err
	}
	keep := max(o.Keep, 1)
	for len(names) > keep {
		if err := os.RemoveAll(filepath.Join(o.To, names[0])); err != nil {
			return fmt.Errorf("deleting an older backup: %w", err)
		}
		m.Removed++
		names = names[1:]
	}
	named := map[string]bool{}
	for _, name := range names {
		all, err := readList(filepath.Join(o.To, name, picturesFile))
		if err != nil {
			return fmt.Errorf("the backup %s: %w: delete it, and no picture of a sound one goes", name, err)
		}
		for _, p := range all {
			named[p.kind+p.sha] = true
		}
	}
	pool := filepath.Join(o.To, picturesDir)
	all, err := listed(pool)
	if err != nil {
		return err
	}
	for _, p := range all {
		if !named[p.kind+p.sha] {
			if err := os.Remove(p.path(pool)); err != nil {
				return err
			}
			m.Unlisted++
		}
	}
	return m.sweep(o.To)
}

// sweep deletes what backups left that were cut short.
func (m *Made) sweep(to string) error {
	all, err := os.ReadDir(to)
	if err != nil {
		return err
	}
	for _, d := range all {
		if unfinishedName.MatchString(d.Name()) {
			if err := os.RemoveAll(filepath.Join(to, d.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}
