package app

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/BurntSushi/toml"

	"dateline/internal/newsroom"
	"dateline/internal/places"
	"dateline/internal/record"
	"dateline/internal/story"
)

// Config is dateline.toml. It is read once; unknown keys are errors.
//
// What it says of the house, and of each desk, is applied at the next start if that part
// of it has changed since it was last applied. So what is changed on the newsroom's pages
// stays until the same part of this file is changed, and then the file is right again.
type Config struct {
	// Data is the folder of everything that the house remembers. Default "data", beside
	// the configuration. It must be on a local disk.
	Data string `toml:"data"`
	// Database is the address of a PostgreSQL database that holds the store, such as
	// "postgres://dateline@db.example/house". Several machines may serve one house from it,
	// each with a data folder of its own that holds its edition and a copy of record.key.
	// A password is better kept in PGPASSFILE. Default: a file of SQLite in the data folder.
	Database string `toml:"database"`
	// Shared is the folder of what all machines on one database read and write: pictures,
	// calendar files, the list of what was erased. Default: the data folder.
	Shared string `toml:"shared"`
	// Addr is where readers are served. Default "localhost:8080".
	Addr string `toml:"addr"`
	// Newsroom is where members work. Default the next port.
	Newsroom string `toml:"newsroom"`
	// Admin is the operator's listener: a host and port, or the path of a socket. Default
	// admin.sock in the data folder.
	Admin string `toml:"admin"`
	// Proxies are the servers in front of this one, by address or network ("10.0.0.7",
	// "10.0.0.0/24"), whose X-Forwarded-For is believed: lists of sessions, the audit and the
	// bounds on failed sign-ins and streams then go by whoever asked them. Default: nobody's.
	Proxies []string `toml:"proxies,omitempty"`
	// ZoneData is a zip of IANA zone files that replaces the built-in ones between releases.
	ZoneData string `toml:"zonedata"`
	// House is the title. Without it, serve asks on a page.
	House *HouseConfig `toml:"house"`
	// Desks are the desks, in the house's order; the first follow the house's rest.
	Desks []DeskConfig `toml:"desk"`
	// Wires are the folders that agencies drop files into.
	Wires []WireConfig `toml:"wire"`

	proxies   Proxies
	realClock bool // the house keeps the machine's time, to be held against the database's
}

// HouseConfig is the title.
type HouseConfig struct {
	// Name of the title in each language, by language tag.
	Name map[string]string `toml:"name"`
	// Address is the public address of the readers' site, with its scheme.
	Address string `toml:"address"`
	// NewsroomAddress is the public address of the newsroom, for sign-in links. Default
	// the newsroom's listener.
	NewsroomAddress string `toml:"newsroom_address"`
	// Languages of the site; the first has no prefix in addresses.
	Languages []string `toml:"languages"`
	// Masthead is one sentence about the title, by language.
	Masthead map[string]string `toml:"masthead"`
	// Sections of the paper, in order.
	Sections []SectionConfig `toml:"section"`
	// HebrewDate shows the Hebrew date on front pages; it turns at the seat's sunset.
	HebrewDate bool `toml:"hebrew_date,omitempty"`
	PlaceConfig
	// What the house keeps at its seat. It closes the desks whose whose says so.
	KeepingConfig
}

// SectionConfig is a section of the paper.
type SectionConfig struct {
	ID   string            `toml:"id"`
	Name map[string]string `toml:"name"`
}

// PlaceConfig says where something is: by a name of the gazetteer, or by the rest of it.
// What is given besides a place overrides what the gazetteer says of it.
type PlaceConfig struct {
	// Place is a city's name, with its region or country where others are called so:
	// "London", "Springfield, Illinois".
	Place string `toml:"place,omitempty"`
	// CityID is the city's number in the gazetteer, instead of place.
	CityID string `toml:"city_id,omitempty"`
	// City is what the place is called, by language.
	City map[string]string `toml:"city,omitempty"`
	Lat  *float64          `toml:"lat"` // degrees, north positive
	Lon  *float64          `toml:"lon"` // degrees, east positive
	Zone string            `toml:"zone,omitempty"`
	// Israel says that festivals last one day, as in Israel. It is the desk's custom.
	// Default that of the place.
	Israel *bool `toml:"israel"`
}

