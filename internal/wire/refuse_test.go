package wire_test

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"unicode/utf16"

	"dateline/internal/story"
	"dateline/internal/wire"
)

// wantRefusal fails t unless err is one clear sentence for people.
func wantRefusal(t testing.TB, err error) {
	t.Helper()
	r, ok := story.AsRefusal(err)
	switch {
	case !ok:
		t.Errorf("%v is no refusal", err)
	case strings.TrimSpace(r.Sentence) == "", !strings.HasSuffix(r.Sentence, "."), strings.Contains(r.Sentence, "\n"), len(r.Sentence) > 400:
		t.Errorf("%q is no clear sentence", r.Sentence)
	}
}

func utf16LE(s string) []byte {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return b
}

func TestBadInput(t *testing.T) {
	rss := string(read(t, "testdata/rss.xml"))
	g2 := string(read(t, "testdata/g2-message.xml"))
	ninjs := string(read(t, "testdata/ninjs-2.json"))
	item := func(inner string) string {
		return `<rss version="2.0"><channel><item>` + inner + `</item></channel></rss>`
	}
	for _, c := range []struct{ what, file, says string }{
		{"nothing", "", "is empty"},
		{"spaces", " \n\t ", "is empty"},
		{"enormous", strings.Repeat(" ", wire.MaxBytes) + rss, "larger than 8 MiB"},
		{"truncated RSS", rss[:len(rss)/2], "cut off before its end"},
		{"truncated NewsML", g2[:len(g2)/2], "cut off before its end"},
		{"truncated ninjs", ninjs[:len(ninjs)/2], "cut off before its end"},
		{"text after ninjs", ninjs + ninjs, "goes on after its end"},
		{"not well-formed", strings.Replace(g2, "</itemMeta>", "", 1), "not well-formed XML: line"},
		{"broken JSON", `{"uri":"a",}`, "not well-formed JSON"},
		{"no UTF-8", strings.Replace(rss, "dark", "d\xe4rk", 1), "not written in UTF-8, as it says"},
		{"no UTF-8, undeclared", strings.Replace(ninjs, "Lamp", "L\xe4mp", 1), "not written in UTF-8"},
		{"unknown charset", strings.Replace(rss, "UTF-8", "x-ellerish", 1), `names a charset that is not known here ("x-ellerish")`},
		{"UTF-7", strings.Replace(rss, "UTF-8", "UTF-7", 1), "names a charset"},
		{"false UTF-16", strings.Replace(rss, "UTF-8", "UTF-16", 1), "says that it is written in"},
		{"odd UTF-16", "\xff\xfe" + rss, "no wire that is known"},
		{"EBCDIC", "\x4c\x6f\xa7\x94\x93\x40", "not written in UTF-8"},
		{"zero bytes", strings.Replace(rss, "dark", "d\x00rk", 1), "zero bytes"},
		{"entity bomb", `<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>` + item("<title>&b;</title>"), "entities of its own"},
		{"external entity", `<!DOCTYPE newsItem [<!entity x SYSTEM "file:///etc/passwd">]><newsItem guid="a"><itemMeta>&x;</itemMeta></newsItem>`, "entities of its own"},
		{"nested XML", `<rss>` + strings.Repeat("<a>", 300) + strings.Repeat("</a>", 300) + `</rss>`, "nests elements deeper than 256"},
		{"nested JSON", strings.Repeat("[", 100000), "nests deeper than 256"},
		{"attributes", item("<a " + strings.Repeat(`b="" `, 65) + "/>"), "more than 64 attributes"},
		{"a flood of attributes", item("<a " + strings.Repeat(`b="" `, 500_000) + "/>"), "more than 64 attributes"},
		{"elements", item(strings.Repeat("<a/>", 100_001)), "more than 100000 elements"},
		{"values", `{"uri":"a","subject":[` + strings.Repeat("{},", 100_001) + `{}]}`, "more than 100000 values"},
		{"items of a feed", "<rss><channel>" + strings.Repeat("<item/>", 2001) + "</channel></rss>", "more than 2000 items"},
		{"items of NewsML", "<newsMessage>" + strings.Repeat(`<newsItem guid="a"/>`, 2001) + "</newsMessage>", "more than 2000 items"},
		{"items of ninjs", "[" + strings.Repeat(`{"uri":"a"},`, 2001) + "{}]", "more than 2000 items"},
		{"guid", item("<guid>" + strings.Repeat("g", 2049) + "</guid><title>t</title>"), "longer than 2 KiB"},
		{"no guid", `<newsItem><itemMeta/></newsItem>`, "without a guid"},
		{"a guid that nobody sees", "{\"uri\":\"\u200b\",\"type\":\"text\",\"headline\":\"h\"}", "without a guid"},
		{"no uri", `{"type":"text","headline":"h"}`, "has no uri"},
		{"paragraphs", item("<title>t</title><description>" + strings.Repeat("&lt;p>a", 5001) + "</description>"), "more than 5,000 paragraphs"},
		{"styles", item("<title>t</title><description>" + strings.Repeat("&lt;b>a&lt;/b>b", 10_001) + "</description>"), "changes of style"},
		{"HTML", "<!doctype html><html><body><p>Hello", "no wire that is known"},
		{"words", "Dear desk, please find attached", "no wire that is known"},
		{"NITF alone", "<nitf><body/></nitf>", "no wire that is known"},
		{"a picture", "\xff\xd8\xff\xe0\x00\x10JFIF", "begins as a JPEG picture does"},
		{"a PDF", "%PDF-1.7 ...", "begins as a PDF does"},
		{"compressed", "\x1f\x8b\x08\x00", "begins as a compressed file does"},
	} {
		items, err := wire.Parse("drop/in\x1b[31m/bad.wire", []byte(c.file))
		if err == nil {
			t.Errorf("%s: taken for %d items", c.what, len(items))
			continue
		}
		wantRefusal(t, err)
		if !strings.Contains(err.Error(), c.says) || !strings.HasPrefix(err.Error(), "bad.wire ") {
			t.Errorf("%s: %q does not say %q", c.what, err, c.says)
		}
	}
}

