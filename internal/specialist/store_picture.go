package specialist

import (
	"context"
	"fmt"

	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
)

func setPicture(ctx context.Context, tx *postgres.Tx, id ID, kind PictureKind, file ident.FileID) error {
	done := false
	if err := tx.QueryRow(ctx, "SELECT specialist_set_picture($1, $2, $3)", id, string(kind), file).Scan(&done); err != nil {
		return fmt.Errorf("set picture of specialist: %w", err)
	}
	if !done {
		return errPicture()
	}
	return nil
}
