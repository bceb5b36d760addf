package issuer

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/proof"
	"github.com/restartix/platform/internal/seal"
)

const (
	purposeAccess        = "access"
	purposeImpersonation = "impersonation"
	// keyTurn is how long a key signs before the waiting one takes over.
	keyTurn = 30 * 24 * time.Hour
	// keyTail is how long a key stays published after its turn: the longest token (an hour) and its leeway, with room.
	keyTail = 2 * time.Hour
	// keyFresh is how long a process uses keys without looking: a key waits published for a whole turn, so a minute is safe.
	keyFresh = time.Minute
)

// signingKey is one row of signing_keys with its opened private part.
type signingKey struct {
	id, purpose           string
	private               *ecdsa.PrivateKey
	publicDER             []byte
	sealed                seal.Value
	publishedAt           time.Time
	signsFrom, signsUntil *time.Time
}

// keyStore keeps the opened keys of this process for a minute.
type keyStore struct {
	db   *postgres.DB
	ring *seal.Ring
	mu   sync.Mutex
	at   time.Time
	list []signingKey
}

func newKeyStore(db *postgres.DB, ring *seal.Ring) *keyStore { return &keyStore{db: db, ring: ring} }

// forget makes the next use read again.
func (k *keyStore) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.list = nil
}

// all answers the published keys. The first use of an empty database makes them.
func (k *keyStore) all(ctx context.Context) ([]signingKey, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.db.Now()
	if k.list != nil && now.Sub(k.at) < keyFresh && !now.Before(k.at) {
		return k.list, nil
	}
	list, err := k.read(ctx)
	if err == nil && (current(list, purposeAccess) == nil || current(list, purposeImpersonation) == nil) {
		if err = k.rotate(ctx); err == nil {
			list, err = k.read(ctx)
		}
	}
	if err != nil {
		return nil, err
	}
	k.list, k.at = list, now
	return list, nil
}

// signing answers the key whose turn it is.
func (k *keyStore) signing(ctx context.Context, purpose string) (*signingKey, error) {
	list, err := k.all(ctx)
	if err != nil {
		return nil, fmt.Errorf("read signing keys: %w", err)
	}
	key := current(list, purpose)
	if key == nil {
		return nil, errors.New("no signing key")
	}
	return key, nil
}

func current(list []signingKey, purpose string) *signingKey {
	for i := range list {
		if list[i].purpose == purpose && list[i].signsFrom != nil && list[i].signsUntil == nil {
			return &list[i]
		}
	}
	return nil
}

// rotation says what is due for the keys of one purpose: whether the waiting key takes over, and which keys are withdrawn.
func rotation(list []signingKey, purpose string, now time.Time) (promote bool, withdraw []string) {
	now = now.UTC()
	signs := current(list, purpose)
	for _, key := range list {
		if key.purpose == purpose && key.signsUntil != nil && now.Sub(*key.signsUntil) >= keyTail {
			withdraw = append(withdraw, key.id)
		}
	}
	return signs == nil || now.Sub(*signs.signsFrom) >= keyTurn, withdraw
}

// CheckKeys opens the signing keys with the keys of this process, and makes them in an empty database. An error means that the process
// has other keys than those that sealed the data, or that the database does not answer. The answer is kept for a minute.
func (i *Issuer) CheckKeys(ctx context.Context) error {
	_, err := i.keys.all(ctx)
	return err
}

// RotateKeys is the hourly work on the issuer's keys: it does what is due and nothing otherwise.
func (i *Issuer) RotateKeys(ctx context.Context) error {
	defer i.keys.forget()
	return i.keys.rotate(ctx)
}

