package site

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"dateline/internal/drawing"
	"dateline/internal/edition"
	"dateline/internal/look"
	"dateline/internal/record"
	"dateline/internal/web/ready"
	"dateline/internal/web/ui"
)

// How the house wants its pages to look, drawn from its entry alone: one style sheet named
// by its bytes, and icons named by what they are drawn of.

// A dress is what pages are drawn in while a house entry stands.
type dress struct {
	n           int64
	sheet       string // its address
	body        []byte // of it, where it is not the binary's own
	icons       string // names what the icons are drawn of
	light, dark record.Colours
}

// iconSizes are the icons that there are: for tabs, for telephones, for the manifest.
var iconSizes = []string{"32", "180", "192", "512", "safe-512"}

func dressOf(h edition.House) *dress {
	d := &dress{n: h.N, sheet: sheet}
	d.light, d.dark = look.Whole(h.Look)
	if rules := look.Sheet(h.Look); rules != "" {
		d.body = slices.Concat(files.Body(sheet), []byte(rules))
		sum := sha256.Sum256(d.body)
		d.sheet = "/look/site." + hex.EncodeToString(sum[:8]) + ".css"
	}
	logo := ""
	if h.Look != nil && h.Look.Logo != nil {
		logo = h.Look.Logo.Rendition.SHA256
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q", iconName(h), logo, d.light.Paper, d.light.Ink))
	d.icons = hex.EncodeToString(sum[:8])
	return d
}

func iconName(h edition.House) string { return h.Names.In(h.First(), h.Languages...) }

func (d *dress) icon(size string) string { return "/icon/" + size + "." + d.icons + ".png" }

// quiet is the colour of words that stand back.
func (d *dress) quiet() string { return look.Quiet(d.light) }

// dress is that of a house, made once while its entry stands.
func (s *site) dress(h edition.House) *dress {
	if d := s.dressed.Load(); d != nil && d.n == h.N {
		return d
	}
	d := dressOf(h)
	s.dressed.Store(d)
	return d
}

// dressed is what this page is drawn in: also where no server keeps it, as in a preview.
func (f frame) dressed() *dress {
	if f.dress == nil {
		return dressOf(f.house())
	}
	return f.dress
}

// columns are how many stories stand beside each other under a front's lead.
func (f frame) columns() int {
	if l := f.house().Look; l != nil && l.Columns >= look.MinColumns && l.Columns <= look.MaxColumns {
		return l.Columns
	}
	return look.Columns
}

// look is what pages of this house and language are drawn with.
func (f frame) look() ui.Look {
	d := f.dressed()
	out := ui.Look{Sheet: d.sheet, Script: files.Path("clock.js"), Icon: d.icon("32"), Touch: d.icon("180"), Paper: d.light.Paper, PaperDark: d.dark.Paper, Preload: files.Preload(f.lang)}
	if l := f.house().Look; l != nil && l.Logo != nil && f.pictures != nil {
		r := l.Logo.Rendition
		out.Logo = &ui.Logo{Src: f.pictures(r.SHA256, r.Type), Width: r.Width, Height: r.Height}
	}
	return out
}

// manifestIcons are those for a screen of programs.
func (d *dress) manifestIcons() (all []manifestIcon) {
	for _, size := range iconSizes[2:] {
		pixels, purpose := strings.TrimPrefix(size, "safe-"), "any"
		if pixels != size {
			purpose = "maskable"
		}
		all = append(all, manifestIcon{d.icon(size), pixels + "x" + pixels, "image/png", purpose})
	}
	return all
}

// A houseFile makes a file of the house that goes by its name, or errUnknown.
type houseFile func(v *edition.View, h edition.House, d *dress, name string) (kind string, body []byte, err error)

// ofHouse answers with a file that is drawn of the house's entry. Its name says all that it
// is drawn of, so that whoever has it may keep it for ever.
func ofHouse(make houseFile) func(*site, http.ResponseWriter, *http.Request) error {
	return func(s *site, w http.ResponseWriter, r *http.Request) error {
		if r.URL.RawQuery != "" || r.URL.ForceQuery {
			return errUnknown
		}
		name := r.PathValue("file")
		return s.drawn(w, r, func(ctx context.Context, r *http.Request) (*ready.Answer, error) {
			answer := hold()
			var d ready.Draft
			err := s.read(ctx, func(v *edition.View) error {
				h, ok, err := v.House()
				if err != nil || !ok {
					return joinUnknown(err)
				}
				kind, body, err := make(v, h, s.dress(h), name)
				if err != nil {
					return err
				}
				d.Keys = shownKeys(v)
				answer.header.Set("Content-Type", kind)
				answer.header.Set("Content-Length", strconv.Itoa(len(body)))
				answer.header.Set("Cache-Control", ui.Immutable)
				_, err = answer.Write(body)
				return err
			})
			if err != nil {
				return nil, err
			}
			return answer.answer(d), nil
		})
	}
}

func joinUnknown(err error) error {
	if err != nil {
		return err
	}
	return errUnknown
}

// shownKeys are the keys of what was read, as a cache's headers carry them.
func shownKeys(v *edition.View) (keys []string) {
	for _, k := range v.Shown() {
		keys = append(keys, url.PathEscape(string(k)))
	}
	return keys
}

func drawSheet(_ *edition.View, _ edition.House, d *dress, name string) (string, []byte, error) {
	if d.body == nil || "/look/"+name != d.sheet {
		return "", nil, errUnknown
	}
	return "text/css; charset=utf-8", d.body, nil
}

func drawIcon(v *edition.View, h edition.House, d *dress, name string) (string, []byte, error) {
	for _, size := range iconSizes {
		if "/icon/"+name != d.icon(size) {
			continue
		}
		logo, _, err := v.Logo(h)
		if err != nil {
			return "", nil, err
		}
		pixels, safe := strings.CutPrefix(size, "safe-")
		n, err := strconv.Atoi(pixels)
		if err != nil {
			return "", nil, err
		}
		body, err := drawing.Icon{Name: iconName(h), Logo: logo, Safe: safe, Colours: drawing.Colours{Paper: d.light.Paper, Ink: d.light.Ink}}.PNG(n)
		return "image/png", body, err
	}
	return "", nil, errUnknown
}

// favicon is for programs that ask at the old addresses; pages name the icons themselves.
func (s *site) favicon(w http.ResponseWriter, r *http.Request) error {
	to := files.Path("icon.svg")
	err := s.read(r.Context(), func(v *edition.View) error {
		h, ok, err := v.House()
		if err != nil || !ok {
			return err
		}
		if to = s.dress(h).icon("32"); r.URL.Path == "/apple-touch-icon.png" {
			to = s.dress(h).icon("180")
		}
		return nil
	})
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", ui.AskAlways)
	http.Redirect(w, r, to, http.StatusFound)
	return nil
}
