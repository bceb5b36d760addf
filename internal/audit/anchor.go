package audit

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
)

// Head is how far one organization's chain had come when an anchor was made.
type Head struct {
	OrganizationID uuid.UUID
	// From is the last row of the anchor before: the span is (From, Seq].
	From   int64
	Seq    int64
	RowMAC []byte
	// Root is the Merkle root over the MACs of the span.
	Root []byte
}

// Anchor is one signed line of the anchor file. It names the organizations that wrote since the anchor before; the
// older anchors keep speaking for the others. Anchors are chained, so none can be taken out of the middle.
type Anchor struct {
	// Number counts from 1.
	Number int64
	At     time.Time
	Heads  []Head
	// Previous is the SHA-256 of the line before, without its line end; 32 zero bytes on the first.
	Previous  []byte
	KeyID     string
	Signature []byte
}

// wireHead and wireAnchor are the form on disk. Numbers are text: canonical JSON knows doubles only.
type wireHead struct {
	OrganizationID string `json:"organization_id"`
	From           int64  `json:"from,string"`
	Seq            int64  `json:"seq,string"`
	RowMAC         string `json:"row_mac"`
	Root           string `json:"root"`
}

type wireAnchor struct {
	Number    int64      `json:"number,string"`
	At        string     `json:"at"`
	Heads     []wireHead `json:"heads"`
	Root      string     `json:"root"`
	Previous  string     `json:"previous"`
	KeyID     string     `json:"key_id"`
	Signature string     `json:"signature,omitempty"`
}

// line signs the anchor and answers its line without the line end.
func (k *Keys) line(a *Anchor) ([]byte, error) {
	a.KeyID, a.Signature = k.anchorPrimary, nil
	signed, err := a.canonical()
	if err != nil {
		return nil, err
	}
	a.Signature = ed25519.Sign(k.anchors[a.KeyID], signed)
	return a.canonical()
}

func (a *Anchor) canonical() ([]byte, error) {
	w := wireAnchor{
		Number: a.Number, At: a.At.UTC().Truncate(time.Microsecond).Format(canonicalTime),
		Root: hex.EncodeToString(headsRoot(a.Heads)), Previous: hex.EncodeToString(a.Previous),
		KeyID: a.KeyID, Signature: hex.EncodeToString(a.Signature),
		Heads: make([]wireHead, 0, len(a.Heads)),
	}
	for _, h := range a.Heads {
		w.Heads = append(w.Heads, wireHead{
			h.OrganizationID.String(), h.From, h.Seq, hex.EncodeToString(h.RowMAC), hex.EncodeToString(h.Root),
		})
	}
	plain, err := json.Marshal(w)
	if err != nil {
		return nil, fmt.Errorf("encoding anchor: %w", err)
	}
	return canonicalJSON(plain)
}

// headsRoot is one root over all spans: the value to hand to a time-stamping service or to print.
func headsRoot(heads []Head) []byte {
	s := NewSpan(uuid.Nil, 0)
	for _, h := range heads {
		s.Add(slices.Concat(h.OrganizationID[:], h.RowMAC, h.Root))
	}
	return s.Head().Root
}

// parseAnchor reads one line and checks its signature. The line must be byte for byte what line would write, so that
// there is no second spelling of an anchor.
func (k *Keys) parseAnchor(line []byte) (Anchor, error) {
	var w wireAnchor
	if err := json.Unmarshal(line, &w); err != nil {
		return Anchor{}, errors.New("anchor is not JSON")
	}
	a, err := w.anchor()
	if err != nil {
		return Anchor{}, err
	}
	again, err := a.canonical()
	if err != nil || !bytes.Equal(again, line) {
		return Anchor{}, errors.New("anchor is not in canonical form")
	}
	key, ok := k.anchors[a.KeyID]
	if !ok {
		return Anchor{}, ErrUnknownKey
	}
	unsigned := a
	unsigned.Signature = nil
	signed, err := unsigned.canonical()
	if err != nil {
		return Anchor{}, err
	}
	public, ok := key.Public().(ed25519.PublicKey)
	if !ok || !ed25519.Verify(public, signed, a.Signature) {
		return Anchor{}, errors.New("anchor signature is wrong")
	}
	return a, nil
}

func (w wireAnchor) anchor() (Anchor, error) {
	bad := errors.New("anchor has a malformed member")
	at, err := time.Parse(canonicalTime, w.At)
	if err != nil {
		return Anchor{}, bad
	}
	a := Anchor{Number: w.Number, At: at, KeyID: w.KeyID}
	var errs [2]error
	a.Previous, errs[0] = hex.DecodeString(w.Previous)
	a.Signature, errs[1] = hex.DecodeString(w.Signature)
	if errs[0] != nil || errs[1] != nil || len(a.Previous) != sha256.Size {
		return Anchor{}, bad
	}
	for _, h := range w.Heads {
		org, err := uuid.Parse(h.OrganizationID)
		if err != nil {
			return Anchor{}, bad
		}
		mac, macErr := hex.DecodeString(h.RowMAC)
		root, rootErr := hex.DecodeString(h.Root)
		if macErr != nil || rootErr != nil || h.Seq <= h.From {
			return Anchor{}, bad
		}
		a.Heads = append(a.Heads, Head{OrganizationID: org, From: h.From, Seq: h.Seq, RowMAC: mac, Root: root})
	}
	return a, nil
}
