package edition

// Place is the newest entry of the view, with its volume: where what comes after the page
// that is drawn from the view begins. Zeros for an empty edition.
func (v *View) Place() (volume, n int64, err error) {
	var at int64
	_, err = v.one(newestEntry, nil, &n, &volume, &at)
	return volume, n, err
}
