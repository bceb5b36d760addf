package audit

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
)

// Anchor signs the heads of every chain that grew since the last anchor and appends them to the file, which must lie outside
// the database: it is what makes a lost tail or a lost table visible. Several processes may call it; one line results
// per growth.
func (t *Trail) Anchor(ctx context.Context, path string, at time.Time) error {
	file, err := OpenAnchors(path, t.keys)
	if err != nil {
		return err
	}
	var heads []Head
	err = t.db.InPlatformTx(ctx, ident.OrgID{}, func(tx *postgres.Tx) error {
		orgs, err := chains(ctx, tx)
		if err != nil {
			return err
		}
		for _, org := range orgs {
			span := NewSpan(org.UUID(), file.LastSeq(org.UUID()))
			if err := eachMAC(ctx, tx, org, span.Head().Seq, span.Add); err != nil {
				return err
			}
			heads = append(heads, span.Head())
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read heads: %w", err)
	}
	_, err = file.Append(at, heads)
	return err
}

// Anchors reads and checks an anchor file; a file that does not exist yet holds none.
func (t *Trail) Anchors(path string) ([]Anchor, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open anchor file: %w", err)
	}
	anchors, err := ReadAnchors(file, t.keys)
	return anchors, errors.Join(err, file.Close())
}

// Chains lists the clinics that have a chain; the zero id is the platform's.
func (t *Trail) Chains(ctx context.Context) ([]ident.OrgID, error) {
	var out []ident.OrgID
	err := t.db.InPlatformTx(ctx, ident.OrgID{}, func(tx *postgres.Tx) error {
		var err error
		out, err = chains(ctx, tx)
		return err
	})
	return out, err
}
