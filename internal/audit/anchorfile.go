package audit

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/google/uuid"
)

// AnchorFile appends anchors to a file outside the database. It is safe for concurrent use, also by several processes
// on one machine: each append holds a lock on the file and looks at what others have appended.
type AnchorFile struct {
	path string
	keys *Keys

	mu    sync.Mutex
	state anchorState
}

// anchorState is what the next anchor must continue.
type anchorState struct {
	size     int64
	number   int64
	previous []byte
	seqs     map[uuid.UUID]int64
}

// OpenAnchors reads and checks the file, which need not exist yet.
func OpenAnchors(path string, keys *Keys) (*AnchorFile, error) {
	f := &AnchorFile{path: path, keys: keys}
	file, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		f.state = startState()
		return f, nil
	}
	if err != nil {
		return nil, fmt.Errorf("opening anchor file: %w", err)
	}
	defer file.Close()
	return f, f.load(file)
}

func startState() anchorState {
	return anchorState{previous: make([]byte, sha256.Size), seqs: map[uuid.UUID]int64{}}
}

// Append signs one anchor over the heads, writes it and waits until the disk has it. Heads without new rows are left
// out; if none is left there is nothing to anchor and the answer is the zero Anchor. A head that does not start where
// the organization's last anchor ended is refused: somebody else has anchored, or rows were lost.
func (f *AnchorFile) Append(at time.Time, heads []Head) (Anchor, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	file, err := os.OpenFile(f.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return Anchor{}, fmt.Errorf("opening anchor file: %w", err)
	}
	defer file.Close()
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		return Anchor{}, fmt.Errorf("locking anchor file: %w", err)
	}
	if err := f.refresh(file); err != nil {
		return Anchor{}, err
	}
	a := Anchor{Number: f.state.number + 1, At: at, Previous: f.state.previous}
	for _, h := range heads {
		if h.Seq == h.From {
			continue
		}
		if h.From != f.state.seqs[h.OrganizationID] {
			return Anchor{}, fmt.Errorf("anchoring: span starts after %d, the last anchor ended at %d",
				h.From, f.state.seqs[h.OrganizationID])
		}
		a.Heads = append(a.Heads, h)
	}
	if len(a.Heads) == 0 {
		return Anchor{}, nil
	}
	slices.SortFunc(a.Heads, func(x, y Head) int { return bytes.Compare(x.OrganizationID[:], y.OrganizationID[:]) })
	line, err := f.keys.line(&a)
	if err != nil {
		return Anchor{}, err
	}
	if err := f.write(file, line); err != nil {
		return Anchor{}, err
	}
	f.state.advance(a, line)
	return a, nil
}

// LastSeq is where the next span of the organization starts: 0 when it was never anchored.
func (f *AnchorFile) LastSeq(org uuid.UUID) int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.state.seqs[org]
}

// refresh looks again when the file is not as this process left it.
func (f *AnchorFile) refresh(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("reading anchor file: %w", err)
	}
	if info.Size() == f.state.size {
		return nil
	}
	return f.load(file)
}

func (f *AnchorFile) load(r io.Reader) error {
	content, err := io.ReadAll(r)
	if err != nil {
		return fmt.Errorf("reading anchor file: %w", err)
	}
	state := startState()
	for line := range completeLines(content) {
		a, err := f.keys.next(state, line)
		if err != nil {
			return fmt.Errorf("reading anchor %d: %w", state.number+1, err)
		}
		state.advance(a, line)
	}
	f.state = state
	return nil
}

// write puts the line behind the last complete one. A line cut off by a crash was never acknowledged and is replaced.
func (f *AnchorFile) write(file *os.File, line []byte) error {
	_, err := file.WriteAt(append(bytes.Clone(line), '\n'), f.state.size)
	if err == nil {
		err = file.Truncate(f.state.size + int64(len(line)) + 1)
	}
	if err == nil {
		err = file.Sync()
	}
	if err == nil && f.state.number == 0 {
		err = syncDir(filepath.Dir(f.path)) // the name of a new file must survive too
	}
	if err != nil {
		return fmt.Errorf("writing anchor: %w", err)
	}
	return nil
}

func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}

// ReadAnchors reads an anchor file and checks every signature, the numbering, the chain between lines and that each
// organization's spans join. A last line without line end is what a crash leaves and is not an anchor. The error names
// the first anchor that is wrong.
func ReadAnchors(r io.Reader, keys *Keys) ([]Anchor, error) {
	content, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("reading anchors: %w", err)
	}
	var anchors []Anchor
	state := startState()
	for line := range completeLines(content) {
		a, err := keys.next(state, line)
		if err != nil {
			return nil, fmt.Errorf("reading anchor %d: %w", state.number+1, err)
		}
		state.advance(a, line)
		anchors = append(anchors, a)
	}
	return anchors, nil
}

// next reads the line that must follow state.
func (k *Keys) next(state anchorState, line []byte) (Anchor, error) {
	a, err := k.parseAnchor(line)
	switch {
	case err != nil:
		return Anchor{}, err
	case a.Number != state.number+1 || !bytes.Equal(a.Previous, state.previous):
		return Anchor{}, errors.New("anchor does not follow the one before it")
	}
	seen := map[uuid.UUID]bool{}
	for _, h := range a.Heads {
		if seen[h.OrganizationID] || h.From != state.seqs[h.OrganizationID] {
			return Anchor{}, errors.New("anchor does not continue the organization's last one")
		}
		seen[h.OrganizationID] = true
	}
	return a, nil
}

func (s *anchorState) advance(a Anchor, line []byte) {
	sum := sha256.Sum256(line)
	s.number, s.previous = a.Number, sum[:]
	s.size += int64(len(line)) + 1
	for _, h := range a.Heads {
		s.seqs[h.OrganizationID] = h.Seq
	}
}

// completeLines yields each line that has a line end, without it.
func completeLines(content []byte) func(yield func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for {
			end := bytes.IndexByte(content, '\n')
			if end < 0 || !yield(content[:end]) {
				return
			}
			content = content[end+1:]
		}
	}
}
