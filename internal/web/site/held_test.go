package site_test

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// slow is a reader who takes nothing off the line until let go.
type slow struct {
	*httptest.ResponseRecorder
	writing func()
	letGo   <-chan struct{}
}

func (s slow) Write(b []byte) (int, error) {
	s.writing()
	<-s.letGo
	return s.ResponseRecorder.Write(b)
}

// TestSlowReadersHoldNobodyUp has more readers than the edition serves at once stop in the
// middle of an answer; the next one is served all the same.
func TestSlowReadersHoldNobodyUp(t *testing.T) {
	p := newKiosk(t).found().print()
	const many = 20
	letGo := make(chan struct{})
	var writing, done sync.WaitGroup
	writing.Add(many)
	for range many {
		done.Go(func() {
			w := slow{httptest.NewRecorder(), sync.OnceFunc(writing.Done), letGo}
			p.web.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/feed.atom", nil))
		})
	}
	served := make(chan int, 1)
	go func() {
		writing.Wait()
		served <- p.get("/").Code
	}()
	select {
	case code := <-served:
		if code != http.StatusOK {
			t.Error(code)
		}
	case <-time.After(20 * time.Second):
		t.Error("slow readers hold everybody up")
	}
	close(letGo)
	done.Wait()
}
