package edition

import (
	"context"
	"time"
)

// SetSchema makes a file say that it is of another form.
func SetSchema(ctx context.Context, e *Edition, version string) error {
	_, err := e.write.ExecContext(ctx, `UPDATE meta SET value = $1 WHERE name = 'schema'`, version)
	return err
}

// Scrub does what is left to do after words were taken out.
func Scrub(ctx context.Context, e *Edition) error { return e.scrub(ctx) }

// Decoded counts the texts that are kept decoded.
func Decoded(e *Edition) int {
	e.texts.mu.Lock()
	defer e.texts.mu.Unlock()
	return len(e.texts.kept)
}

// SetPatience has searches look through windows of so many entries, and stop after so long.
func SetPatience(e *Edition, window int64, patience time.Duration) {
	e.window, e.patience = window, patience
}