// Floods are refused before anything is built from them.
func TestFloodsAreCheap(t *testing.T) {
	for what, file := range map[string]string{
		"items":      `<rss version="2.0"><channel>` + strings.Repeat("<item>a report of few words, and a guid of none</item>", 90_000) + `</channel></rss>`,
		"attributes": `<rss version="2.0"><channel><item><a ` + strings.Repeat(`b="" `, 1_000_000) + `/></item></channel></rss>`,
		"lists":      `[` + strings.Repeat("{},", 2_000_000) + `{}]`,
		"nesting":    strings.Repeat("<a>", 2_000_000),
	} {
		b := []byte(file)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := wire.Parse("f", b)
		runtime.ReadMemStats(&after)
		if err == nil {
			t.Errorf("%s were taken", what)
		}
		if cost := (after.TotalAlloc - before.TotalAlloc) >> 20; cost > 32 {
			t.Errorf("%s cost %d MiB", what, cost)
		}
	}
}

// What is odd but harmless is read.
func TestOddInput(t *testing.T) {
	rss := string(read(t, "testdata/rss.xml"))
	title := func(b []byte) string {
		items, err := wire.Parse("odd", b)
		if err != nil || len(items) == 0 {
			return fmt.Sprint(items, err)
		}
		return items[0].Headline
	}
	const want = "Osmouth’s lamp is lit again after eleven dark years"
	for what, b := range map[string][]byte{
		"byte order mark":          append([]byte("\xef\xbb\xbf"), rss...),
		"UTF-16":                   utf16LE(strings.Replace(rss, "UTF-8", "UTF-16", 1)),
		"UTF-16 without its mark":  utf16LE(rss)[2:],
		"space before":             []byte("\n\n" + rss),
		"no declaration":           []byte(rss[strings.Index(rss, "?>")+2:]),
		"an old declaration":       []byte(strings.Replace(rss, "UTF-8", "ISO-8859-1", 1)),
		"DOCTYPE without entities": []byte(strings.Replace(rss, "<rss", `<!DOCTYPE rss PUBLIC "-//N//DTD RSS 0.91//EN" "http://n.example/rss.dtd"><rss`, 1)),
		"an unclosed element":      []byte(strings.Replace(rss, "<category>shipping</category>", "<category>shipping", 1)),
		"an unknown entity":        []byte(strings.Replace(rss, "<category>shipping", "<category>&nosuch; &eacute;", 1)),
	} {
		if got := title(b); got != want {
			t.Errorf("%s: %s", what, got)
		}
	}
}

// Files that hold nothing to take are no errors: they come every day.
func TestNothingToTake(t *testing.T) {
	for what, file := range map[string]string{
		"package":    `<packageItem guid="a"><itemMeta><itemClass qcode="ninat:composite"/></itemMeta></packageItem>`,
		"plan":       `<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet><planningItem guid="a"/><conceptItem guid="b"/></itemSet></newsMessage>`,
		"film":       `<newsItem guid="a"><itemMeta><itemClass qcode="ninat:video"/></itemMeta></newsItem>`,
		"empty text": `<newsItem guid="a"><itemMeta><itemClass qcode="ninat:text"/></itemMeta></newsItem>`,
		"feed":       `<rss version="2.0"><channel><title>t</title></channel></rss>`,
		"ninjs film": `{"uri":"a","type":"video","headline":"h"}`,
		"composite":  `{"uri":"a","type":"composite","headline":"h"}`,
		"empty list": `[]`,
	} {
		if items, err := wire.Parse("f", []byte(file)); err != nil || len(items) > 0 {
			t.Errorf("%s: %v %v", what, items, err)
		}
	}
}

// What is too long for its field is cut at a character; nothing else of it is lost.
func TestLongFieldsAreCut(t *testing.T) {
	long := strings.Repeat("ä", 1000)
	items, err := wire.Parse("f", []byte(`{"uri":"a","type":"text","headline":"`+long+`","body_text":"`+long+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	if h := items[0].Headline; len(h) != 1024 || !strings.HasPrefix(long, h) {
		t.Errorf("a headline of %d bytes", len(h))
	}
	if got := items[0].Doc[0].Plain(); got != long {
		t.Errorf("a paragraph of %d bytes", len(got))
	}
	wantClean(t, items[0])
}

// An embargo at the end of an endless note is still one.
func TestLongNoteKeepsItsEmbargo(t *testing.T) {
	note := strings.Repeat("Adds detail. ", 1000) + "Embargoed until noon."
	items, err := wire.Parse("f", []byte(`{"uri":"a","type":"text","headline":"h","ednote":"`+note+`"}`))
	if err != nil || !items[0].Embargo.Set || len(items[0].EdNote) > 8<<10 {
		t.Errorf("%+v %v", items[0].Embargo, err)
	}
}

func TestTruncatedAnywhere(t *testing.T) {
	for _, file := range fixtures(t) {
		whole := bytes.TrimSpace(read(t, file))
		for n := 1; n < len(whole); n += 97 {
			items, err := wire.Parse("f", whole[:n])
			if err == nil {
				t.Errorf("%s cut at %d of %d was taken for %d items", file, n, len(whole), len(items))
				continue
			}
			wantRefusal(t, err)
		}
	}
}
