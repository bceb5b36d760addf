package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// listener follows one topic as a browser does: it comes back after the time that it was told, to the place where it was.
type listener struct {
	f     *traffic
	topic string
	path  string
	token string

	mu     sync.Mutex
	last   string
	retry  time.Duration
	ids    map[string]bool
	heard  map[string]int
	opened int
	// cuts are streams that ended, untold those that ended without being told to come back, repeated pushes that came twice.
	cuts, untold, repeated int
	// resyncs are how often it was told to ask again; covered is how many changes such an answer shows.
	resyncs, covered int
}

// follow listens until ctx ends.
func (l *listener) follow(ctx context.Context) {
	for ctx.Err() == nil {
		err := l.once(ctx)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			l.f.count("stream "+l.topic, err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(l.pause()):
		}
	}
}

func (l *listener) pause() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.retry
}

// once opens the stream and reads it to its end. An error is a stream that was not given.
func (l *listener) once(ctx context.Context) error {
	r, err := l.f.request(ctx, http.MethodGet, l.path, nil)
	if err != nil {
		return err
	}
	if l.token != "" {
		r.Header.Set("Authorization", "Bearer "+l.token)
		r.Header.Set("X-App", "clinic")
	}
	if l.last != "" {
		r.Header.Set("Last-Event-ID", l.last)
	}
	answer, err := l.f.client.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		raw, _ := io.ReadAll(answer.Body) // a refusal that breaks off shows in its text
		return fmt.Errorf("status %d: %.200s", answer.StatusCode, raw)
	}
	l.f.count("", nil)
	told, blocks, lines := false, 0, bufio.NewReader(answer.Body)
	for {
		block, err := readBlock(lines)
		if err != nil {
			l.ended(ctx, told && errors.Is(err, io.EOF))
			return nil
		}
		l.take(block, blocks == 0)
		blocks++
		// The first block says where the stream begins; a later one with nothing but the time is the word to come back.
		told = blocks > 1 && block["retry"] != "" && len(block) == 1
	}
}

func (l *listener) ended(ctx context.Context, told bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if ctx.Err() != nil {
		return
	}
	l.cuts++
	if !told {
		l.untold++
	}
}

// take reads one block of the stream.
func (l *listener) take(block map[string]string, first bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if first {
		l.opened++
	}
	if ms, err := strconv.Atoi(block["retry"]); err == nil {
		l.retry = time.Duration(ms) * time.Millisecond
	}
	if id := block["id"]; id != "" {
		l.last = id
		if block["event"] != "" && l.ids[id] {
			l.repeated++
		}
		l.ids[id] = true
	}
	switch block["event"] {
	case "":
	case "resync":
		l.resyncs++
		l.covered, l.heard = l.f.intended(), map[string]int{}
	default:
		l.heard[key(block)]++
	}
}

// key names what a push is about.
func key(block map[string]string) string {
	var body struct {
		Data struct {
			ID    string
			Start time.Time
		}
	}
	if err := json.Unmarshal([]byte(block["data"]), &body); err != nil {
		return "unreadable " + block["data"]
	}
	if body.Data.ID != "" {
		return block["event"] + " " + body.Data.ID
	}
	return block["event"] + " " + body.Data.Start.UTC().Format(time.RFC3339)
}

// missing is how much of what its topic had to hear the listener has not.
func (l *listener) missing(visits map[string]string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for key, times := range l.f.expected(l.topic, l.covered, visits) {
		n += max(0, times-l.heard[key])
	}
	return n
}

// readBlock reads the lines up to an empty one.
func readBlock(r *bufio.Reader) (map[string]string, error) {
	out := map[string]string{}
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return nil, err
		}
		if line = strings.TrimSuffix(line, "\n"); line == "" {
			return out, nil
		}
		name, value, _ := strings.Cut(line, ": ")
		out[name] = value
	}
}

// audience opens n streams: of either specialist, of the service that both offer, and some of the office.
func audience(f *traffic, n int, staff string) []*listener {
	const public = "/v1/public/availability/stream?"
	topics := []string{"books", "holds", "service"}
	paths := []string{public + "specialist_id=" + f.books, public + "specialist_id=" + f.holds, public + "service_id=" + f.service}
	var out []*listener
	for i := range n {
		l := &listener{f: f, retry: time.Second, ids: map[string]bool{}, heard: map[string]int{}, topic: topics[i%3], path: paths[i%3]}
		if i < 3 { // a person has five streams at most
			l.topic, l.path, l.token = "office", "/v1/stream", staff
		}
		out = append(out, l)
	}
	return out
}
