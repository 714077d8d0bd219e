package app

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"

	"dateline/internal/newsroom"
	"dateline/internal/picture"
	"dateline/internal/story"
	"dateline/internal/wire"
)

// A workshop reads hostile bytes in a process of its own: this binary again, without an
// environment, unable to write a file, and with bounds on time and memory. A decoder that
// runs away or falls over takes that process with it and nothing else.
type workshop struct {
	program string // this binary

	// One of each at a time bounds what all of them cost; a wire never waits for a picture.
	pictures, wires chan struct{}
}

// What one job may cost. The largest picture that is taken, of 50 million 64-bit pixels,
// was measured at 424 MB and 1.1 s; a feed of 8 MiB and 2,000 items at 0.5 s and 30 MB.
var (
	pictureBounds = bounds{CPU: 4, Memory: 512 << 20, Heap: 400 << 20}
	wireBounds    = bounds{CPU: 10, Memory: 64 << 20, Heap: 32 << 20}
)

// bounds are what a job may cost, as the child sets them on itself before it reads a byte.
type bounds struct {
	CPU    uint64 `json:"cpu"`    // seconds
	Memory uint64 `json:"memory"` // bytes of data beyond what an idle process has, above which it dies
	Heap   int64  `json:"heap"`   // bytes above which it collects its garbage eagerly
}

// patience is how long a job may take by the wall, on a machine with other work.
const patience = time.Minute

func newWorkshop() *workshop {
	program := "/proc/self/exe" // the running binary, also once another took its name
	if _, err := os.Stat(program); err != nil {
		program, err = os.Executable()
		if err != nil {
			program = os.Args[0]
		}
	}
	return &workshop{program: program, pictures: make(chan struct{}, 1), wires: make(chan struct{}, 1)}
}

var _ newsroom.Reader = (*workshop)(nil)

// job is what the child is told, as a line before the bytes; finished is its answer.
type job struct {
	Verb   string        `json:"verb"`
	Bounds bounds        `json:"bounds"`
	Bytes  int           `json:"bytes"` // that follow the line
	Name   string        `json:"name,omitempty"`
	Words  picture.Words `json:"words"`
	Widths []int         `json:"widths,omitempty"`
}

// The items of a wire come after it, each by itself: a whole feed as one value would be
// held several times over while it is written.
type finished struct {
	Refusal    *story.Refusal      `json:"refusal,omitempty"`
	Info       picture.Info        `json:"info"`
	Renditions []picture.Rendition `json:"renditions,omitempty"`
	Items      int                 `json:"items,omitempty"`

	items []wire.Item
}

// sentItem is an item with the hash of its words, which is not among its own fields.
type sentItem struct {
	Item  wire.Item `json:"item"`
	Words [32]byte  `json:"words"`
}

func (w *workshop) Inspect(ctx context.Context, raw []byte) (picture.Info, error) {
	if len(raw) > picture.MaxBytes {
		return picture.Inspect(raw) // refused before anything is read
	}
	done, err := w.run(ctx, w.pictures, job{Verb: "inspect", Bounds: pictureBounds}, raw, "The picture")
	return done.Info, err
}

func (w *workshop) Renditions(ctx context.Context, raw []byte, words picture.Words, widths []int) ([]picture.Rendition, error) {
	done, err := w.run(ctx, w.pictures, job{Verb: "renditions", Bounds: pictureBounds, Words: words, Widths: widths}, raw, "The picture")
	return done.Renditions, err
}

func (w *workshop) Logo(ctx context.Context, raw []byte) (made picture.Rendition, err error) {
	done, err := w.run(ctx, w.pictures, job{Verb: "logo", Bounds: pictureBounds}, raw, "The picture")
	if err != nil {
		return made, err
	}
	if len(done.Renditions) != 1 {
		return made, errors.New("the workshop made no logo")
	}
	return done.Renditions[0], nil
}

func (w *workshop) Wire(ctx context.Context, name string, raw []byte) ([]wire.Item, error) {
	if len(raw) > wire.MaxBytes {
		return wire.Parse(name, raw) // refused before anything is read
	}
	done, err := w.run(ctx, w.wires, job{Verb: "wire", Bounds: wireBounds, Name: name}, raw, "The wire file")
	return done.items, err
}

// maxAnswer bounds what the child may say: three renditions are a few megabytes.
const maxAnswer = 64 << 20

