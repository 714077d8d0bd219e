package wire_test

import (
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/wire"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// fixtures are the invented wires of testdata, one of each kind that agencies send.
func fixtures(t testing.TB) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"testdata/*.xml", "testdata/*.json"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) < 9 {
		t.Fatalf("only %d fixtures", len(files))
	}
	return files
}

func read(t testing.TB, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func parse(t testing.TB, file string) []wire.Item {
	t.Helper()
	items, err := wire.Parse(file, read(t, file))
	if err != nil {
		t.Fatal(err)
	}
	return items
}

// shown is an item as golden files keep it, with the hash of its words.
type shown struct {
	wire.Item
	Words string `json:"words"`
}

func TestGolden(t *testing.T) {
	for _, file := range fixtures(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			var all []shown
			for _, it := range parse(t, file) {
				wantClean(t, it)
				all = append(all, shown{it, hex.EncodeToString(it.Words[:])})
			}
			got, err := json.MarshalIndent(all, "", "\t")
			if err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", "golden", filepath.Base(file)+".json")
			if *update {
				if err := os.WriteFile(golden, append(got, '\n'), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(read(t, golden)), string(got)+"\n"); diff != "" {
				t.Errorf("other than %s, -update rewrites it (-want +got):\n%s", golden, diff)
			}
		})
	}
}

// The same report by six roads is one version: its words hash alike whatever the format,
// the quotes, the dashes and the markup.
func TestOneReportManyFormats(t *testing.T) {
	const guid = "urn:newsml:terntide.example:20240322:osmouth-lamp"
	var all []wire.Item
	for _, file := range []string{"rss.xml", "atom.xml", "g2-message.xml", "ninjs-1.json", "ninjs-2.json", "ninjs-3.json"} {
		for _, it := range parse(t, "testdata/"+file) {
			if it.GUID == guid {
				all = append(all, it)
			}
		}
	}
	if len(all) != 6 {
		t.Fatalf("%d of 6 roads", len(all))
	}
	for _, it := range all[1:] {
		if it.Words != all[0].Words {
			t.Errorf("%s hashes other words than %s", it.Format, all[0].Format)
		}
		if !it.Sent.Equal(all[0].Sent) {
			t.Errorf("%s was sent at %s, not %s", it.Format, it.Sent, all[0].Sent)
		}
		if it.Byline != "Nell Harrow" || it.Provider != "Tern & Tide" {
			t.Errorf("%s is by %q of %q", it.Format, it.Byline, it.Provider)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	for _, file := range []string{"rss.xml", "g2-message.xml", "ninjs-2.json"} {
		raw := read(b, "testdata/"+file)
		b.Run(file, func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := wire.Parse(file, raw); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