// KeepingConfig says what is kept at a place, and how.
type KeepingConfig struct {
	// Keeps are observances, each as dateline almanac and the newsroom's settings name it:
	// "shabbat", "closure 2024-04-01 Office move", "ics holidays.ics" for a file in the
	// folder calendars of the data folder. Default shabbat and yomtov; ["nothing"] is none.
	Keeps []string `toml:"keeps,omitempty"`
	// Lighting is how long before sunset a rest begins: "18m". Default the custom of the city.
	Lighting string `toml:"lighting,omitempty"`
	// Nightfall ends a rest: "8.5deg" below the horizon, or "42m" after sunset. Default 8.5deg.
	Nightfall string `toml:"nightfall,omitempty"`
	// Margin is added at both ends: "5m". Default none.
	Margin string `toml:"margin,omitempty"`
	// Sunless holds where the sun gives no answer: "strict", "hours 18:00 20:30", or
	// another city's, "city Oslo", or "city Oslo 59.9127 10.7461 Europe/Oslo". Default strict.
	Sunless string `toml:"sunless,omitempty"`
}

// DeskConfig is a desk.
type DeskConfig struct {
	Slug string            `toml:"slug"`
	Name map[string]string `toml:"name"`
	PlaceConfig
	KeepingConfig
	// Whose rest closes the desk: "own", what it keeps in its own city; "both", also what
	// the house keeps at its seat; "house", that alone. Default own.
	Whose string `toml:"whose,omitempty"`
	// Follows lists the slugs of the desks that take over, in order.
	Follows []string `toml:"follows"`
	// Eyes asks for a second pair of eyes before anything is posted.
	Eyes bool `toml:"eyes"`
}

// WireConfig is a folder that an agency drops files into.
type WireConfig struct {
	Source string `toml:"source"` // the agency by name
	Folder string `toml:"folder"`
}

// LoadConfig reads a configuration file. A file that is not there is an empty configuration.
func LoadConfig(file string) (c Config, err error) {
	meta, err := toml.DecodeFile(file, &c)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	var syntax toml.ParseError
	if errors.As(err, &syntax) {
		return c, fmt.Errorf("%s, line %d: %s", file, syntax.Position.Line, syntax.Message)
	}
	if err != nil {
		return c, fmt.Errorf("reading %s: %w", file, err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return c, fmt.Errorf("%s: there is no setting %q", file, unknown[0])
	}
	if len(c.Desks) > 0 && c.House == nil {
		return c, fmt.Errorf("%s has desks and no [house] that they belong to", file)
	}
	base := filepath.Dir(file)
	for i, w := range c.Wires {
		if w.Source == "" || w.Folder == "" {
			return c, fmt.Errorf("%s: a wire needs a source and a folder", file)
		}
		c.Wires[i].Folder = under(base, w.Folder)
	}
	if c.Data != "" {
		c.Data = under(base, c.Data)
	}
	if c.Shared != "" {
		c.Shared = under(base, c.Shared)
	}
	c.realClock = true
	if c.proxies, err = readProxies(c.Proxies); err != nil {
		return c, fmt.Errorf("%s: %w", file, err)
	}
	return c, c.checkDatabase()
}

func under(base, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(base, path)
}

// fill completes listeners and folders with their defaults.
func (c *Config) fill() error {
	if c.Data == "" {
		c.Data = "data"
	}
	if c.Addr == "" {
		c.Addr = "localhost:8080"
	}
	if c.Newsroom == "" {
		next, err := nextPort(c.Addr)
		if err != nil {
			return err
		}
		c.Newsroom = next
	}
	if c.Admin == "" {
		c.Admin = filepath.Join(c.Data, "admin.sock")
	}
	return nil
}

func nextPort(addr string) (string, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "", fmt.Errorf("the address %q is not a host and a port", addr)
	}
	n, err := net.LookupPort("tcp", port)
	if err != nil || n >= 65535 {
		return "", fmt.Errorf("the address %q is not a host and a port below 65535", addr)
	}
	if n == 0 {
		return addr, nil
	}
	return net.JoinHostPort(host, fmt.Sprint(n+1)), nil
}