// run has a child do a job. What is the subject of the sentence if the child dies of it.
func (w *workshop) run(ctx context.Context, lane chan struct{}, j job, raw []byte, what string) (done finished, err error) {
	select {
	case lane <- struct{}{}:
		defer func() { <-lane }()
	case <-ctx.Done():
		return done, ctx.Err()
	}
	j.Bytes = len(raw)
	head, err := json.Marshal(j)
	if err != nil {
		return done, fmt.Errorf("telling the workshop: %w", err)
	}
	within, stop := context.WithTimeout(ctx, patience)
	defer stop()
	var said bytes.Buffer
	child := exec.CommandContext(within, w.program, "workshop")
	child.Env, child.Dir = []string{}, "/"
	child.Stdin = io.MultiReader(bytes.NewReader(head), bytes.NewReader([]byte("\n")), bytes.NewReader(raw))
	child.Stdout = &atMost{&said, maxAnswer}
	child.WaitDelay = time.Second
	if err := child.Start(); err != nil {
		return done, fmt.Errorf("starting the workshop: %w", err)
	}
	if err := child.Wait(); err != nil {
		if ctx.Err() != nil {
			return done, ctx.Err()
		}
		return done, story.Refuse(story.TooLarge, "%s cannot be read: it takes more time or memory than one may, as damaged and hostile files do.", what)
	}
	if err := done.hear(&said); err != nil {
		return done, fmt.Errorf("hearing the workshop: %w", err)
	}
	if done.Refusal != nil {
		return done, done.Refusal
	}
	return done, nil
}

// hear reads what tell wrote.
func (f *finished) hear(from io.Reader) error {
	answer := json.NewDecoder(from)
	if err := answer.Decode(f); err != nil {
		return err
	}
	for range f.Items {
		var s sentItem
		if err := answer.Decode(&s); err != nil {
			return err
		}
		s.Item.Words = s.Words
		f.items = append(f.items, s.Item)
	}
	return nil
}

func (f *finished) tell(to io.Writer) error {
	f.Items = len(f.items)
	answer := json.NewEncoder(to)
	if err := answer.Encode(f); err != nil {
		return err
	}
	for _, item := range f.items {
		if err := answer.Encode(sentItem{item, item.Words}); err != nil {
			return err
		}
	}
	return nil
}

// atMost passes on the first left bytes and drops the rest: what is cut off is no answer.
type atMost struct {
	to   io.Writer
	left int
}

func (a *atMost) Write(b []byte) (int, error) {
	n := min(len(b), a.left)
	a.left -= n
	if _, err := a.to.Write(b[:n]); err != nil {
		return 0, err
	}
	return len(b), nil
}

// workshopCommand is the child. It ends when its one job is done.
func workshopCommand(ctx context.Context, in io.Reader, out io.Writer) error {
	from := bufio.NewReader(in)
	line, err := from.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("reading the job: %w", err)
	}
	var j job
	if err := json.Unmarshal(line, &j); err != nil {
		return fmt.Errorf("reading the job: %w", err)
	}
	if err := j.Bounds.set(); err != nil {
		return err
	}
	raw := make([]byte, j.Bytes)
	if _, err := io.ReadFull(from, raw); err != nil {
		return fmt.Errorf("reading the bytes: %w", err)
	}
	done, err := j.do(ctx, raw)
	if err != nil {
		refusal, ok := story.AsRefusal(err)
		if !ok {
			return err
		}
		done.Refusal = refusal
	}
	return done.tell(out)
}

func (j job) do(ctx context.Context, raw []byte) (done finished, err error) {
	var here newsroom.Here
	switch j.Verb {
	case "inspect":
		done.Info, err = here.Inspect(ctx, raw)
	case "renditions":
		done.Renditions, err = here.Renditions(ctx, raw, j.Words, j.Widths)
	case "logo":
		done.Renditions = make([]picture.Rendition, 1)
		done.Renditions[0], err = here.Logo(ctx, raw)
	case "wire":
		done.items, err = here.Wire(ctx, j.Name, raw)
	default:
		err = fmt.Errorf("the workshop knows no %q", j.Verb)
	}
	return done, err
}

// set puts the bounds on this process. Its files are bounded to nothing: its answer is a pipe.
func (b bounds) set() error {
	runtime.GOMAXPROCS(1) // so that nothing allocates while its garbage is collected
	debug.SetMemoryLimit(b.Heap)
	for resource, limit := range map[int]uint64{syscall.RLIMIT_CPU: b.CPU, syscall.RLIMIT_DATA: idleData() + b.Memory, syscall.RLIMIT_FSIZE: 0, syscall.RLIMIT_CORE: 0} {
		if err := syscall.Setrlimit(resource, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
			return fmt.Errorf("bounding the workshop: %w", err)
		}
	}
	return nil
}

// idleData is how many bytes of data this process has by now, most of them reserved and
// never touched (proc_pid_statm(5), the sixth number, in pages). Where the system does not
// tell, more than a Go program of this size has ever been seen to reserve.
func idleData() uint64 {
	var pages [6]uint64
	text, err := os.ReadFile("/proc/self/statm")
	if err == nil {
		_, err = fmt.Sscan(string(text), &pages[0], &pages[1], &pages[2], &pages[3], &pages[4], &pages[5])
	}
	if err != nil {
		return 256 << 20
	}
	return pages[5] * uint64(os.Getpagesize())
}
