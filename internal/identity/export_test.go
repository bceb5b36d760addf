package identity

import "time"

// KeepAnswers makes the service believe an answer for d: the fault that figure A-4 must notice.
func (s *Service) KeepAnswers(d time.Duration) { s.cache = newCache(d) }
