package coreapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/restartix/platform/internal/appointment"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/clinickey"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/issuer"
	"github.com/restartix/platform/internal/patient"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/seal"
	"github.com/restartix/platform/internal/signin"
	"github.com/restartix/platform/internal/specialist"
)

const (
	// resealBatch is how many values one transaction writes anew: short enough that nobody waits for it.
	resealBatch = 200
	// followEvery is how long a process may go on sealing under the version before the newest.
	followEvery = 2 * time.Second
)

// errValuesLeft keeps an operator from destroying a key that is still needed.
var errValuesLeft = errors.New("values are still sealed under a retired version: run `restartix keys rotate` to its end first")

// SealedColumns names every sealed column of the product. A rotation walks them all.
func SealedColumns() []seal.Column {
	out := []seal.Column{{
		Table: "idempotency_keys", Name: "response", Version: "key_version",
		Org: "COALESCE(organization_id, '00000000-0000-0000-0000-000000000000')::text", Row: "encode(key_hash, 'hex')",
	}}
	for _, more := range [][]seal.Column{
		clinickey.SealedColumns(), issuer.SealedColumns(), signin.SealedColumns(), specialist.SealedColumns(), patient.SealedColumns(),
		appointment.SealedColumns(),
	} {
		out = append(out, more...)
	}
	return out
}

// RotateKeys adds a version to the key document, which becomes the primary, and seals every stored value anew under it while the product
// runs. Processes that meet the new version read the document again. A rotation that was interrupted is continued by calling it again:
// as long as a retired version is in the document no further one is added. Progress goes to out, one line per batch that moved something.
func (a *App) RotateKeys(ctx context.Context, out io.Writer) error {
	ctx = auth.WithPrincipal(ctx, auth.SystemOf(ident.OrgID{}))
	if err := a.beginRotation(ctx, out); err != nil {
		return err
	}
	for {
		for _, c := range SealedColumns() {
			if err := a.resealColumn(ctx, c, out); err != nil {
				return fmt.Errorf("reseal %s.%s: %w", c.Table, c.Name, err)
			}
		}
		left, err := a.sealedOtherwise(ctx)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(out, "version %d: %d values left\n", a.ring.Primary(), left); err != nil || left == 0 {
			return err
		}
		select { // somebody holds a row, or a process has not read the document yet
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(followEvery / 10):
		}
	}
}

func (a *App) beginRotation(ctx context.Context, out io.Writer) error {
	doc, err := os.ReadFile(a.cfg.SealKeys)
	if err != nil {
		return errors.New("SEAL_KEYS: the file cannot be read")
	}
	retired, err := seal.Retired(doc)
	if err != nil {
		return fmt.Errorf("SEAL_KEYS: %w", err)
	}
	if len(retired) > 0 {
		_, err := fmt.Fprintln(out, "continuing a rotation")
		return errors.Join(err, a.ring.Refresh())
	}
	before := a.ring.Primary()
	if doc, err = seal.Rotate(doc, a.hands.Now()); err != nil {
		return fmt.Errorf("SEAL_KEYS: %w", err)
	}
	if err := replaceKeys(a.cfg.SealKeys, doc); err != nil {
		return err
	}
	if err := a.ring.Refresh(); err != nil {
		return err
	}
	return a.noteRotation(ctx, map[string]audit.Change{"primary": {before, a.ring.Primary()}})
}

// noteRotation records in the platform's chain what became of the keys.
func (a *App) noteRotation(ctx context.Context, changes map[string]audit.Change) error {
	return a.db.InPlatformTx(ctx, ident.OrgID{}, func(tx *postgres.Tx) error {
		a.trail.RecordTx(ctx, tx, audit.Entry{
			Action: "update", EntityType: "key_ring", EntityID: "seal:" + strconv.Itoa(int(a.ring.Primary())), Changes: changes,
		})
		return nil
	})
}

