package desk_test

import (
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"

	"dateline/internal/keys"
	"dateline/internal/newsroom"
	"dateline/internal/store"
	"dateline/internal/story"
)

// dump is every row of a table, as text, and a hash of them all.
func (n *newsroomAt) dump(table string) (sum string, all []string) {
	n.t.Helper()
	driver, source := "sqlite", "file:"+n.address+"?mode=ro"
	if store.IsPostgres(n.address) {
		driver, source = "pgx", n.address
	}
	db, err := sql.Open(driver, source)
	check(n.t, err)
	defer func() { check(n.t, db.Close()) }()
	rows, err := db.QueryContext(n.t.Context(), "SELECT * FROM "+table)
	check(n.t, err)
	defer rows.Close()
	columns, err := rows.Columns()
	check(n.t, err)
	h := sha256.New()
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		check(n.t, rows.Scan(values...))
		var line strings.Builder
		for _, v := range values {
			switch v := (*v.(*any)).(type) {
			case []byte:
				fmt.Fprintf(&line, "%s|%x|", v, v)
			default:
				fmt.Fprintf(&line, "%v|", v)
			}
		}
		all = append(all, line.String())
		h.Write([]byte(line.String()))
	}
	check(n.t, rows.Err())
	return hex.EncodeToString(h.Sum(nil)), all
}

// TestTheStoreHoldsNoSecret: every secret that people and programs were given is looked for
// in every row of every table, in every form (I-42).
func TestTheStoreHoldsNoSecret(t *testing.T) {
	n := open(t)
	secrets := map[string]string{}
	link, err := n.room.SignInLink(t.Context(), "Leah Brandt")
	check(t, err)
	secrets["a sign-in link"] = link
	b := n.signIn("Tamar Shohat")
	secrets["a session"] = strings.TrimPrefix(b.cookie, "dateline=")
	key, recovery := b.hasPassword()
	secrets["a password"], secrets["a key of codes"], secrets["its text"] = sentence, string(key), strings.ReplaceAll(keys.CodeKeyText(key), " ", "")
	for i, code := range recovery {
		secrets[fmt.Sprint("recovery code ", i)] = strings.ReplaceAll(code, "-", "")
	}
	who, err := n.room.Session(t.Context(), secrets["a session"])
	check(t, err)
	token, err := n.room.NewToken(t.Context(), who, newsroom.TokenWish{Key: n.room.NewKey(), Name: "t", Verbs: []string{"read"}, Desks: []story.DeskID{n.desk("london").ID}, Days: 1})
	check(t, err)
	secrets["a token"] = strings.TrimPrefix(token, "dateline_")
	b.get("/members")
	action, form := b.form("invite")
	form.Set("name", "Noor Haddad")
	form.Set("role", between(b.body, `name="role" value="`, `"`))
	b.post(action, form)
	secrets["an invitation"] = regexp.MustCompile(`/in/([0-9a-z]{52})`).FindStringSubmatch(b.body)[1]
	b.get("/members/1")
	b.submit("recover", nil)
	secrets["a recovery link"] = regexp.MustCompile(`/in/([0-9a-z]{52})`).FindStringSubmatch(b.body)[1]
	if len(secrets) != 8+keys.RecoveryCodes {
		t.Fatal("secrets are missing:", len(secrets))
	}
	found := 0
	for _, table := range store.Tables() {
		_, rows := n.dump(table)
		for _, row := range rows {
			if strings.Contains(row, "Noor Haddad") {
				found++ // the search finds what is there
			}
			low := strings.ToLower(row)
			for what, secret := range secrets {
				for _, form := range []string{secret, hex.EncodeToString([]byte(secret)), base64.StdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret))} {
					if strings.Contains(low, strings.ToLower(form)) {
						t.Errorf("%s is in %s", what, table)
					}
				}
			}
		}
	}
	if found == 0 {
		t.Error("the search looked at nothing")
	}
}

// TestLinksComeFromTheConfiguration: whatever a request says of its host, an invitation's
// link is the newsroom's own (I-43).
func TestLinksComeFromTheConfiguration(t *testing.T) {
	n := open(t)
	b := n.signIn("Tamar Shohat")
	hosts := []string{"evil.example", "evil.example:80", "newsroom.meridian.example.evil.example", "localhost", "127.0.0.1", "[::1]", "user@evil.example", "evil.example/", "EVIL.example", "xn--evl-hoa.example"}
	headers := []string{"", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Server", "X-Original-Host", "X-Host", "Forwarded", "X-Rewrite-URL", "X-Original-URL", "Referer", "Via", "X-HTTP-Host-Override", "X-Forwarded-Prefix", "Front-End-Https", "Host", "X-Real-IP", "CF-Connecting-IP", "True-Client-IP", "X-ProxyUser-Ip"}
	pattern := regexp.MustCompile(`value="([^"]*)/in/[0-9a-z]{52}"`)
	asked := 0
	for _, host := range hosts {
		for i, header := range headers {
			b.get("/members")
			action, form := b.form("invite")
			form.Set("name", fmt.Sprintf("Somebody %s %d", host, i))
			form.Set("role", between(b.body, `name="role" value="`, `"`))
			ask := httptest.NewRequest(http.MethodPost, action, strings.NewReader(form.Encode()))
			ask.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			ask.Header.Set("Cookie", b.cookie)
			switch header {
			case "":
				ask.Host = host
			case "Host": // the absolute form of a request line
				ask.URL = &url.URL{Scheme: "http", Host: strings.Trim(host, "/"), Path: action}
				ask.Host = host
			case "Forwarded":
				ask.Header.Set(header, "for=192.0.2.1;host="+host+";proto=https")
			default:
				ask.Header.Set(header, host)
			}
			w := httptest.NewRecorder()
			n.web.ServeHTTP(w, ask)
			m := pattern.FindStringSubmatch(w.Body.String())
			if m == nil {
				t.Fatalf("%s %s: %d without a link", header, host, w.Code)
			}
			if asked++; m[1] != "https://newsroom.meridian.example" {
				t.Errorf("%s: %s makes it %s", header, host, m[1])
			}
			if strings.Contains(strings.ReplaceAll(w.Body.String(), form.Get("name"), ""), "evil.example/in") {
				t.Errorf("%s %s is on the page", header, host)
			}
		}
	}
	if asked != 200 {
		t.Error(asked)
	}
}
