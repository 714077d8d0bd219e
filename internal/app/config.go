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
	"dateline/internal/record"
	"dateline/internal/story"
)

// Config is dateline.toml. It is read once; unknown keys are errors. What it says of the
// house and its desks is what the next start makes true.
type Config struct {
	// Data is the folder of everything that the house remembers. Default "data", beside
	// the configuration. It must be on a local disk.
	Data string `toml:"data"`
	// Addr is where readers are served. Default "localhost:8080".
	Addr string `toml:"addr"`
	// Newsroom is where members work. Default the next port.
	Newsroom string `toml:"newsroom"`
	// Admin is the operator's listener: a host and port, or the path of a socket. Default
	// admin.sock in the data folder.
	Admin string `toml:"admin"`
	// ZoneData is a zip of IANA zone files that replaces the built-in ones between releases.
	ZoneData string `toml:"zonedata"`
	// House is the title. Without it, serve asks on a page.
	House *HouseConfig `toml:"house"`
	// Desks are the desks, in the house's order; the first follow the house's rest.
	Desks []DeskConfig `toml:"desk"`
	// Wires are the folders that agencies drop files into.
	Wires []WireConfig `toml:"wire"`
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
	PlaceConfig
}

// SectionConfig is a section of the paper.
type SectionConfig struct {
	ID   string            `toml:"id"`
	Name map[string]string `toml:"name"`
}

// PlaceConfig says where something is.
type PlaceConfig struct {
	City   map[string]string `toml:"city"`
	Lat    *float64          `toml:"lat"` // degrees, north positive
	Lon    *float64          `toml:"lon"` // degrees, east positive
	Zone   string            `toml:"zone"`
	Israel bool              `toml:"israel"`
}

// DeskConfig is a desk.
type DeskConfig struct {
	Slug string            `toml:"slug"`
	Name map[string]string `toml:"name"`
	PlaceConfig
	// Lighting is how long before sunset the desk rests. Default 18m.
	Lighting string `toml:"lighting"`
	// Nightfall ends the rest: "8.5deg" below the horizon, or "42m" after sunset.
	Nightfall string `toml:"nightfall"`
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
	return c, nil
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
	seat, err := h.place("the house")
	if err != nil {
		return s, err
	}
	s.House = record.House{Names: h.Name, Address: strings.TrimRight(h.Address, "/"), Seat: seat, Languages: h.Languages,
		Masthead: h.Masthead, Feeds: "full", Observance: record.Words{"en": "Shabbat"}, Contents: true}
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

func (p PlaceConfig) place(whose string) (record.Place, error) {
	if len(p.City) == 0 || p.Zone == "" {
		return record.Place{}, fmt.Errorf("%s needs a city and a zone", whose)
	}
	if p.Lat == nil || p.Lon == nil {
		return record.Place{}, fmt.Errorf("%s is in %s, whose place is not known: give lat and lon", whose, record.Words(p.City).In("en"))
	}
	return record.Place{City: p.City, Lat: *p.Lat, Lon: *p.Lon, Zone: p.Zone, Israel: p.Israel}, nil
}

func (d DeskConfig) settings() (s newsroom.DeskSettings, err error) {
	s = newsroom.DeskSettings{Slug: d.Slug, Names: d.Name, Lighting: d.Lighting, Nightfall: d.Nightfall, Eyes: d.Eyes}
	if s.Place, err = d.place("the " + d.Slug + " desk"); err != nil {
		return s, err
	}
	if s.Lighting == "" {
		s.Lighting = "18m"
	}
	if s.Nightfall == "" {
		s.Nightfall = "8.5deg"
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
