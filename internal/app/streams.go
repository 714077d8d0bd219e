package app

import (
	"context"
	"log/slog"
	"syscall"

	"dateline/internal/live"
	"dateline/internal/web/site"
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

// runLive tells open pages what changes until ctx ends. Readers are served without it.
func runLive(ctx context.Context, l *site.Live, log *slog.Logger) {
	if err := l.Run(ctx); err != nil && ctx.Err() == nil {
		log.Error("pages are not told what changes", "error", err)
	}
}
