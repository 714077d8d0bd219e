package newsroom

import (
	"context"

	"dateline/internal/picture"
	"dateline/internal/wire"
)

// A Reader reads what comes from outside, where every byte is hostile. Its errors are
// refusals where the bytes are at fault. All methods may be called at once.
type Reader interface {
	// Inspect is picture.Inspect.
	Inspect(ctx context.Context, raw []byte) (picture.Info, error)
	// Renditions is picture.Renditions.
	Renditions(ctx context.Context, raw []byte, w picture.Words, widths []int) ([]picture.Rendition, error)
	// Logo is picture.Logo.
	Logo(ctx context.Context, raw []byte) (picture.Rendition, error)
	// Wire is wire.Parse.
	Wire(ctx context.Context, name string, raw []byte) ([]wire.Item, error)
}

// Here reads in this process: for commands that end when they have read, and for tests.
// A server reads in a process that it can lose.
type Here struct{}

// Inspect implements Reader.
func (Here) Inspect(_ context.Context, raw []byte) (picture.Info, error) { return picture.Inspect(raw) }

// Renditions implements Reader.
func (Here) Renditions(_ context.Context, raw []byte, w picture.Words, widths []int) ([]picture.Rendition, error) {
	return picture.Renditions(raw, w, widths...)
}

// Logo implements Reader.
func (Here) Logo(_ context.Context, raw []byte) (picture.Rendition, error) { return picture.Logo(raw) }

// Wire implements Reader.
func (Here) Wire(_ context.Context, name string, raw []byte) ([]wire.Item, error) {
	return wire.Parse(name, raw)
}
