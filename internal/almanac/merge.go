package almanac

import "slices"

// Merge sorts windows and makes one of those that touch or overlap.
func Merge(windows []Window) []Window { return merge(slices.Clone(windows)) }
