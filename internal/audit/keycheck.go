package audit

import (
	"context"
	"errors"
	"fmt"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
)

// ErrForeignKeys means that the platform's chain was written with other keys than these.
var ErrForeignKeys = errors.New("the audit trail was written with other keys")

// CheckKeys compares the keys with the platform's chain, so that a process with the wrong file does not continue the chains with
// rows that nobody can verify. A newest row that was altered is no sign of wrong keys as long as the first one verifies: finding it is
// the work of VerifyOrg. An empty chain accepts any keys. Other errors than ErrForeignKeys mean that the database was not asked.
func (t *Trail) CheckKeys(ctx context.Context) error {
	var newest, first []Row
	err := t.db.InPlatformTx(auth.WithPrincipal(ctx, auth.SystemOf(ident.OrgID{})), ident.OrgID{}, func(tx *postgres.Tx) error {
		var err error
		if newest, err = selectRows(ctx, tx, ident.OrgID{}, Filter{}, 0, 1); err != nil {
			return err
		}
		first, err = selectRows(ctx, tx, ident.OrgID{}, Filter{}, 2, 1)
		return err
	})
	if err != nil {
		return fmt.Errorf("read ends of audit chain: %w", err)
	}
	for _, r := range newest {
		if _, known := t.keys.rows[r.KeyID]; !known {
			return fmt.Errorf("%w: key %s is missing", ErrForeignKeys, r.KeyID)
		}
	}
	ends := append(newest, first...)
	for i := range ends {
		if key, known := t.keys.rows[ends[i].KeyID]; known && genuine(&ends[i], key) {
			return nil
		}
	}
	if len(ends) == 0 {
		return nil
	}
	return ErrForeignKeys
}
