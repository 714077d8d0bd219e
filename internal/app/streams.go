package app

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"syscall"

	"dateline/internal/live"
)

// liveOptions bound the streams by the descriptors that this process may hold, of which a
// tenth is left for all else. One address of another machine gets a twentieth of them.
func liveOptions(log *slog.Logger) live.Options {
	files := syscall.Rlimit{Cur: 1024}
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files); err != nil {
		log.Warn("asking how many descriptors there may be", "error", err)
	}
	most := int(min(files.Cur, 1<<20)) * 9 / 10
	return live.Options{Limit: most, PerAddress: max(100, most/20), Log: log}
}

// runLive tells open pages what changes until ctx ends. Pages are served without it.
func runLive(ctx context.Context, l interface{ Run(context.Context) error }, log *slog.Logger) {
	if err := l.Run(ctx); err != nil && ctx.Err() == nil {
		log.Error("pages are not told what changes", "error", err)
	}
}

// setPace moves all open pages from streams to asking (by=asking, every=SECONDS), or back
// (by=stream).
func (n *node) setPace(w http.ResponseWriter, r *http.Request) error {
	p := live.Pace{Stream: r.FormValue("by") == "stream", Every: 10}
	if !p.Stream && r.FormValue("by") != "asking" {
		return badRequest("by must be stream or asking")
	}
	if text := r.FormValue("every"); text != "" {
		var err error
		if p.Every, err = strconv.Atoi(text); err != nil || p.Every < 1 || p.Every > 3600 {
			return badRequest("every must be seconds, from 1 to 3600")
		}
	}
	n.live.Hub().SetPace(p)
	return say(w, "told "+strconv.Itoa(n.live.Hub().Readers())+" readers")
}
