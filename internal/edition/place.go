package edition

// Place is the newest entry that is applied, with its volume: where a stream of what comes
// after it begins. Zeros for an empty edition.
func (e *Edition) Place() (volume, n int64) {
	c := e.at()
	return c.volume, c.n
}
