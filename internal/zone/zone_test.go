package zone_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"dateline/internal/zone"
)

func TestEveryZoneLoads(t *testing.T) {
	d := zone.Built()
	if len(d.Names()) < 400 || d.Version() < "2026" {
		t.Fatalf("%d zones of %q", len(d.Names()), d.Version())
	}
	for _, name := range d.Names() {
		if _, err := d.Load(name); err != nil {
			t.Error(err)
		}
	}
}

func TestLoad(t *testing.T) {
	ny, err := zone.Built().Load("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	if got := time.Date(2024, 3, 22, 22, 52, 0, 0, time.UTC).In(ny).Format("15:04 MST"); got != "18:52 EDT" {
		t.Error(got)
	}
	for _, bad := range []string{"", "Local", "../etc/passwd", "/etc/localtime", "Mars/Phobos", `Asia\Jerusalem`, "Asia/", "VERSION", "Europe/../UTC"} {
		if _, err := zone.Built().Load(bad); err == nil {
			t.Errorf("%q was not refused", bad)
		}
	}
}

func TestOpenRefusesWhatIsNoArchive(t *testing.T) {
	file := filepath.Join(t.TempDir(), "z.zip")
	if err := os.WriteFile(file, []byte("not a zip"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{file, filepath.Join(t.TempDir(), "none")} {
		if _, err := zone.Open(f); err == nil {
			t.Errorf("%s was not refused", f)
		}
	}
}
