package file

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
)

const columns = `id, purpose, filename, content_type, upload_size, upload_sha256, detected_type, size, sha256, width, height, storage_key,
	status, rejection, owner_type, owner_id, uploaded_by, retention_until, legal_hold, expires_unconfirmed_at, confirmed_at, deleted_at,
	created_at, row_version`

func one(ctx context.Context, tx *postgres.Tx, statement string, id ID) (File, error) {
	rows, err := tx.Query(ctx, statement, id)
	if err != nil {
		return File{}, fmt.Errorf("read file: %w", err)
	}
	f, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[File])
	if postgres.IsNoRows(err) {
		return File{}, ErrNotFound
	}
	if err != nil {
		return File{}, fmt.Errorf("read file: %w", err)
	}
	return f, nil
}

func byID(ctx context.Context, tx *postgres.Tx, id ID) (File, error) {
	return one(ctx, tx, "SELECT "+columns+" FROM files WHERE id = $1", id)
}

// locked reads a row that the caller may also change; others are not found.
func locked(ctx context.Context, tx *postgres.Tx, id ID) (File, error) {
	return one(ctx, tx, "SELECT "+columns+" FROM files WHERE id = $1 FOR UPDATE", id)
}

func insert(ctx context.Context, tx *postgres.Tx, f File) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO files (id, organization_id, purpose, filename, content_type, upload_size, upload_sha256, storage_key, uploaded_by,
			expires_unconfirmed_at, created_at)
		VALUES (@id, @org, @purpose, @filename, @type, @size, @sha256, @key, @by, @expires, @now)`,
		pgx.NamedArgs{
			"id": f.ID, "org": tx.Principal.OrgID, "purpose": string(f.Purpose), "filename": f.Filename, "type": f.ContentType,
			"size": f.UploadSize, "sha256": f.UploadSHA256, "key": f.StorageKey, "by": f.UploadedBy, "expires": f.ExpiresUnconfirmed,
			"now": f.CreatedAt,
		})
	if err != nil {
		return fmt.Errorf("insert file: %w", err)
	}
	return nil
}

func markReady(ctx context.Context, tx *postgres.Tx, id ID, found sniffed, sha256 []byte) error {
	_, err := tx.Exec(ctx, `
		UPDATE files
		   SET status = 'ready', detected_type = @type, size = @size, sha256 = @sha256, width = NULLIF(@width, 0), height = NULLIF(@height, 0),
		       confirmed_at = @now
		 WHERE id = @id`,
		pgx.NamedArgs{
			"id": id, "type": found.contentType, "size": len(found.content), "sha256": sha256, "width": found.width, "height": found.height,
			"now": tx.Now,
		})
	if err != nil {
		return fmt.Errorf("accept file: %w", err)
	}
	return nil
}

func markRejected(ctx context.Context, tx *postgres.Tx, id ID, code string) error {
	if _, err := tx.Exec(ctx, "UPDATE files SET status = 'rejected', rejection = $2 WHERE id = $1", id, code); err != nil {
		return fmt.Errorf("reject file: %w", err)
	}
	return nil
}

func markDeleted(ctx context.Context, tx *postgres.Tx, id ID) error {
	if _, err := tx.Exec(ctx, "UPDATE files SET status = 'deleted', rejection = NULL, deleted_at = $2 WHERE id = $1", id, tx.Now); err != nil {
		return fmt.Errorf("delete file: %w", err)
	}
	return nil
}

func attach(ctx context.Context, tx *postgres.Tx, id ID, ownerType string, owner uuid.UUID) error {
	if _, err := tx.Exec(ctx, "UPDATE files SET owner_type = $2, owner_id = $3 WHERE id = $1", id, ownerType, owner); err != nil {
		return fmt.Errorf("attach file: %w", err)
	}
	return nil
}

// dueClinics answers the clinics that have something to sweep.
func dueClinics(ctx context.Context, tx *postgres.Tx, now time.Time) ([]ident.OrgID, error) {
	rows, err := tx.Query(ctx, `
		SELECT DISTINCT organization_id FROM files
		 WHERE upload_removed_at IS NULL AND expires_unconfirmed_at <= $1
		    OR removed_at IS NULL AND status IN ('rejected', 'deleted') AND NOT legal_hold
		 ORDER BY organization_id`, now)
	if err != nil {
		return nil, fmt.Errorf("look for files to sweep: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[ident.OrgID])
	if err != nil {
		return nil, fmt.Errorf("look for files to sweep: %w", err)
	}
	return out, nil
}

// due answers files of the clinic whose upload may be removed, or whose bytes must go, oldest first.
func due(ctx context.Context, tx *postgres.Tx, limit int) ([]File, error) {
	rows, err := tx.Query(ctx, "SELECT "+columns+` FROM files
		 WHERE organization_id = (SELECT current_app_org_id())
		   AND (upload_removed_at IS NULL AND expires_unconfirmed_at <= @now
		        OR removed_at IS NULL AND status IN ('rejected', 'deleted') AND NOT legal_hold)
		 ORDER BY expires_unconfirmed_at, id LIMIT @limit`, pgx.NamedArgs{"now": tx.Now, "limit": limit})
	if err != nil {
		return nil, fmt.Errorf("read files to sweep: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[File])
	if err != nil {
		return nil, fmt.Errorf("read files to sweep: %w", err)
	}
	return out, nil
}

// claimExpired takes an upload that nobody confirmed in time away from whoever might confirm it now. It answers false when somebody did.
func claimExpired(ctx context.Context, tx *postgres.Tx, id ID) (bool, error) {
	tag, err := tx.Exec(ctx, `
		UPDATE files SET status = 'rejected', rejection = @code
		 WHERE id = @id AND (status = 'pending' AND expires_unconfirmed_at <= @now OR rejection = @code)`,
		pgx.NamedArgs{"id": id, "code": expiredCode, "now": tx.Now})
	if err != nil {
		return false, fmt.Errorf("claim unconfirmed file: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

func remove(ctx context.Context, tx *postgres.Tx, id ID) error {
	if _, err := tx.Exec(ctx, "DELETE FROM files WHERE id = $1", id); err != nil {
		return fmt.Errorf("remove file: %w", err)
	}
	return nil
}

// markRemoved notes which bytes are gone: those of the upload always, those of the file when it is rejected or deleted.
func markRemoved(ctx context.Context, tx *postgres.Tx, id ID) error {
	_, err := tx.Exec(ctx, `
		UPDATE files
		   SET upload_removed_at = CASE WHEN expires_unconfirmed_at <= $2 THEN COALESCE(upload_removed_at, $2) ELSE upload_removed_at END,
		       removed_at = CASE WHEN status IN ('rejected', 'deleted') THEN $2 ELSE removed_at END
		 WHERE id = $1`, id, tx.Now)
	if err != nil {
		return fmt.Errorf("note removed bytes: %w", err)
	}
	return nil
}
