package booking

import (
	"context"
	"hash/maphash"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/ident"
)

// A rush for one slot waits for one lock. What waits in the database keeps a connection; so only gateWidth bookings of a clinic
// go there at a time, and the others wait here, where waiting costs nothing and no other clinic notices.
const (
	gates     = 64
	gateWidth = 4
)

// gate is the waiting room of a process. Clinics share a door by chance, which only makes them wait a little.
type gate struct {
	seed  maphash.Seed
	doors [gates]chan struct{}
}

func newGate() *gate {
	g := &gate{seed: maphash.MakeSeed()}
	for i := range g.doors {
		g.doors[i] = make(chan struct{}, gateWidth)
	}
	return g
}

// enter waits for a place and answers how to leave it, or dependency_unavailable when the request's time ends first.
func (g *gate) enter(ctx context.Context, org ident.OrgID) (leave func(), err error) {
	door := g.doors[maphash.Comparable(g.seed, org)%gates]
	select {
	case door <- struct{}{}:
		return func() { <-door }, nil
	case <-ctx.Done():
		return nil, apperror.ErrUnavailable
	}
}
