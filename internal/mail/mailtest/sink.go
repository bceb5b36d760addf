// Package mailtest holds the fake hand of mail, a mail server inside the test, and the suite that the fake and the real
// driver both pass.
package mailtest

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/restartix/platform/internal/mail"
)

// Sink keeps messages instead of sending them. The zero Sink is ready and safe for concurrent use.
type Sink struct {
	mu       sync.Mutex
	messages []mail.Message
	failure  error
	// changed is closed by the next message; nil until somebody waits.
	changed chan struct{}
}

// Send implements mail.Sender.
func (s *Sink) Send(ctx context.Context, m mail.Message) error {
	if err := m.Check(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failure != nil {
		return s.failure
	}
	m.Attachments = slices.Clone(m.Attachments)
	s.messages = append(s.messages, m)
	if s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
	return nil
}

// Await answers the messages of the recipient as soon as there are n; those that there are, when the context ends first.
func (s *Sink) Await(ctx context.Context, address string, n int) []mail.Message {
	for {
		s.mu.Lock()
		if s.changed == nil {
			s.changed = make(chan struct{})
		}
		changed := s.changed
		s.mu.Unlock()
		if found := s.To(address); len(found) >= n {
			return found
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return s.To(address)
		}
	}
}

// Fail makes every further Send answer err; nil makes the sink work again.
func (s *Sink) Fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failure = err
}

// Messages are those taken so far, in order.
func (s *Sink) Messages() []mail.Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.messages)
}

// To are the messages of one recipient, in order.
func (s *Sink) To(address string) []mail.Message {
	return slices.DeleteFunc(s.Messages(), func(m mail.Message) bool { return !strings.EqualFold(m.To, address) })
}
