package site_test

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline/internal/clock"
	"dateline/internal/edition/editiontest"
	"dateline/internal/web/site"
)

func BenchmarkZZ(b *testing.B) {
	r := editiontest.House(b)
	e := editiontest.Open(b, r)
	src := clock.System()
	_ = src
	now := func() time.Time { return src().Wall.UTC().Truncate(time.Microsecond) }
	c := editiontest.Text("en", "city", "Long", "", strings.Repeat("Words that are long and many. ", 1800))
	r.Post("art0000088", editiontest.London, editiontest.Begin, c)
	check2(b, e.CatchUp(b.Context(), r))
	h := site.New(e, site.Options{Now: now, Log: slog.New(slog.DiscardHandler)})
	for name, handler := range map[string]http.Handler{"site": h, "bare": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Length", "14000")
		w.Write(make([]byte, 14000))
	})} {
		b.Run(name, func(b *testing.B) {
			l, _ := net.Listen("tcp", "127.0.0.1:0")
			srv := &http.Server{Handler: handler}
			if name == "site" {
				srv = &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: time.Minute, WriteTimeout: time.Minute, IdleTimeout: 60 * time.Second}
			}
			go srv.Serve(l)
			defer srv.Close()
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() {
					conn, _ := net.Dial("tcp", l.Addr().String())
					br := bufio.NewReaderSize(conn, 64<<10)
					for range b.N / 8 {
						fmt.Fprintf(conn, "GET /long-art0000088 HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n")
						n := 0
						for {
							line, err := br.ReadSlice('\n')
							if err != nil {
								b.Error(err)
								return
							}
							if len(line) <= 2 {
								break
							}
							if strings.HasPrefix(string(line), "Content-Length: ") {
								fmt.Sscan(string(line[16:]), &n)
							}
						}
						io.CopyN(io.Discard, br, int64(n))
					}
				})
			}
			wg.Wait()
		})
	}
}

func check2(t testing.TB, err error) {
	if err != nil {
		t.Fatal(err)
	}
}
