package site

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"dateline/internal/edition"
	"dateline/internal/live"
	"dateline/internal/web/ui"
)

// Live tells open pages what changes: what the edition takes in, and at the boundaries of
// the moment the new notices. docs/live.md is what it promises to pages.
type Live struct {
	hub     *live.Hub
	edition *edition.Edition
	now     func() time.Time
	log     *slog.Logger
	wake    <-chan struct{}
	told    momentKey    // owned by tellMoments
	until   atomic.Int64 // the end of the moment that was told, in microseconds; 0 for none
}

// momentKey is what the moment is a function of.
type momentKey struct {
	head       int64
	start, end time.Time
}

// NewLive makes what readers' pages are told by. Nobody is told anything before Run.
func NewLive(e *edition.Edition, now func() time.Time, o live.Options) *Live {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Live{hub: live.NewHub(eventSource{e, now}, o), edition: e, now: now, log: o.Log, wake: e.Wake()}
}

// Hub is where the readers are.
func (l *Live) Hub() *live.Hub { return l.hub }

// momentTick is how often it is looked whether the moment has ended.
const momentTick = 200 * time.Millisecond

// Run tells pages until ctx ends.
func (l *Live) Run(ctx context.Context) error {
	done := make(chan struct{})
	go func() {
		defer close(done)
		l.tellMoments(ctx)
	}()
	err := l.hub.Run(ctx)
	<-done
	return err
}

// tellMoments tells the notices of each moment as it begins.
func (l *Live) tellMoments(ctx context.Context) {
	ticker := time.NewTicker(momentTick)
	defer ticker.Stop()
	failed := ""
	for {
		err := l.TellMoment(ctx)
		switch {
		case err == nil:
			failed = ""
		case ctx.Err() == nil && err.Error() != failed:
			failed = err.Error()
			l.log.Error("telling the notices", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-l.wake:
		case <-ticker.C:
		}
	}
}

// notice is the data of the event that replaces a page's notice.
type notice struct {
	State string `json:"state"`
	HTML  string `json:"html"`
	Start string `json:"start,omitempty"` // since when it is true
	End   string `json:"end,omitempty"`   // until when, unless something is posted that changes it
}

// TellMoment tells the notices as they are now, if they may have changed. It is called by
// one goroutine at a time.
func (l *Live) TellMoment(ctx context.Context) error {
	now, head := l.now(), l.edition.Applied()
	if k := l.told; k.head == head && !now.Before(k.start) && (k.end.IsZero() || now.Before(k.end)) {
		return nil
	}
	return l.edition.View(ctx, func(v *edition.View) error {
		house, ok, err := v.House()
		if err != nil || !ok {
			return err
		}
		desks, err := v.Desks(house)
		if err != nil {
			return err
		}
		m := edition.MomentAt(house, desks, now)
		for _, lang := range house.Languages {
			f := frame{moment: m, lang: lang, words: ui.WordsIn(lang)}
			if err := l.tellNotices(f); err != nil {
				return err
			}
		}
		end := int64(0)
		if !m.End.IsZero() {
			end = m.End.UnixMicro()
		}
		l.until.Store(end)
		l.told = momentKey{head, m.Start, m.End}
		return nil
	})
}

var noticePart = ui.NewPage[ui.Notice](own, "livenotice.tmpl")

// tellNotices tells the house's notice and that of each desk, in one language.
func (l *Live) tellNotices(f frame) error {
	pages := []page{{}}
	for _, s := range f.moment.Desks {
		pages = append(pages, page{desk: &s.Desk})
	}
	for _, p := range pages {
		n := f.notice(p)
		html, err := noticePart.Bytes(n)
		if err != nil {
			return err
		}
		data, err := json.Marshal(notice{n.State, string(html), iso(f.moment.Start), iso(f.moment.End)})
		if err != nil {
			return err
		}
		name := channel("notice", f.lang)
		if p.desk != nil {
			name = channel("notice", f.lang, string(p.desk.ID))
		}
		l.hub.Tell(name, "notice", data)
	}
	return nil
}

func iso(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// fresh is how long an answer to /since may be kept, by anybody: not past the moment.
func (l *Live) fresh() time.Duration {
	const most = 2 * time.Second
	end := l.until.Load()
	if end == 0 {
		return most
	}
	return min(most, max(0, time.UnixMicro(end).Sub(l.now())))
}

func (s *site) stream(w http.ResponseWriter, r *http.Request) error {
	if s.live == nil {
		return errUnknown // nobody tells pages here what changes
	}
	return s.live.hub.Stream(w, r)
}

// since answers a page that asks instead of listening: the same for everybody.
func (s *site) since(w http.ResponseWriter, r *http.Request) error {
	if s.live == nil {
		return errUnknown // nobody tells pages here what changes
	}
	names, err := live.Channels(r)
	if err != nil {
		return err
	}
	answer, err := s.live.hub.Since(r.Context(), r.PathValue("id"), names)
	if err != nil {
		w.Header().Set("Retry-After", "5")
		return err
	}
	body, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	cache := askAgain
	if seconds := int(s.live.fresh() / time.Second); seconds > 0 {
		cache = "public, max-age=" + strconv.Itoa(seconds)
	}
	return program(w, r, "application/json", cache, body)
}
