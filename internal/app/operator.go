package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"dateline/internal/almanac"
	"dateline/internal/story"
)

// The operator's listener: health for whoever watches, and what commands ask of a running
// house. It is a socket that only the operator can open.

type operatorError string

func (e operatorError) Error() string { return string(e) }

func badRequest(sentence string) error { return operatorError(sentence) }

// operator is the handler of the operator's listener; d is nil outside the demo.
func (n *node) operator(d *demoHouse) http.Handler {
	mux := http.NewServeMux()
	handle := func(pattern string, h func(http.ResponseWriter, *http.Request) error) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { n.answer(w, h(w, r)) })
	}
	handle("GET /healthz", func(w http.ResponseWriter, _ *http.Request) error { return say(w, "ok") })
	handle("GET /readyz", n.ready)
	handle("GET /metrics", n.metrics)
	handle("POST /user/{what}", n.userVerb)
	handle("POST /live/pace", n.setPace)
	handle("POST /dry-run", n.dryRunVerb)
	if d != nil {
		handle("POST /demo/clock", d.moveClock)
	}
	return mux
}

func (n *node) answer(w http.ResponseWriter, err error) {
	var bad operatorError
	refusal, refused := story.AsRefusal(err)
	switch {
	case err == nil:
	case errors.As(err, &bad):
		http.Error(w, string(bad), http.StatusBadRequest)
	case refused:
		http.Error(w, refusal.Sentence, http.StatusConflict)
	default:
		n.log.Error("answering the operator", "error", err)
		http.Error(w, "Something went wrong; the log says what.", http.StatusInternalServerError)
	}
}

func say(w io.Writer, text string) error {
	_, err := fmt.Fprintln(w, text)
	return err
}

// ready tells whether this node can do its work, and by which rules.
func (n *node) ready(w http.ResponseWriter, r *http.Request) error {
	doubt, err := n.room.Doubt(r.Context())
	if err != nil {
		return err
	}
	head, err := n.db.Head(r.Context())
	if err != nil {
		return err
	}
	state := map[string]any{"version": Version(), "zonedata": n.zones.Version(), "almanac": almanac.Version,
		"record": head, "edition": n.edition.Applied(), "doubt": doubt}
	w.Header().Set("Content-Type", "application/json")
	if doubt != "" {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	return json.NewEncoder(w).Encode(state)
}

// metrics are the few numbers that an alarm needs, in the Prometheus text format.
func (n *node) metrics(w http.ResponseWriter, r *http.Request) error {
	head, err := n.db.Head(r.Context())
	if err != nil {
		return err
	}
	late, err := n.room.Late(r.Context())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "# TYPE dateline_record_entries gauge\ndateline_record_entries %d\n# TYPE dateline_edition_applied gauge\ndateline_edition_applied %d\n# TYPE dateline_release_late_seconds gauge\ndateline_release_late_seconds %.3f\n# TYPE dateline_live_readers gauge\ndateline_live_readers %d\n",
		head, n.edition.Applied(), late.Seconds(), n.live.Hub().Readers())
	return err
}

// userVerb does what the user command asks.
func (n *node) userVerb(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return badRequest("the request cannot be read")
	}
	answer, err := n.user(r.Context(), r.PathValue("what"), r.FormValue("name"), r.Form["role"], r.FormValue("admin") != "")
	if err != nil {
		return err
	}
	return say(w, answer)
}

// errNoServer says that nobody listens on a socket.
var errNoServer = errors.New("no dateline is running here")

// askOperator sends one request to a running house through its socket.
func askOperator(ctx context.Context, socket, path string, values map[string]string, more ...url.Values) (string, error) {
	form := url.Values{}
	for k, v := range values {
		form.Set(k, v)
	}
	for _, m := range more {
		for k, v := range m {
			form[k] = append(form[k], v...)
		}
	}
	client := http.Client{Timeout: 5 * time.Minute, Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://operator"+path, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := client.Do(req)
	var refused *net.OpError
	if errors.As(err, &refused) && refused.Op == "dial" {
		return "", errNoServer
	}
	if err != nil {
		return "", err
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return "", err
	}
	text := strings.TrimSpace(string(body))
	if resp.StatusCode != http.StatusOK {
		return "", errors.New(text)
	}
	return text, nil
}
