package zone_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline/internal/zone"
)

func TestBuilt(t *testing.T) {
	d := zone.Built()
	names := d.Names()
	if len(names) < 590 || !slices.IsSorted(names) {
		t.Errorf("%d names, sorted %t", len(names), slices.IsSorted(names))
	}
	for _, name := range names {
		if _, err := d.Load(name); err != nil {
			t.Error(err)
		}
	}
	for _, name := range []string{"UTC", "Asia/Jerusalem", "Israel", "US/Eastern", "America/Argentina/Buenos_Aires", "Pacific/Apia", "Etc/GMT+12"} {
		if !slices.Contains(names, name) {
			t.Errorf("%s is missing", name)
		}
	}
	for _, name := range names {
		if name == "VERSION" || name == "Factory" || name == "localtime" || strings.HasPrefix(name, "posix") || strings.HasPrefix(name, "right/") || strings.HasSuffix(name, ".tab") {
			t.Errorf("%s is no zone of a place", name)
		}
	}
}

// TestVersionBeside holds the file that people read to the data that the binary reads.
func TestVersionBeside(t *testing.T) {
	beside, err := os.ReadFile("VERSION")
	if err != nil {
		t.Fatal(err)
	}
	if got := zone.Built().Version(); got+"\n" != string(beside) {
		t.Errorf("the zip is %q, VERSION beside it %q", got, beside)
	}
}

// TestRules checks offsets that changed, in years past the end of every table too.
func TestRules(t *testing.T) {
	for _, c := range []struct{ zone, at, want string }{
		{"America/New_York", "2024-03-22T22:52:00Z", "18:52 EDT -0400"},
		{"America/New_York", "2198-12-22T22:52:00Z", "17:52 EST -0500"},
		{"Asia/Jerusalem", "2024-03-28T12:00:00Z", "14:00 IST +0200"},
		{"Asia/Jerusalem", "2024-03-29T12:00:00Z", "15:00 IDT +0300"},
		{"Asia/Tehran", "2021-07-10T00:00:00Z", "04:30 +0430 +0430"},
		{"Asia/Tehran", "2024-07-10T00:00:00Z", "03:30 +0330 +0330"},
		{"Pacific/Apia", "2011-12-30T09:59:59Z", "23:59 -10 -1000"},
		{"Pacific/Apia", "2011-12-30T10:00:00Z", "00:00 +14 +1400"},
		{"Australia/Lord_Howe", "2030-07-01T00:00:00Z", "10:30 +1030 +1030"},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		loc, err := zone.Built().Load(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := at.In(loc).Format("15:04 MST -0700"); got != c.want {
			t.Errorf("%s at %s: %s, want %s", c.zone, c.at, got, c.want)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	for _, name := range []string{
		"", "Local", "..", "../etc/passwd", "Europe/../UTC", "/etc/localtime", `Asia\Jerusalem`,
		"Mars/Phobos", "Asia/", "Asia", "VERSION", "Factory", "america/new_york", " UTC", "UTC\n", "UTC\x00", strings.Repeat("a", 5000),
	} {
		loc, err := zone.Built().Load(name)
		if err == nil {
			t.Errorf("%.40q gave %s", name, loc)
		} else if s := err.Error(); len(s) > 250 || strings.Contains(s, "\n") {
			t.Errorf("%.40q: %q is not one clear sentence", name, s)
		}
	}
	for name, part := range map[string]string{"": "no name", "Local": "the machine's own", "asia/jerusalem": "perhaps Asia/Jerusalem is meant"} {
		if _, err := zone.Built().Load(name); err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%q: %v does not say %q", name, err, part)
		}
	}
}

func TestLoadAtOnce(t *testing.T) {
	d, err := zone.Open(packed(t, map[string][]byte{"VERSION": []byte("2031c\n"), "Asia/Jerusalem": content(t, "Asia/Jerusalem")}))
	if err != nil {
		t.Fatal(err)
	}
	found := make([]*time.Location, 8)
	var wait sync.WaitGroup
	for i := range found {
		wait.Go(func() { found[i], _ = d.Load("Asia/Jerusalem") })
	}
	wait.Wait()
	if found[0] == nil || len(slices.Compact(found)) != 1 {
		t.Errorf("not one and the same: %v", found)
	}
}

// TestOpen wants all from the file and nothing from the built-in or the system's data.
func TestOpen(t *testing.T) {
	file := packed(t, map[string][]byte{"VERSION": []byte("2031c\n"), "Asia/": nil, "Asia/Jerusalem": content(t, "Asia/Jerusalem")})
	d, err := zone.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if d.Version() != "2031c" || !slices.Equal(d.Names(), []string{"Asia/Jerusalem"}) {
		t.Errorf("%q, %v", d.Version(), d.Names())
	}
	if _, err := d.Load("Europe/London"); err == nil || !strings.Contains(err.Error(), "2031c") {
		t.Errorf("a zone that only other data has: %v", err)
	}
}

func TestOpenRefuses(t *testing.T) {
	jerusalem := content(t, "Asia/Jerusalem")
	version := []byte("2031c\n")
	dir := t.TempDir()
	text := filepath.Join(dir, "text")
	if err := os.WriteFile(text, []byte("not a zip"), 0o600); err != nil {
		t.Fatal(err)
	}
	cut := filepath.Join(dir, "cut")
	whole, err := os.ReadFile("zoneinfo.zip")
	if err == nil {
		err = os.WriteFile(cut, whole[:len(whole)/2], 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	for what, file := range map[string]string{
		"no file":             filepath.Join(dir, "none"),
		"a folder":            dir,
		"text":                text,
		"half a file":         cut,
		"no version":          packed(t, map[string][]byte{"Asia/Jerusalem": jerusalem}),
		"another version":     packed(t, map[string][]byte{"VERSION": []byte("latest"), "Asia/Jerusalem": jerusalem}),
		"no zones":            packed(t, map[string][]byte{"VERSION": version}),
		"a damaged zone":      packed(t, map[string][]byte{"VERSION": version, "Asia/Jerusalem": jerusalem[:60]}),
		"a zone that is text": packed(t, map[string][]byte{"VERSION": version, "README": []byte("zones")}),
		"the machine's zone":  packed(t, map[string][]byte{"VERSION": version, "Local": jerusalem}),
		"a path":              packed(t, map[string][]byte{"VERSION": version, "../Jerusalem": jerusalem}),
		"an enormous zone":    packed(t, map[string][]byte{"VERSION": version, "Asia/Jerusalem": append(jerusalem, make([]byte, 1<<20)...)}),
	} {
		if d, err := zone.Open(file); err == nil {
			t.Errorf("%s: gave %v", what, d.Names())
		} else if s := err.Error(); !strings.HasPrefix(s, "zone data") || strings.Contains(s, "\n") {
			t.Errorf("%s: %q is not one clear sentence", what, s)
		}
	}
}

// packed writes a zip of entries and returns its file.
func packed(t *testing.T, entries map[string][]byte) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, body := range entries {
		w, err := z.Create(name)
		if err == nil && body != nil {
			_, err = w.Write(body)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "zones.zip")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// content is an entry of the zip that the binary carries.
func content(t *testing.T, name string) []byte {
	t.Helper()
	z, err := zip.OpenReader("zoneinfo.zip")
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func BenchmarkLoad(b *testing.B) {
	d := zone.Built()
	for b.Loop() {
		if _, err := d.Load("America/New_York"); err != nil {
			b.Fatal(err)
		}
	}
}
