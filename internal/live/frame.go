package live

import (
	"strconv"
)

// A frame is one event as the bytes that every reader of its channels gets.
type frame struct {
	channels []string
	name     string
	data     []byte // lies in bytes
	bytes    []byte
}

// An entry is an Entry in bytes. Nobody changes it: all shards share it.
type entry struct {
	id     ID
	frames []frame
}

func encode(e Entry) *entry {
	out := &entry{id: e.ID, frames: make([]frame, 0, len(e.Events))}
	for _, x := range e.Events {
		f := frameOf(e.ID.String(), x.Name, x.Data)
		f.channels = x.Channels
		out.frames = append(out.frames, f)
	}
	return out
}

// frameOf writes an event as the HTML standard's section "Server-sent events" has it. JSON
// may hold line breaks between its tokens, and nowhere else: they become spaces.
func frameOf(id, name string, data []byte) frame {
	if len(data) > MaxData {
		data = []byte("{}")
	}
	b := make([]byte, 0, len(id)+len(name)+len(data)+24)
	if id != "" {
		b = append(append(append(b, "id: "...), id...), '\n')
	}
	b = append(append(append(b, "event: "...), name...), "\ndata: "...)
	from := len(b)
	for _, c := range data {
		if c == '\n' || c == '\r' {
			c = ' '
		}
		b = append(b, c)
	}
	to := len(b)
	b = append(b, "\n\n"...)
	return frame{name: name, data: b[from:to:to], bytes: b}
}

// headFrame is a heartbeat, or with another name what else tells where the record stands.
// Its id moves a reader on who was told nothing for long.
func headFrame(name string, head ID) []byte {
	return frameOf(head.String(), name, []byte(`{"head":"`+head.String()+`"}`)).bytes
}

// retryLine asks a browser to wait so long before it connects again.
func retryLine(milliseconds int) []byte {
	return append(strconv.AppendInt([]byte("retry: "), int64(milliseconds), 10), "\n\n"...)
}

// first returns the frame that a reader of channels gets of an entry, if any.
func (e *entry) first(has func(channel string) bool) (frame, bool) {
	for _, f := range e.frames {
		for _, c := range f.channels {
			if has(c) {
				return f, true
			}
		}
	}
	return frame{}, false
}
