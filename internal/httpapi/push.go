package httpapi

import (
	"context"
	"time"
)

// Push is one server-sent event. Data is JSON without line breaks.
type Push struct {
	// ID becomes the client's Last-Event-ID; empty leaves the one it has.
	ID    string
	Event string
	Data  []byte
}

// Source is where one stream's pushes come from. It belongs to one stream.
type Source interface {
	// Opening is the place that a client names when it comes back before the first push; empty when it has one already.
	Opening() string
	// Next waits for the next push. An error ends the stream.
	Next(ctx context.Context) (Push, error)
	Close(ctx context.Context)
}

// Seats bounds how many streams somebody holds at the same time, over all processes. Safe for concurrent use.
type Seats interface {
	// Take answers a seat, or false when the holder has most of them already. holder is "user:" with an id or "ip:" with an
	// address.
	Take(ctx context.Context, holder string, most int) (Seat, bool)
}

// Seat is one place that was taken.
type Seat interface {
	// Renew keeps the seat; one that is not renewed for SeatLife is given away.
	Renew(ctx context.Context)
	Leave(ctx context.Context)
}

// LastEventID is embedded in the input of a stream.
type LastEventID struct {
	ID string `header:"Last-Event-ID" maxLength:"100" doc:"The id of the last event that you saw; what came after it is sent first."`
}

// The timing of streams.
const (
	// Heartbeat is how often a silent stream shows that it lives.
	Heartbeat = 15 * time.Second
	// Recheck is how often a stream asks whether its caller may still listen. A membership that ended closes it within five
	// seconds (figure T-13), which leaves room for the half second that an answer about a person is remembered.
	Recheck = 3 * time.Second
	// SeatLife is how long a seat outlives a process that died.
	SeatLife = 45 * time.Second
	// Retry is what a client is told to wait before it comes back.
	Retry = 3 * time.Second
	// writePatience ends a stream whose peer takes nothing.
	writePatience = 10 * time.Second

	streamsPerUser    = 5
	streamsPerAddress = 10
)
