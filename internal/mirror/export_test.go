package mirror

import "time"

// SetPatience is how long an answer may take.
func SetPatience(o *Origin, d time.Duration) { o.client.Timeout = d }

// Impatient lets the next look happen at once.
func Impatient(s *Source) {
	s.asking.Lock()
	defer s.asking.Unlock()
	s.pass = 0
}
