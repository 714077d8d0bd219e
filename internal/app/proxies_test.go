package app

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWhoseWordCounts(t *testing.T) {
	p, err := readProxies([]string{"10.0.0.0/24", "2001:db8::7", "::ffff:192.0.2.9"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		peer   string
		header []string
		want   string
	}{
		{"198.51.100.3:4000", []string{"203.0.113.5"}, "198.51.100.3:4000"}, // no proxy of ours
		{"10.0.0.7:4000", nil, "10.0.0.7:4000"},
		{"10.0.0.7:4000", []string{"203.0.113.5"}, "203.0.113.5:0"},
		{"10.0.0.7:4000", []string{"1.2.3.4, 203.0.113.5"}, "203.0.113.5:0"}, // the first is what the reader says of himself
		{"10.0.0.7:4000", []string{"1.2.3.4", "203.0.113.5, 10.0.0.8"}, "203.0.113.5:0"},
		{"10.0.0.7:4000", []string{"10.0.0.9, 10.0.0.8"}, "10.0.0.9:0"},
		{"10.0.0.7:4000", []string{"203.0.113.5, nonsense"}, "10.0.0.7:4000"},
		{"10.0.0.7:4000", []string{"203.0.113.5, nonsense, 10.0.0.8"}, "10.0.0.8:0"},
		{"10.0.0.7:4000", []string{"203.0.113.5:51234"}, "203.0.113.5:0"},
		{"[2001:db8::7]:4000", []string{"[2001:db8:1::5]:51234"}, "[2001:db8:1::5]:0"},
		{"[::ffff:10.0.0.7]:4000", []string{"::ffff:203.0.113.5"}, "203.0.113.5:0"},
		{"192.0.2.9:4000", []string{"fe80::1%eth0"}, "192.0.2.9:4000"},
		{"10.0.0.7:4000", []string{""}, "10.0.0.7:4000"},
		{"10.0.0.7:4000", []string{"203.0.113.5" + strings.Repeat(",10.0.0.8", 1000)}, "10.0.0.8:0"},
		{"@", []string{"203.0.113.5"}, "@"}, // a socket
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.peer
		r.Header["X-Forwarded-For"] = c.header
		got := ""
		p.Believing(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.RemoteAddr })).ServeHTTP(nil, r)
		if got != c.want {
			t.Errorf("from %s with %.60q it is %s, not %s", c.peer, c.header, got, c.want)
		}
	}
}

func TestProxiesOfTheConfiguration(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "",
		`proxies = ["127.0.0.1"]`:      "",
		`proxies = ["the front door"]`: "neither an address such as 10.0.0.7 nor a network",
		`proxies = ["10.0.0.0/40"]`:    "neither an address such as 10.0.0.7 nor a network",
		`proxies = ["*"]`:              "neither an address such as 10.0.0.7 nor a network",
	} {
		file := filepath.Join(t.TempDir(), "dateline.toml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := LoadConfig(file)
		if (want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
		if want == "" && len(c.proxies) != strings.Count(text, "=") {
			t.Errorf("%s trusts %v", text, c.proxies)
		}
	}
}

// TestListenersBelieveProxies: readers and newsroom go by what a proxy says, the operator's
// listener by nobody's word.
func TestListenersBelieveProxies(t *testing.T) {
	p, err := readProxies([]string{"127.0.0.1", "::1"})
	if err != nil {
		t.Fatal(err)
	}
	n := &node{log: slog.New(slog.DiscardHandler), config: Config{Addr: "localhost:0", Newsroom: "localhost:0", Admin: "localhost:0", proxies: p}}
	var d doors
	for _, door := range []*door{&d.readers, &d.newsroom, &d.operator} {
		door.open(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.RemoteAddr) }))
	}
	all, err := n.openListeners(&d)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range all {
		go func() { _ = l.server.Serve(l.net) }()
		defer l.server.Close()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, l.url(), nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Forwarded-For", "203.0.113.5")
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		if err := errors.Join(err, res.Body.Close()); err != nil {
			t.Fatal(err)
		}
		if got := string(body) == "203.0.113.5:0"; got != (l.name != "operator") {
			t.Errorf("the %s are told %s", l.name, body)
		}
	}
}
