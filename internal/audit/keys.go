package audit

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"
)

const keysFormat = "restartix-audit-1"

// GenesisHash is the PrevHash of the first row of every chain: 32 zero bytes.
var GenesisHash = make([]byte, sha256.Size) //nolint:gochecknoglobals // 32 zero bytes, never written

// ErrUnknownKey means that the key ring does not hold the key that a row or an anchor names.
var ErrUnknownKey = errors.New("audit key is unknown")

// Keys holds the secrets of the trail: MAC keys for rows and signing keys for anchors, each by id. Old keys stay in the
// document for as long as rows of theirs exist. It is immutable and safe for concurrent use.
//
// The document must live outside the database: whoever owns the tables can rewrite them, and is noticed only because
// the keys are elsewhere.
type Keys struct {
	rowPrimary    string
	rows          map[string][]byte
	anchorPrimary string
	anchors       map[string]ed25519.PrivateKey
}

type keysDocument struct {
	Format  string  `json:"format"`
	Rows    keyList `json:"rows"`
	Anchors keyList `json:"anchors"`
}

type keyList struct {
	Primary string     `json:"primary"`
	Keys    []keyEntry `json:"keys"`
}

type keyEntry struct {
	ID      string    `json:"id"`
	Created time.Time `json:"created"`
	// Secret is base64: 32 bytes, for anchors the Ed25519 seed.
	Secret []byte `json:"secret"`
}

// GenerateKeys makes a key document with one MAC key and one signing key. The result is a secret.
func GenerateKeys(created time.Time) ([]byte, error) {
	fresh := func(id string) keyList {
		secret := make([]byte, 32)
		_, _ = rand.Read(secret) // documented never to fail
		return keyList{Primary: id, Keys: []keyEntry{{ID: id, Created: created.UTC(), Secret: secret}}}
	}
	out, err := json.MarshalIndent(keysDocument{Format: keysFormat, Rows: fresh("row-1"), Anchors: fresh("anchor-1")}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("writing audit keys: %w", err)
	}
	return append(out, '\n'), nil
}

// ParseKeys reads a key document. Its errors never quote it.
func ParseKeys(doc []byte) (*Keys, error) {
	var d keysDocument
	dec := json.NewDecoder(bytes.NewReader(doc))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d); err != nil || dec.More() || d.Format != keysFormat {
		return nil, errors.New("audit key document is not of the expected form")
	}
	rows, err := d.Rows.byID()
	if err != nil {
		return nil, fmt.Errorf("reading row keys: %w", err)
	}
	seeds, err := d.Anchors.byID()
	if err != nil {
		return nil, fmt.Errorf("reading anchor keys: %w", err)
	}
	anchors := make(map[string]ed25519.PrivateKey, len(seeds))
	for id, seed := range seeds {
		anchors[id] = ed25519.NewKeyFromSeed(seed)
	}
	return &Keys{rowPrimary: d.Rows.Primary, rows: rows, anchorPrimary: d.Anchors.Primary, anchors: anchors}, nil
}

func (l keyList) byID() (map[string][]byte, error) {
	keys := make(map[string][]byte, len(l.Keys))
	for _, k := range l.Keys {
		if k.ID == "" || len(k.Secret) != 32 {
			return nil, errors.New("a key needs an id and 32 bytes")
		}
		if _, doubled := keys[k.ID]; doubled {
			return nil, errors.New("a key id occurs twice")
		}
		keys[k.ID] = k.Secret
	}
	if _, ok := keys[l.Primary]; !ok {
		return nil, errors.New("the primary key is missing")
	}
	return keys, nil
}

// Chain links the row behind prev, which is the RowMAC of the row with Seq-1 or GenesisHash. It sets the time to whole
// microseconds and writes KeyID, PrevHash, PayloadHash and RowMAC; nothing else of the row may change afterwards.
func (k *Keys) Chain(r *Row, prev []byte) error {
	if len(prev) != sha256.Size {
		return errors.New("chaining audit row: previous hash is not 32 bytes")
	}
	r.OccurredAt = r.OccurredAt.UTC().Truncate(time.Microsecond)
	r.KeyID = k.rowPrimary
	hash, err := r.payloadHash()
	if err != nil {
		return fmt.Errorf("chaining audit row: %w", err)
	}
	r.PrevHash, r.PayloadHash = bytes.Clone(prev), hash
	r.RowMAC = rowMAC(k.rows[k.rowPrimary], prev, r.Seq, hash)
	return nil
}

func rowMAC(key, prev []byte, seq int64, payloadHash []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write(prev)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(seq))) //nolint:gosec // the database refuses a sequence below one
	mac.Write(payloadHash)
	return mac.Sum(nil)
}

// LogValue keeps the secrets out of logs.
func (*Keys) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// Format answers every verb with a mark.
func (*Keys) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "[redacted]") }