// setup turns the configured house into what the newsroom makes true.
func (c Config) setup() (s newsroom.Setup, err error) {
	h := c.House
	if len(h.Name) == 0 || len(h.Languages) == 0 {
		return s, errors.New("the house needs a name and at least one language")
	}
	if u, err := url.Parse(h.Address); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return s, fmt.Errorf("the house's address %q is not an address such as https://paper.example", h.Address)
	}
	seat, city, err := h.place("the house")
	if err != nil {
		return s, err
	}
	s.Seat = newsroom.HouseSettings{City: city, Keeping: newsroom.Keeping(h.KeepingConfig)}
	s.House = record.House{Names: h.Name, Address: strings.TrimRight(h.Address, "/"), Seat: seat, Languages: h.Languages,
		Masthead: h.Masthead, Feeds: "full", Contents: true, HebrewDate: h.HebrewDate}
	for _, x := range h.Sections {
		s.House.Sections = append(s.House.Sections, record.Section{ID: x.ID, Names: x.Name})
	}
	if len(c.Desks) == 0 {
		return s, errors.New("the house needs at least one desk")
	}
	for _, d := range c.Desks {
		settings, err := d.settings()
		if err != nil {
			return s, err
		}
		s.Desks = append(s.Desks, settings)
	}
	return s, nil
}

// place finds where something is, and its number in the gazetteer where it is from there.
func (p PlaceConfig) place(whose string) (at record.Place, city string, err error) {
	if p.Place != "" || p.CityID != "" {
		c, err := p.found()
		if err != nil {
			return at, "", fmt.Errorf("%s: %w", whose, err)
		}
		at, city = newsroom.PlaceOf(c), c.ID
	}
	if len(p.City) > 0 {
		at.City = p.City
	}
	if p.Zone != "" {
		at.Zone = p.Zone
	}
	if p.Lat != nil && p.Lon != nil {
		at.Lat, at.Lon = *p.Lat, *p.Lon
	}
	if p.Israel != nil {
		at.Israel = *p.Israel
	}
	switch {
	case len(at.City) == 0:
		return at, "", fmt.Errorf("%s needs a place, such as place = \"London\", or a city, lat, lon and zone", whose)
	case (p.Lat == nil) != (p.Lon == nil), p.Lat == nil && city == "":
		return at, "", fmt.Errorf("%s is in %s, whose place is not known: give lat and lon, or a place of the gazetteer", whose, at.City.In("en"))
	case at.Zone == "":
		return at, "", fmt.Errorf("%s is in %s and needs a zone", whose, at.City.In("en"))
	}
	return at, city, nil
}

// found is the city of the gazetteer that a place names.
func (p PlaceConfig) found() (places.City, error) {
	switch {
	case p.CityID == "":
		return places.Find(p.Place)
	case p.Place != "":
		return places.City{}, errors.New("its place and its city_id may not be the same city: give one of them")
	}
	c, ok := places.ByID(p.CityID)
	if !ok {
		return c, fmt.Errorf("the gazetteer has no city_id %q", p.CityID)
	}
	return c, nil
}

func (d DeskConfig) settings() (s newsroom.DeskSettings, err error) {
	s = newsroom.DeskSettings{Slug: d.Slug, Names: d.Name, Whose: d.Whose, Eyes: d.Eyes, Keeping: newsroom.Keeping(d.KeepingConfig)}
	if s.Place, s.City, err = d.place("the " + d.Slug + " desk"); err != nil {
		return s, err
	}
	for _, f := range d.Follows {
		s.Followers = append(s.Followers, story.DeskID(f))
	}
	return s, nil
}

// writeConfig writes a configuration, durably, where there is none.
func writeConfig(file string, c Config) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("writing %s: %w", file, err)
	}
	_, err = f.WriteString("# Written when this house was set up. dateline check tells what it makes of it.\n\n")
	return errors.Join(err, toml.NewEncoder(f).Encode(c), f.Sync(), f.Close())
}
