package store

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline/internal/record"
	"dateline/internal/story"
)

// inLine has n writes wait behind one that does not end before they all do, and returns
// what each of them was answered, and last that one.
func inLine(t *testing.T, db *DB, n int, write func(i int) error) []error {
	t.Helper()
	began, end := make(chan struct{}), make(chan struct{})
	answers := make([]error, n+1)
	var all sync.WaitGroup
	var once sync.Once
	all.Go(func() {
		answers[n] = db.Write(t.Context(), func(*Tx) error { once.Do(func() { close(began) }); <-end; return nil })
	})
	<-began
	for i := range n {
		all.Go(func() { answers[i] = write(i) })
		for waiting(db) != i+1 {
			runtime.Gosched()
		}
	}
	close(end)
	all.Wait()
	return answers
}

func waiting(db *DB) int {
	db.turn.mu.Lock()
	defer db.turn.mu.Unlock()
	return len(db.turn.line)
}

func addMember(t *testing.T, db *DB, name string) error {
	return db.Write(t.Context(), func(tx *Tx) error {
		_, err := tx.AddMember(name, false, 0)
		return err
	})
}

func names(t *testing.T, db *DB) (all []string) {
	t.Helper()
	if err := db.Read(t.Context(), func(q *Query) error {
		members, err := q.Members()
		for _, m := range members {
			all = append(all, m.Name)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestWhatWaitsSharesACommit: forty writes that append, ten of which are refused, in the
// order of their arrival under one checkpoint.
func TestWhatWaitsSharesACommit(t *testing.T) { each(t, whatWaitsSharesACommit) }

func whatWaitsSharesACommit(t *testing.T, db *DB) {
	wake := db.Wake()
	var order []int
	answers := inLine(t, db, 40, func(i int) error {
		return db.Write(t.Context(), func(tx *Tx) error {
			order = append(order, i) // one has the turn at a time
			_, _, last, err := tx.Last()
			if err != nil {
				return err
			}
			if _, err = tx.Append(Draft{At: last.Add(time.Microsecond), Kind: record.KindHouse, Class: story.Houses, Subject: "house", Content: record.House{}, Decision: record.Decision{Road: story.ByHouse, Basis: record.NotJudged}}); err != nil {
				return err
			}
			if i%4 == 3 {
				return story.Refuse(story.Conflict, "No.")
			}
			return nil
		})
	})
	for i, err := range answers {
		if _, refused := story.AsRefusal(err); refused != (i%4 == 3) || err != nil && !refused {
			t.Errorf("%d was answered %v", i, err)
		}
	}
	if !slices.IsSorted(order) || len(order) != 40 {
		t.Error(order)
	}
	report, err := record.Verify(t.Context(), db, record.VerifyOptions{})
	if err != nil || report.Entries != 33 || report.Checkpoints != 4 {
		t.Errorf("%+v, %v", report, err)
	}
	select {
	case <-wake:
	default:
		t.Error("nobody was woken")
	}
}

// TestAMemberFailsAlone: an error of the engine, a panic and an end of the goroutine take
// back their own writes and nobody else's.
func TestAMemberFailsAlone(t *testing.T) { each(t, aMemberFailsAlone) }

func aMemberFailsAlone(t *testing.T, db *DB) {
	fails := []func(*Tx) error{
		func(tx *Tx) error { _, err := tx.AddMember("member 0", false, 0); return err },
		func(*Tx) error { panic("in a member") },
		func(*Tx) error { runtime.Goexit(); return nil },
	}
	answers := inLine(t, db, 7, func(i int) (err error) {
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("%v", p)
			}
		}()
		if i%2 == 0 {
			return addMember(t, db, fmt.Sprintf("member %d", i))
		}
		return db.Write(t.Context(), func(tx *Tx) error {
			if _, err := tx.AddMember(fmt.Sprintf("member %d", i), false, 0); err != nil {
				return err
			}
			return fails[i/2](tx)
		})
	})
	for i, err := range answers {
		if (err != nil) != (i == 1 || i == 3) {
			t.Errorf("%d was answered %v", i, err)
		}
	}
	if got := strings.Join(names(t, db), ", "); got != "member 0, member 2, member 4, member 6" {
		t.Error(got)
	}
}

// TestTheFirstMemberFailsAlone: it has no savepoint, and what comes after it has.
func TestTheFirstMemberFailsAlone(t *testing.T) { each(t, theFirstMemberFailsAlone) }

func theFirstMemberFailsAlone(t *testing.T, db *DB) {
	for _, fail := range []func(){func() { panic("in the first") }, nil} {
		func() {
			defer func() { _ = recover() }()
			_ = db.Write(t.Context(), func(tx *Tx) error {
				if _, err := tx.AddMember("first", false, 0); err != nil {
					t.Error(err)
				}
				if fail != nil {
					fail()
				}
				return story.Refuse(story.Conflict, "No.")
			})
		}()
	}
	if err := addMember(t, db, "second"); err != nil {
		t.Error(err)
	}
	if got := names(t, db); !slices.Equal(got, []string{"second"}) {
		t.Error(got)
	}
}

// TestAFailedCommitFailsEveryMember: one leaves a reference that only the commit finds.
func TestAFailedCommitFailsEveryMember(t *testing.T) {
	db := openTest(t)
	hooks := 0
	answers := inLine(t, db, 5, func(i int) error {
		return db.Write(t.Context(), func(tx *Tx) error {
			tx.AfterCommit(func() { hooks++ })
			if i == 2 {
				if _, err := tx.exec(`PRAGMA defer_foreign_keys = 1`); err != nil {
					return err
				}
				return tx.AddRole(999, Role{Desk: "nowhere", Role: "chief"})
			}
			_, err := tx.AddMember(fmt.Sprintf("member %d", i), false, 0)
			return err
		})
	})
	for i, err := range answers {
		if err == nil {
			t.Errorf("%d was acknowledged", i)
		}
	}
	if got := names(t, db); len(got) > 0 || hooks > 0 {
		t.Errorf("%q was kept, %d hooks ran", got, hooks)
	}
	if err := addMember(t, db, "after"); err != nil {
		t.Error(err)
	}
}

// TestACancelledCallerLeavesTheLine, and one that was cancelled in the middle keeps nothing.
func TestACancelledCallerLeavesTheLine(t *testing.T) { each(t, aCancelledCallerLeavesTheLine) }

func aCancelledCallerLeavesTheLine(t *testing.T, db *DB) {
	ctx, cancel := context.WithCancel(t.Context())
	answers := inLine(t, db, 4, func(i int) error {
		if i != 1 {
			return addMember(t, db, fmt.Sprintf("member %d", i))
		}
		return db.Write(ctx, func(tx *Tx) error {
			if _, err := tx.AddMember("half", false, 0); err != nil {
				return err
			}
			cancel()
			_, err := tx.AddMember("done", false, 0)
			return err
		})
	})
	for i, err := range answers {
		if errors.Is(err, context.Canceled) != (i == 1) {
			t.Errorf("%d was answered %v", i, err)
		}
	}
	if err := db.Write(t.Context(), func(*Tx) error {
		if err := db.Write(ctx, func(*Tx) error { return nil }); !errors.Is(err, context.Canceled) || waiting(db) != 0 {
			t.Errorf("answered %v, %d in line", err, waiting(db))
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
	if got := names(t, db); !slices.Equal(got, []string{"member 0", "member 2", "member 3"}) {
		t.Error(got)
	}
}

// TestWhatIsSentLateFailsAlone: of two writes that the engine does not take both, which it
// finds when it is sent what everybody left, one is answered so, and nobody else is.
func TestWhatIsSentLateFailsAlone(t *testing.T) { each(t, sentLate) }

func sentLate(t *testing.T, db *DB) {
	ran, hooks := make([]int, 6), make([]int, 6)
	answers := inLine(t, db, len(ran), func(i int) error {
		return db.Write(t.Context(), func(tx *Tx) error {
			ran[i]++
			tx.AfterCommit(func() { hooks[i]++ })
			return tx.SetAnswer(1, fmt.Sprint("the key of form ", min(i, 4)), Answer{Verb: "file", Request: []byte{byte(i)}, Body: []byte(`{}`)})
		})
	})
	if (answers[4] == nil) == (answers[5] == nil) || !slices.Equal(ran, []int{2, 2, 2, 2, 2, 2}) {
		t.Errorf("%v; they ran %d times", answers, ran)
	}
	if err := db.Read(t.Context(), func(q *Query) error {
		for i := range ran {
			if i < 4 && answers[i] != nil || hooks[i] == 1 != (answers[i] == nil) {
				t.Errorf("%d was answered %v, with %d hooks", i, answers[i], hooks[i])
			}
			said, found, err := q.Answer(1, fmt.Sprint("the key of form ", min(i, 4)))
			if err != nil || !found || (said.Request[0] == byte(i)) != (answers[i] == nil) {
				t.Errorf("%d is %+v, %v", i, said, err)
			}
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

// TestAFailedQuestionFailsAlone: a server ends the transaction of all for it.
func TestAFailedQuestionFailsAlone(t *testing.T) { each(t, aFailedQuestion) }

func aFailedQuestion(t *testing.T, db *DB) {
	answers := inLine(t, db, 5, func(i int) error {
		return db.Write(t.Context(), func(tx *Tx) error {
			if i == 2 {
				_, err := tx.one(`SELECT sunrise FROM member`, nil)
				return err
			}
			if _, _, err := tx.MemberNamed(fmt.Sprint("nobody ", i)); err != nil {
				return err
			}
			return tx.Note(Audit{Verb: fmt.Sprint("verb ", i), Subject: "subject"})
		})
	})
	for i, err := range answers {
		if (err != nil) != (i == 2) {
			t.Errorf("%d was answered %v", i, err)
		}
	}
	if err := db.Read(t.Context(), func(q *Query) error {
		lines, err := q.AuditOf("subject", 9)
		if len(lines) != 4 {
			t.Errorf("%+v", lines)
		}
		return err
	}); err != nil {
		t.Error(err)
	}
}