// ForgetKeys destroys the retired versions. It refuses while any value needs one.
func (a *App) ForgetKeys(ctx context.Context, out io.Writer) error {
	ctx = auth.WithPrincipal(ctx, auth.SystemOf(ident.OrgID{}))
	doc, err := os.ReadFile(a.cfg.SealKeys)
	if err != nil {
		return errors.New("SEAL_KEYS: the file cannot be read")
	}
	retired, err := seal.Retired(doc)
	if err != nil {
		return fmt.Errorf("SEAL_KEYS: %w", err)
	}
	left, err := a.sealedOtherwise(ctx)
	if err != nil {
		return err
	}
	if left > 0 {
		return errValuesLeft
	}
	if doc, err = seal.Forget(doc); err != nil {
		return fmt.Errorf("SEAL_KEYS: %w", err)
	}
	if err := replaceKeys(a.cfg.SealKeys, doc); err != nil {
		return err
	}
	if err := errors.Join(a.ring.Refresh(), a.noteRotation(ctx, map[string]audit.Change{"retired": {retired, nil}})); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "destroyed versions %v\n", retired)
	return err
}

// replaceKeys writes the document beside the old one first: a machine that stops in between has one or the other.
func replaceKeys(path string, doc []byte) error {
	next, err := os.CreateTemp(filepath.Dir(path), ".seal-*")
	if err != nil {
		return errors.New("SEAL_KEYS: no file can be made beside it")
	}
	_, err = next.Write(doc)
	err = errors.Join(err, next.Chmod(0o600), next.Sync(), next.Close())
	if err == nil {
		err = os.Rename(next.Name(), path)
	}
	if err != nil {
		return errors.Join(errors.New("SEAL_KEYS: the file cannot be replaced"), os.Remove(next.Name()))
	}
	return nil
}

// resealColumn moves batches until none is found.
func (a *App) resealColumn(ctx context.Context, c seal.Column, out io.Writer) error {
	for {
		moved, err := a.reseal(ctx, c)
		if err != nil || moved == 0 {
			return err
		}
		if _, err := fmt.Fprintf(out, "%s.%s: %d\n", c.Table, c.Name, moved); err != nil {
			return err
		}
	}
}

// sealed is one stored value with its place.
type sealed struct {
	At      pgtype.TID
	Org     string
	Row     string
	Cipher  []byte
	Version int32
}

// reseal writes one batch anew. The version that callers see of a row stays, because what it says stays.
func (a *App) reseal(ctx context.Context, c seal.Column) (moved int, err error) {
	err = a.db.InPlatformTx(ctx, ident.OrgID{}, func(tx *postgres.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT set_config('app.resealing', 'on', true)"); err != nil {
			return fmt.Errorf("mark rotation: %w", err)
		}
		rows, err := tx.Query(ctx, c.Due(), a.ring.Primary(), resealBatch)
		if err != nil {
			return fmt.Errorf("read sealed values: %w", err)
		}
		values, err := pgx.CollectRows(rows, pgx.RowToStructByPos[sealed])
		if err != nil {
			return fmt.Errorf("read sealed values: %w", err)
		}
		for _, v := range values {
			place := c.Place(v.Org, v.Row)
			plain, err := a.ring.Open(seal.Value{Cipher: v.Cipher, KeyVersion: v.Version}, place)
			if err != nil {
				return err
			}
			fresh, err := a.ring.Seal(plain, place)
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, c.Write(), v.At, fresh.Cipher, fresh.KeyVersion); err != nil {
				return fmt.Errorf("write sealed value: %w", err)
			}
		}
		moved = len(values)
		return nil
	})
	return moved, err
}

// sealedOtherwise counts what is not sealed under the primary version.
func (a *App) sealedOtherwise(ctx context.Context) (left int, err error) {
	err = a.db.InPlatformTx(ctx, ident.OrgID{}, func(tx *postgres.Tx) error {
		for _, c := range SealedColumns() {
			n := 0
			if err := tx.QueryRow(ctx, c.Left(), a.ring.Primary()).Scan(&n); err != nil {
				return fmt.Errorf("count sealed values of %s: %w", c.Table, err)
			}
			left += n
		}
		return nil
	})
	return left, err
}

// followKeys reads the key document again and again, so that a rotation ends soon after it began.
func (a *App) followKeys(ctx context.Context) {
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := a.ring.Refresh(); err != nil {
				a.log.LogAttrs(ctx, slog.LevelError, "keys not read again", slog.String("error", err.Error()))
			}
		}
	}
}
