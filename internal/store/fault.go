package store

// A Moment is where the process can be stopped around a commit. Those are the two that
// matter to whoever waits for an answer: what was asked for is not there, or it is there
// and nobody was told.
type Moment string

// The moments of a commit.
const (
	BeforeCommit Moment = "before the commit"
	AfterCommit  Moment = "after the commit, before the answer"
)

// at lets Options.Fault stop the write here. Nothing sets it but the simulator, which
// takes a copy of the files as they are at this moment and goes on with the copy.
func (db *DB) at(m Moment) error {
	if db.stop == nil {
		return nil
	}
	return db.stop(m)
}
