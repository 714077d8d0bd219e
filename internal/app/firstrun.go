package app

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"dateline/internal/places"
	"dateline/internal/record"
	"dateline/internal/story"
)

// The first-run page asks for house, zone, language and first desk, once, behind a secret
// link, and writes dateline.toml.

//go:embed firstrun.tmpl
var firstRunText string

//go:embed firstrun.css
var firstRunSheet string

var firstRunPage = template.Must(template.New("firstrun").Parse(firstRunText))

type firstRun struct {
	node       *node
	configFile string
	secret     string
	readers    string
	room       string
	doors      *doors

	mu   sync.Mutex
	done bool // guarded by mu
}

func newFirstRun(n *node, configFile, readers, room string, d *doors) *firstRun {
	return &firstRun{node: n, configFile: configFile, secret: story.NewID(rand.Reader, story.SecretLength), readers: readers, room: room, doors: d}
}

// firstRunForm is what the page asks, as it was typed.
type firstRunForm struct {
	Secret, Error                           string
	Name, Address, Language, City, Zone     string
	Lat, Lon, Lighting, Nightfall, Sections string
	Israel                                  bool
	Admin                                   string
	Zones                                   []string
}

func (f *firstRun) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	if r.URL.Path == "/setup.css" {
		h.Set("Content-Type", "text/css; charset=utf-8")
		_, _ = w.Write([]byte(firstRunSheet)) // a reader that left cannot be told
		return
	}
	given := strings.TrimPrefix(r.URL.Path, "/setup/")
	if subtle.ConstantTimeCompare([]byte(given), []byte(f.secret)) != 1 {
		http.Error(w, "This house is not set up yet. Open the link that dateline printed when it started.", http.StatusNotFound)
		return
	}
	if r.Method == http.MethodPost {
		f.post(w, r)
		return
	}
	f.show(w, http.StatusOK, firstRunForm{Language: "en", Nightfall: "8.5deg", Address: f.readers, Sections: "News\nOpinion\nCulture"})
}

func (f *firstRun) show(w http.ResponseWriter, status int, form firstRunForm) {
	form.Secret, form.Zones = f.secret, f.node.zones.Names()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if err := firstRunPage.Execute(w, form); err != nil {
		f.node.log.Error("showing the first-run page", "error", err)
	}
}

func (f *firstRun) post(w http.ResponseWriter, r *http.Request) {
	if http.NewCrossOriginProtection().Check(r) != nil {
		http.Error(w, "This form came from another site.", http.StatusForbidden)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil {
		http.Error(w, "The form cannot be read.", http.StatusBadRequest)
		return
	}
	form := readFirstRun(r)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.done {
		http.Error(w, "This house is set up already.", http.StatusConflict)
		return
	}
	link, err := f.make(r.Context(), form)
	if err != nil {
		form.Error = err.Error()
		f.show(w, http.StatusUnprocessableEntity, form)
		return
	}
	f.done = true
	http.Redirect(w, r, link, http.StatusSeeOther)
}

func readFirstRun(r *http.Request) firstRunForm {
	get := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	return firstRunForm{Name: get("name"), Address: get("address"), Language: get("language"), City: get("city"), Zone: get("zone"), Lat: get("lat"), Lon: get("lon"),
		Lighting: get("lighting"), Nightfall: get("nightfall"), Sections: get("sections"), Israel: get("israel") != "", Admin: get("admin")}
}

// place is the city of the gazetteer that was typed, or, where coordinates were typed
// too, a place of one's own by that name.
func (form firstRunForm) place() (p PlaceConfig, err error) {
	if form.Lat == "" && form.Lon == "" {
		c, err := places.Find(form.City)
		if err != nil {
			return p, fmt.Errorf("The city: %w. One that is not in the gazetteer is given by its coordinates.", err)
		}
		p = PlaceConfig{Place: c.String(), Zone: form.Zone}
		if again, err := places.Find(p.Place); err != nil || again.ID != c.ID {
			p.Place, p.CityID = "", c.ID // only the number tells it apart
		}
		if form.Israel && !c.Israel() {
			p.Israel = &form.Israel
		}
		return p, nil
	}
	number := func(what, text string) (*float64, error) {
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, fmt.Errorf("The %s is a number of degrees, such as 31.778.", what)
		}
		return &v, nil
	}
	p = PlaceConfig{City: map[string]string{form.Language: form.City}, Zone: form.Zone, Israel: &form.Israel}
	if p.Lat, err = number("latitude", form.Lat); err != nil {
		return p, err
	}
	if p.Lon, err = number("longitude", form.Lon); err != nil {
		return p, err
	}
	if form.Zone == "" {
		return p, fmt.Errorf("Coordinates need a time zone beside them, such as Asia/Jerusalem.")
	}
	return p, nil
}

// config makes a configuration of the form.
func (form firstRunForm) config(c Config) (Config, error) {
	if form.Name == "" || form.City == "" || form.Admin == "" {
		return c, fmt.Errorf("The title, the city and your name are needed.")
	}
	place, err := form.place()
	if err != nil {
		return c, err
	}
	at, _, err := place.place("the house")
	if err != nil {
		return c, err
	}
	words := func(s string) map[string]string { return map[string]string{form.Language: s} }
	kept := KeepingConfig{Lighting: form.Lighting, Nightfall: form.Nightfall}
	c.House = &HouseConfig{Name: words(form.Name), Address: form.Address, Languages: []string{form.Language}, PlaceConfig: place, KeepingConfig: kept}
	for _, line := range strings.Split(form.Sections, "\n") {
		if name := strings.TrimSpace(line); name != "" {
			c.House.Sections = append(c.House.Sections, SectionConfig{ID: story.Slug(name), Name: words(name)})
		}
	}
	c.Desks = []DeskConfig{{Slug: story.Slug(at.City.In("en")), Name: at.City, PlaceConfig: place, KeepingConfig: kept}}
	return c, nil
}

// make sets the house up, writes the configuration, and opens the doors.
func (f *firstRun) make(ctx context.Context, form firstRunForm) (link string, err error) {
	n := f.node
	if !slices.Contains([]string{"en", "he"}, form.Language) {
		return "", fmt.Errorf("The language is en or he.")
	}
	c, err := form.config(n.config)
	if err != nil {
		return "", err
	}
	s, err := c.setup()
	if err != nil {
		return "", err
	}
	s.Admin = form.Admin
	s.House.Names = record.Words(c.House.Name)
	if err := n.setUp(ctx, s); err != nil {
		return "", err
	}
	desk := c.Desks[0].Slug
	if err := n.room.GiveRoles(ctx, form.Admin, []string{desk + ":chief", desk + ":editor"}); err != nil {
		return "", err
	}
	written := c
	written.Admin = "" // its default follows the data folder
	if err := writeConfig(f.configFile, written); err != nil {
		n.log.Warn("the house is set up, but its configuration could not be written", "error", err)
	}
	n.config = c
	if err := n.edition.CatchUp(ctx, n.db); err != nil {
		return "", err
	}
	n.openDoors(f.doors, n.readersAddress(f.readers), n.secure())
	return n.signInLink(ctx, f.room, form.Admin)
}
