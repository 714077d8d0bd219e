package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"

	"dateline/internal/backup"
)

// backupCommand copies a house, running or not, into a folder.
func backupCommand(ctx context.Context, args []string, out, _ io.Writer) error {
	f := flag.NewFlagSet("backup", flag.ContinueOnError)
	config, data := configFlags(f)
	to := f.String("to", "", "the folder of the backup: a new one, or one that holds backups of this house")
	withKey := f.Bool("with-key", false, "the record's key comes along: keep the backup as you keep the key")
	keep := f.Int("keep", 3, "how many backups stay in the folder, this one among them")
	rest, err := parse(f, args, out)
	if err != nil || len(rest) > 0 {
		return errors.Join(err, tooMany("backup", rest))
	}
	if *to == "" {
		return errors.New("backup needs --to FOLDER")
	}
	c, err := loadFilled(*config, *data)
	if err != nil {
		return err
	}
	o := backup.Options{Data: c.Data, Database: c.Database, Shared: c.Shared, To: *to, WithKey: *withKey, Keep: *keep, Version: Version(), At: time.Now(), Progress: giveWay(progressTo(out))}
	if _, err := os.Stat(*config); err == nil {
		o.Config = *config
	}
	m, err := backup.Make(ctx, o)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(out, "%s\n  record    volume %d, entry %d, %s\n  pictures  %d copied, %d there already\n  key       %s\n",
		m.Folder, m.Volume, m.N, m.Report.Proved, m.Copied, m.There, map[bool]string{true: "in the backup", false: "not in the backup; keep a copy of record.key elsewhere"}[*withKey]); err != nil {
		return err
	}
	for _, p := range m.Damaged {
		if _, err := fmt.Fprintf(out, "the picture %s is damaged in the house itself, and not in the backup\n", p); err != nil {
			return err
		}
	}
	if len(m.Damaged) > 0 {
		return fmt.Errorf("the backup is whole but for %d pictures", len(m.Damaged))
	}
	return nil
}

// giveWay lets the house go first wherever both want the processor or the disk: after each
// piece of its work a backup rests as long as that took.
func giveWay(progress func(what string, done, all int64)) func(what string, done, all int64) {
	_ = syscall.Setpriority(syscall.PRIO_PROCESS, 0, 10) // without it a backup is only less polite
	began := time.Now()
	return func(what string, done, all int64) {
		progress(what, done, all)
		time.Sleep(min(time.Since(began), 50*time.Millisecond))
		began = time.Now()
	}
}

// progressTo prints how far long work has come, a line every two seconds.
func progressTo(out io.Writer) func(what string, done, all int64) {
	last := time.Now()
	return func(what string, done, all int64) {
		if now := time.Now(); now.Sub(last) >= 2*time.Second {
			last = now
			_, _ = fmt.Fprintf(out, "%s: %d of %d MB\n", what, done>>20, all>>20) // a line less is no failure
		}
	}
}
