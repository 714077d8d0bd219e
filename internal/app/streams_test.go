package app

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"dateline/internal/clock"
	"dateline/internal/web/site"
)

// TestTheOperatorSetsThePace moves an open page from its stream to asking, and stops the
// streams under it: it is told how long to wait before it returns (I-53).
func TestTheOperatorSetsThePace(t *testing.T) {
	n, err := openNode(t.Context(), Config{Data: t.TempDir()}, clock.System(), newLog(io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	n.loops.Go(func() { runLive(ctx, n.live, n.log) })
	defer func() {
		stop()
		if err := n.close(); err != nil {
			t.Error(err)
		}
	}()
	web := httptest.NewServer(site.New(n.edition, site.Options{Now: n.db.Now, Log: n.log, Live: n.live}))
	defer web.Close()
	in := listen(t, web.URL+"/live?ch=house.en")
	n.wantPace(t, "by=asking&every=30", 200, "told 1 readers\n")
	wantLine(t, in, `data: {"stream":false,"every":30}`)
	n.wantPace(t, "by=stream", 200, "told 1 readers\n")
	wantLine(t, in, `data: {"stream":true,"every":10}`)
	for _, bad := range []string{"", "by=pigeon", "by=asking&every=0", "by=asking&every=1e3"} {
		n.wantPace(t, bad, 400, "")
	}
	n.live.Hub().Drain()
	wantLine(t, in, "retry: ")
	if _, err := io.ReadAll(in); err != nil {
		t.Error(err)
	}
}

func (n *node) wantPace(t *testing.T, form string, code int, answer string) {
	t.Helper()
	values, err := url.ParseQuery(form)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/live/pace", strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	n.operator(nil).ServeHTTP(w, r)
	if w.Code != code || answer != "" && w.Body.String() != answer {
		t.Errorf("%q: %d %q", form, w.Code, w.Body)
	}
}

// listen opens a stream, which may take until the hub is open, and reads its first line.
func listen(t *testing.T, address string) *bufio.Reader {
	t.Helper()
	for range 1000 {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = answer.Body.Close() })
		if answer.StatusCode == http.StatusOK {
			in := bufio.NewReader(answer.Body)
			wantLine(t, in, "retry: ")
			return in
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("the streams do not open")
	return nil
}

// wantLine reads until a line begins with words.
func wantLine(t *testing.T, in *bufio.Reader, words string) {
	t.Helper()
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			t.Fatalf("%s does not come: %v", words, err)
		}
		if strings.HasPrefix(line, words) {
			return
		}
	}
}
