package tongue_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"dateline/internal/story"
	"dateline/internal/tongue"
)

func TestSay(t *testing.T) {
	say, he := tongue.Say, tongue.Hebrew
	for got, want := range map[string]string{
		say("en", "opens %s", "18:52"): "opens 18:52",
		say("", "Save"):                "Save",
		say(he, "Save"):                "שמירה",
		say(he, "what nobody has put into Hebrew, %d", 3):                                    "what nobody has put into Hebrew, 3",
		say(he, "%s desk", "לונדון"):                                                         "דסק לונדון",
		say(he, "%s desk", "London"):                                                         "דסק \u2068London\u2069",
		say(he, "%s in %s", "שבת 18:29", "ירושלים"):                                          "שבת 18:29 בירושלים",
		say(he, "%s in %s", "שבת 18:29", "New York"):                                         "שבת 18:29 ב־\u2068New York\u2069",
		say(he, "Rest at %s, in", "18:52"):                                                   "מנוחה ב־18:52, בעוד",
		say(he, "There is no desk %q.", "x"):                                                 "There is no desk \"x\".",
		say(he, "There is nothing to file as %q.", story.Word("kill")):                       "אין מה להגיש בתור ”ביטול”.",
		say(he, "%s is empty.", strings.Repeat("x", 3)):                                      "\u2068xxx\u2069 ריק.",
		say(he, "A day is written 2024-03-22; %.20q is none.", "abcdefghijklmnopqrstuvwxyz"): "יום נכתב 2024-03-22; \u200f”\u2068abcdefghijklmnopqrst\u2069” אינו יום.",
		tongue.Count("en", 1, "word"):                                                        "1 word", tongue.Count("en", 3, "word"): "3 words", tongue.Count(he, 1, "word"): "מילה אחת", tongue.Count(he, 3, "word"): "3 מילים",
		tongue.Word(he, "editor or chief"): "עריכה או ניהול דסק", tongue.Word(he, "Shabbat + Pesach"): "שבת + פסח", tongue.Word(he, "Shabbat + Own"): "שבת + Own", tongue.Word("en", "editor or chief"): "editor or chief",
		tongue.Join("en", " · ", "a", "ב"): "a · ב", tongue.Join(he, " · ", "a", "ב"): "\u2068a\u2069 · ב",
	} {
		if got != want {
			t.Errorf("said %q, want %q", got, want)
		}
	}
}

// TestTell says a refusal's sentence with what it is filled with, and an error that was said
// in English by somebody who knows no language.
func TestTell(t *testing.T) {
	refused, _ := story.AsRefusal(story.Refuse(story.Forbidden, "To %s here, you need to be %s of this desk.", story.Word("kill"), story.Word("chief or standards")))
	if want := "To kill here, you need to be chief or standards of this desk."; refused.Sentence != want {
		t.Errorf("%q, want %q", refused.Sentence, want)
	}
	if got, want := tongue.Tell(tongue.Hebrew, refused.Said[0]), "לפעולה ”ביטול” נדרש כאן תפקיד בדסק הזה: ניהול דסק או תקינה."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	again := story.Sentence{Pattern: "%s", Args: []any{errors.New("The disk is full. Nothing of this was kept, and nothing else was lost; make room and try again.")}}
	if got := tongue.Tell(tongue.Hebrew, again); !strings.HasPrefix(got, "הדיסק מלא.") {
		t.Error(got)
	}
}

// TestAgain finds sentences that were said before, one or several.
func TestAgain(t *testing.T) {
	for english, want := range map[string]string{
		"":                               "",
		"The clock was moved by 1h0m0s.": "השעון הוזז ב־\u20681h0m0s\u2069.",
		"It is under an embargo.":        "תחת אמברגו.",
		"The desk rests (Shabbat).":      "הדסק נח (שבת).",
		"nobody ever said this":          "nobody ever said this",
		"It waits for its time. It is under an embargo. Picture “A quay” has no credit. A picture is never posted without one.": "ממתין לזמנו. תחת אמברגו. לתמונה \u2068“A quay”\u2069 אין קרדיט. תמונה לעולם אינה מתפרסמת בלי קרדיט.",
	} {
		if got := tongue.Again(tongue.Hebrew, english); got != want {
			t.Errorf("%q is said %q, want %q", english, got, want)
		}
		if got := tongue.Again(tongue.English, english); got != english {
			t.Errorf("%q is said %q in English", english, got)
		}
	}
}

func TestTemplate(t *testing.T) {
	loud := func(words string) string { return "<" + words + ">" }
	for text, want := range map[string]string{
		`<p class="a">Save</p>`: `<p class="a"><Save></p>`,
		`<p>{{.Words}}</p> 3 · {{if .X}}Save{{else}} all of it {{end}}`:                           `<p>{{.Words}}</p> 3 · {{if .X}}<Save>{{else}} <all of it> {{end}}`,
		`<p>The {{.Desk}} desk  rests until <b>{{.T}}</b>.</p>`:                                   `<p><The {{.Desk}} desk rests until> <b>{{.T}}</b>.</p>`,
		`<input name="Name" value="Words" placeholder="My key"{{if eq .A "b>c"}} checked{{end}}>`: `<input name="Name" value="Words" placeholder="<My key>"{{if eq .A "b>c"}} checked{{end}}>`,
		`<a aria-label="{{if .A}}Open{{else}}Shut{{end}} {{.Name}}">x {{"}"}}</a>`:                `<a aria-label="{{if .A}}<Open>{{else}}<Shut>{{end}} {{.Name}}"><x {{"}"}}></a>`,
		`<script data-say-now="Now">var words = "No words";</script>Words`:                        `<script data-say-now="<Now>">var words = "No words";</script><Words>`,
		`<code>dateline user</code> <kbd>Enter</kbd>`:                                             `<code>dateline user</code> <kbd>Enter</kbd>`,
		`{{define "top"}}{{$x := .Y}}{{/* a remark */}}{{range .All}}{{.}}{{end}}{{end}}`:         `{{define "top"}}{{$x := .Y}}{{/* a remark */}}{{range .All}}{{.}}{{end}}{{end}}`,
		`{{ cut off`: `<{{ cut off>`, `<p title="cut off`: `<p title="<cut off>`, `<`: `<`,
	} {
		if got := tongue.Template(text, loud); got != want {
			t.Errorf("%s\nis %s\nwant %s", text, got, want)
		}
		if got := tongue.Template(text, func(words string) string { return words }); strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(text), " ") {
			t.Errorf("with the same words %s\nis %s", text, got)
		}
	}
}

// TestIn reads a folder of templates in another language; its direction follows.
func TestIn(t *testing.T) {
	pages := fstest.MapFS{"a.tmpl": {Data: []byte(`<html lang="en" dir="ltr"><p>Save</p>`)}}
	for lang, want := range map[string]string{"en": `<html lang="en" dir="ltr"><p>Save</p>`, "he": `<html lang="he" dir="rtl"><p>שמירה</p>`} {
		if got, err := fs.ReadFile(tongue.In(lang, pages), "a.tmpl"); err != nil || string(got) != want {
			t.Errorf("in %s: %s, %v", lang, got, err)
		}
	}
	if _, err := fs.ReadFile(tongue.In("he", pages), "b.tmpl"); err == nil {
		t.Error("a template that is not there was read")
	}
}
