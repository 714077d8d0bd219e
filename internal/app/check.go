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
	"time"

	"dateline/internal/clock"
	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/zone"
)

// checkCommand looks at a house, running or not, and prints a line for each doubt; with
// any, it fails.
func checkCommand(ctx context.Context, args []string, out, _ io.Writer) error {
	f := flag.NewFlagSet("check", flag.ContinueOnError)
	config, data := configFlags(f)
	if rest, err := parse(f, args, out); err != nil || len(rest) > 0 {
		return errors.Join(err, tooMany("check", rest))
	}
	c, err := loadFilled(*config, *data)
	if err != nil {
		return err
	}
	var doubts []string
	doubt := func(format string, a ...any) { doubts = append(doubts, fmt.Sprintf(format, a...)) }
	if c.House != nil {
		checkDesks(c, doubt)
	}
	if err := checkHouse(ctx, c, doubt); err != nil {
		doubt("%s", err)
	}
	for _, d := range doubts {
		if _, err := fmt.Fprintln(out, d); err != nil {
			return err
		}
	}
	if len(doubts) > 0 {
		return errors.New(counted(len(doubts), "doubt"))
	}
	_, err = fmt.Fprintln(out, "no doubt")
	return err
}

func tooMany(command string, rest []string) error {
	if len(rest) == 0 {
		return nil
	}
	return fmt.Errorf("%s takes no %q", command, rest[0])
}

// checkDesks computes every configured desk's rests.
func checkDesks(c Config, doubt func(string, ...any)) {
	zones, err := openZones(c.ZoneData)
	if err != nil {
		doubt("%s", err)
		return
	}
	s, err := c.setup()
	if err != nil {
		doubt("%s", err)
		return
	}
	now, err := sourceOf(c.Data)
	if err != nil {
		doubt("%s", err)
		return
	}
	for _, trouble := range checkRoom(c, zones).CheckSetup(s, now().Wall) {
		doubt("%s", trouble)
	}
}

// checkRoom is a newsroom that computes rests and has no store.
func checkRoom(c Config, zones *zone.Data) *newsroom.Room {
	return newsroom.New(nil, newsroom.Options{Zones: zones, Calendars: c.sharedFolder("calendars")})
}

// checkHouse looks at what is on the disk.
func checkHouse(ctx context.Context, c Config, doubt func(string, ...any)) (err error) {
	if err := c.mustBeThere(); err != nil {
		return err
	}
	checkKey(filepath.Join(c.Data, "record.key"), doubt)
	now, err := sourceOf(c.Data)
	if err != nil {
		return err
	}
	sealed := writable(c.Data)
	if sealed != nil {
		doubt("%s", sealed)
	}
	db, err := store.OpenToRead(ctx, c.storeAddress())
	if err != nil && sealed != nil {
		return errors.New("because of that the store cannot be looked at")
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := checkVolume(ctx, c, db, doubt); err != nil {
		return err
	}
	back, err := db.TakenBack(ctx)
	if err != nil {
		return err
	}
	report, err := record.Verify(ctx, db, record.VerifyOptions{TakenBack: back})
	if err != nil {
		return err
	}
	for _, p := range report.Problems {
		doubt("record, entry %d: %s", p.N, p.What)
	}
	if err := checkFiles(ctx, c, db, doubt); err != nil {
		doubt("%s", err)
	}
	reading := now()
	if reading.Wall.Add(5 * time.Second).Before(report.Last) {
		doubt("the clock (%s) is behind the last posted time (%s)", clock.ISO(reading.Wall), clock.ISO(report.Last))
	}
	return db.Read(ctx, func(q *store.Query) error {
		left, err := newsroom.LeftToClear(q)
		if err != nil {
			return err
		}
		for _, line := range left {
			doubt("%s: a running house does that by itself", line)
		}
		rows, err := q.Desks()
		if err != nil {
			return err
		}
		for _, row := range rows {
			h, err := newsroom.Hours(q, row.ID)
			if err != nil {
				return err
			}
			if !h.Known(reading.Wall) {
				doubt("the rests of desk %s are not known for now: it is closed", row.ID)
			}
		}
		return checkRests(ctx, c, q, reading.Wall, doubt)
	})
}

// checkRests computes the rests of every desk as its settings in the store have them.
func checkRests(ctx context.Context, c Config, q *store.Query, now time.Time, doubt func(string, ...any)) error {
	zones, err := openZones(c.ZoneData)
	if err != nil {
		return err
	}
	troubles, err := checkRoom(c, zones).CheckRests(ctx, q, now)
	for _, trouble := range troubles {
		doubt("%s Its newest entry stands until its horizon.", trouble)
	}
	return err
}

func checkKey(file string, doubt func(string, ...any)) {
	info, err := os.Stat(file)
	switch {
	case err != nil:
		doubt("record.key is missing: nothing can be posted without it")
	case info.Mode().Perm()&0o077 != 0:
		doubt("record.key can be read by others: chmod 600 %s", file)
	}
}

// checkVolume compares the key in the folder with the one that the newest volume names.
func checkVolume(ctx context.Context, c Config, db *store.DB, doubt func(string, ...any)) error {
	n := &node{config: c, db: db}
	volume, found, err := n.volume(ctx)
	if err != nil || !found {
		return err
	}
	if key, err := readKey(n.keyFile()); err == nil && key.Verifier() != volume.Key {
		doubt("record.key is not that of the record's newest volume, %s: put that one back, or begin a volume with dateline record newkey", volume.Log)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		doubt("%s", err)
	}
	return nil
}
