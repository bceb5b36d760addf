package seal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/aead/aesgcm"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/key"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	"github.com/tink-crypto/tink-go/v2/prf/hkdfprf"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"
)

const documentFormat = "restartix-seal-1"

// document is the key file. The key sets inside are Tink's own JSON, so that its tools can read them.
type document struct {
	Format   string          `json:"format"`
	Primary  int32           `json:"primary"`
	Versions []version       `json:"versions"`
	Index    json.RawMessage `json:"index"`
}

type version struct {
	ID      int32           `json:"id"`
	Created time.Time       `json:"created"`
	Keys    json.RawMessage `json:"keys"`
}

// Generate makes a new key document with one version. created is written into it for the operator to read; nothing
// depends on it. The result is a secret: it belongs in a file of mode 0600 or in a secret store.
func Generate(created time.Time) ([]byte, error) {
	keys, err := newKeyset(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("generating field key: %w", err)
	}
	index, err := newKeyset(prf.HKDFSHA256PRFKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("generating index key: %w", err)
	}
	return encode(document{
		Format:   documentFormat,
		Primary:  1,
		Versions: []version{{ID: 1, Created: created.UTC(), Keys: keys}},
		Index:    index,
	})
}

// Rotate returns the document with one more version, which becomes the primary. Older versions stay and keep opening
// what they sealed; the index key stays too, because every stored index depends on it.
func Rotate(doc []byte, created time.Time) ([]byte, error) {
	d, err := decode(doc)
	if err != nil {
		return nil, err
	}
	keys, err := newKeyset(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("generating field key: %w", err)
	}
	next := int32(0)
	for _, v := range d.Versions {
		next = max(next, v.ID)
	}
	next++
	d.Versions = append(d.Versions, version{ID: next, Created: created.UTC(), Keys: keys})
	d.Primary = next
	return encode(d)
}

// Forget returns the document without the versions that are not its primary: what only they open is lost from then on.
func Forget(doc []byte) ([]byte, error) {
	d, err := decode(doc)
	if err != nil {
		return nil, err
	}
	d.Versions = slices.DeleteFunc(d.Versions, func(v version) bool { return v.ID != d.Primary })
	if len(d.Versions) != 1 {
		return nil, errors.New("key document has no key for its primary version")
	}
	return encode(d)
}

// Retired answers the versions beside the primary, which a finished rotation forgets.
func Retired(doc []byte) ([]int32, error) {
	d, err := decode(doc)
	if err != nil {
		return nil, err
	}
	var out []int32
	for _, v := range d.Versions {
		if v.ID != d.Primary {
			out = append(out, v.ID)
		}
	}
	return out, nil
}

func encode(d document) ([]byte, error) {
	out, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("writing key document: %w", err)
	}
	return append(out, '\n'), nil
}

// decode reports what is wrong without the decoder's own text, which may quote a piece of a key.
func decode(doc []byte) (document, error) {
	var d document
	if len(bytes.TrimSpace(doc)) == 0 {
		return d, errors.New("key document is empty")
	}
	dec := json.NewDecoder(bytes.NewReader(doc))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d); err != nil || dec.More() {
		return d, errors.New("key document is not valid JSON of the expected form")
	}
	if d.Format != documentFormat {
		return d, errors.New("key document has an unknown format")
	}
	return d, nil
}

func newKeyset(template *tinkpb.KeyTemplate) (json.RawMessage, error) {
	handle, err := keyset.NewHandle(template)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&out)); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// openKeyset reads a set that must hold exactly one enabled key: more would make "which key sealed this" a guess.
func openKeyset(raw json.RawMessage) (*keyset.Handle, key.Key, error) {
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(raw)))
	if err != nil {
		return nil, nil, errors.New("key set cannot be read")
	}
	if handle.Len() != 1 {
		return nil, nil, errors.New("key set must hold exactly one key")
	}
	entry, err := handle.Primary()
	if err != nil || entry.KeyStatus() != keyset.Enabled {
		return nil, nil, errors.New("key set has no enabled key")
	}
	return handle, entry.Key(), nil
}

func isFieldKey(k key.Key) bool {
	p, ok := k.Parameters().(*aesgcm.Parameters)
	return ok && p.KeySizeInBytes() == 32 && p.Variant() == aesgcm.VariantTink
}

func isIndexKey(k key.Key) bool {
	p, ok := k.Parameters().(*hkdfprf.Parameters)
	return ok && p.KeySizeInBytes() >= 32
}