func (k *keyStore) rotate(ctx context.Context) error {
	err := k.inPlatform(ctx, func(tx *postgres.Tx) error {
		if err := lockKeys(ctx, tx); err != nil {
			return err
		}
		list, err := k.open(ctx, tx)
		if err != nil {
			return err
		}
		for _, purpose := range []string{purposeAccess, purposeImpersonation} {
			if err := k.rotatePurpose(ctx, tx, list, purpose); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("rotate signing keys: %w", err)
	}
	return nil
}

// rotatePurpose makes the missing waiting key before and after the change, so that two keys are live at all times.
func (k *keyStore) rotatePurpose(ctx context.Context, tx *postgres.Tx, list []signingKey, purpose string) error {
	promote, withdraw := rotation(list, purpose, tx.Now)
	if err := deleteKeys(ctx, tx, withdraw); err != nil {
		return err
	}
	if err := k.ensureNext(ctx, tx, purpose); err != nil {
		return err
	}
	if !promote {
		return nil
	}
	if err := promoteKey(ctx, tx, purpose, tx.Now); err != nil {
		return err
	}
	if err := audit.SecurityTx(ctx, tx, "key_rotated", "info", "signing:"+purpose); err != nil {
		return err
	}
	return k.ensureNext(ctx, tx, purpose)
}

func (k *keyStore) ensureNext(ctx context.Context, tx *postgres.Tx, purpose string) error {
	waiting, err := hasNextKey(ctx, tx, purpose)
	if err != nil || waiting {
		return err
	}
	key, err := k.make(purpose, tx.Now)
	if err != nil {
		return err
	}
	return insertKey(ctx, tx, key)
}

func (k *keyStore) make(purpose string, now time.Time) (signingKey, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return signingKey{}, fmt.Errorf("make signing key: %w", err)
	}
	public, err := x509.MarshalPKIXPublicKey(&private.PublicKey)
	if err != nil {
		return signingKey{}, fmt.Errorf("encode public key: %w", err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return signingKey{}, fmt.Errorf("encode private key: %w", err)
	}
	id := proof.NewToken().Reveal()[:22]
	sealed, err := k.ring.Seal(pkcs8, keyPlace(id))
	if err != nil {
		return signingKey{}, fmt.Errorf("seal private key: %w", err)
	}
	return signingKey{id: id, purpose: purpose, publicDER: public, sealed: sealed, publishedAt: now}, nil
}

func (k *keyStore) read(ctx context.Context) ([]signingKey, error) {
	var list []signingKey
	err := k.inPlatform(ctx, func(tx *postgres.Tx) (err error) {
		list, err = k.open(ctx, tx)
		return err
	})
	return list, err
}

func (k *keyStore) open(ctx context.Context, tx *postgres.Tx) ([]signingKey, error) {
	list, err := readKeys(ctx, tx)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if err := k.openOne(&list[i]); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (k *keyStore) openOne(key *signingKey) error {
	pkcs8, err := k.ring.Open(key.sealed, keyPlace(key.id))
	if err != nil {
		return fmt.Errorf("open signing key: %w", err)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(pkcs8)
	if err != nil {
		return errors.New("a stored signing key does not parse")
	}
	private, ok := parsed.(*ecdsa.PrivateKey)
	if !ok || private.Curve != elliptic.P256() {
		return errors.New("a stored signing key is not on P-256")
	}
	key.private = private
	return nil
}

// inPlatform runs as the owner, who alone sees the keys. Endpoints that give out tokens are never keyed requests, so this is
// a transaction of its own.
func (k *keyStore) inPlatform(ctx context.Context, fn func(*postgres.Tx) error) error {
	return k.db.InPlatformTx(auth.WithPrincipal(ctx, auth.SystemOf(ident.OrgID{})), ident.OrgID{}, fn)
}

func keyPlace(id string) seal.AAD {
	return seal.AAD{Org: uuid.Nil.String(), Table: "signing_keys", Column: "private_key_encrypted", Row: id}
}

// SealedColumns are the columns that a rotation of keys writes anew.
func SealedColumns() []seal.Column {
	return []seal.Column{seal.OfPlatform("signing_keys", "private_key_encrypted", "key_version", "id")}
}
