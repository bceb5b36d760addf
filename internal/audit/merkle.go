package audit

import (
	"bytes"
	"crypto/sha256"

	"github.com/google/uuid"
)

// Span gathers the rows of one organization since the last anchor into a Head. It keeps one hash per level of the tree,
// so its size is the logarithm of the number of rows.
type Span struct {
	head   Head
	levels [][]byte // levels[i] is the root of a full tree of 2^i leaves that waits for its right sibling; nil if none
}

// NewSpan starts behind the row with number from; 0 is the beginning of the chain.
func NewSpan(org uuid.UUID, from int64) *Span {
	return &Span{head: Head{OrganizationID: org, From: from, Seq: from}}
}

// Add takes the MAC of the next row in order.
func (s *Span) Add(rowMAC []byte) {
	s.head.Seq++
	s.head.RowMAC = bytes.Clone(rowMAC)
	node := leafHash(rowMAC)
	for level := 0; ; level++ {
		if level == len(s.levels) {
			s.levels = append(s.levels, nil)
		}
		if s.levels[level] == nil {
			s.levels[level] = node
			return
		}
		node = nodeHash(s.levels[level], node)
		s.levels[level] = nil
	}
}

// Head is the state after the rows added so far. A span without rows has no root and is not anchored.
func (s *Span) Head() Head {
	h := s.head
	h.Root = nil
	for _, node := range s.levels { // right to left: the smaller trees stand on the right
		switch {
		case node == nil:
		case h.Root == nil:
			h.Root = node
		default:
			h.Root = nodeHash(node, h.Root)
		}
	}
	return h
}

// Leaves and inner nodes are hashed with different first bytes, as in RFC 6962, so that one cannot pass for the other.
func leafHash(b []byte) []byte {
	sum := sha256.Sum256(append([]byte{0}, b...))
	return sum[:]
}

func nodeHash(left, right []byte) []byte {
	sum := sha256.Sum256(append(append([]byte{1}, left...), right...))
	return sum[:]
}
