package file

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/google/uuid"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/blob"
	"github.com/restartix/platform/internal/event"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/seal"
)

// What this package refuses.
var (
	ErrNotFound     = apperror.New(apperror.NotFound, "file_not_found", "There is no such file.")
	ErrNotReady     = apperror.New(apperror.Invalid, "file_not_ready", "This file is not ready. Wait until its upload has been checked, or upload it again.")
	ErrMissing      = apperror.New(apperror.Invalid, "upload_missing", "Nothing was uploaded yet, or it came too late. Upload the file again.")
	ErrTooLarge     = apperror.New(apperror.TooLarge, "file_too_large", "The file is too large.")
	ErrTypeRefused  = apperror.New(apperror.MediaType, "type_not_allowed", "Files of this type are not accepted here.")
	ErrTypeMismatch = apperror.New(apperror.Invalid, "type_mismatch", "The file is not of the type that its name says.")
	ErrChecksum     = apperror.New(apperror.Invalid, "checksum_mismatch", "The file changed on its way. Upload it again.")
	ErrDimensions   = apperror.New(apperror.Invalid, "image_too_large", "The picture has too many pixels.")
	ErrActive       = apperror.New(apperror.Invalid, "active_content", "The document contains scripts, attachments or a password. Save it without them.")
	ErrRetention    = apperror.New(apperror.Conflict, "retention_active", "The law still asks to keep this.")
	ErrInUse        = apperror.New(apperror.Conflict, "file_in_use", "This file still belongs to something. Take it away there.")
	ErrLinkExpired  = apperror.New(apperror.Forbidden, "link_expired", "This link has expired. Open the file again.")
	ErrLinkForeign  = apperror.New(apperror.Forbidden, "link_not_yours", "This link was made for somebody else.")
)

// Status is where a file is in its life.
type Status string

// The statuses of a file.
const (
	Pending     Status = "pending"
	Ready       Status = "ready"
	Rejected    Status = "rejected"
	Quarantined Status = "quarantined"
	Deleted     Status = "deleted"
)

// ID identifies a file.
type ID = ident.FileID

// File is one uploaded binary. Nil values are not known before the confirmation, or do not apply.
type File struct {
	ID       ID      `db:"id"`
	Purpose  Purpose `db:"purpose"`
	Filename string  `db:"filename"`
	// ContentType was declared; DetectedType is what is stored and served.
	ContentType  string  `db:"content_type"`
	UploadSize   int64   `db:"upload_size"`
	UploadSHA256 []byte  `db:"upload_sha256"`
	DetectedType *string `db:"detected_type"`
	Size         *int64  `db:"size"`
	SHA256       []byte  `db:"sha256"`
	Width        *int32  `db:"width"`
	Height       *int32  `db:"height"`
	StorageKey   string  `db:"storage_key"`
	Status       Status  `db:"status"`
	Rejection    *string `db:"rejection"`
	// OwnerType is the table of the record in the singular; nil while the file belongs to nothing.
	OwnerType          *string      `db:"owner_type"`
	OwnerID            *uuid.UUID   `db:"owner_id"`
	UploadedBy         ident.UserID `db:"uploaded_by"`
	RetentionUntil     *time.Time   `db:"retention_until"`
	LegalHold          bool         `db:"legal_hold"`
	ExpiresUnconfirmed time.Time    `db:"expires_unconfirmed_at"`
	ConfirmedAt        *time.Time   `db:"confirmed_at"`
	DeletedAt          *time.Time   `db:"deleted_at"`
	CreatedAt          time.Time    `db:"created_at"`
	RowVersion         int64        `db:"row_version"`
}

func (f File) uploadKey() string { return f.StorageKey + uploadSuffix }

// Objects is the store of bytes. Package blob satisfies it.
type Objects interface {
	SignUpload(ctx context.Context, u blob.Upload) (blob.Form, error)
	Head(ctx context.Context, key string) (blob.Object, error)
	Get(ctx context.Context, key string, first, last int64) (io.ReadCloser, error)
	Put(ctx context.Context, key, contentType string, content []byte) error
	Delete(ctx context.Context, key string) error
}

// Deps are the collaborators. All are required.
type Deps struct {
	DB      *postgres.DB
	Ring    *seal.Ring
	Trail   *audit.Trail
	Bus     *event.Bus
	Objects Objects
}

// Service is every use case on files. Safe for concurrent use.
type Service struct {
	Deps
	// checks bounds how many uploads are read into memory at a time.
	checks chan struct{}
}

// New makes the service; it connects to nothing.
func New(d Deps) *Service { return &Service{Deps: d, checks: make(chan struct{}, checksAtATime)} }

// AttachTx gives a file to the record that needs it, in the transaction that writes the record; ownerType is the record's table in the
// singular. Only a ready file of this purpose that the transaction's person uploaded can be attached, and it stays with its first
// owner: attaching it there again is no change. ErrNotReady for an upload that was not confirmed, ErrNotFound for everything else.
func (s *Service) AttachTx(ctx context.Context, tx *postgres.Tx, id ident.FileID, purpose, ownerType string, ownerID uuid.UUID) error {
	f, err := locked(ctx, tx, id)
	if err != nil {
		return err
	}
	if f.Purpose != Purpose(purpose) || f.Status == Deleted {
		return ErrNotFound
	}
	if f.OwnerID != nil {
		if *f.OwnerID == ownerID && *f.OwnerType == ownerType {
			return nil
		}
		return ErrNotFound
	}
	if f.UploadedBy.IsZero() || f.UploadedBy != tx.Principal.UserID {
		return ErrNotFound
	}
	if f.Status != Ready {
		return ErrNotReady
	}
	if err := attach(ctx, tx, id, ownerType, ownerID); err != nil {
		return err
	}
	s.Trail.RecordTx(ctx, tx, audit.Entry{
		Action: "update", EntityType: "file", EntityID: id.String(),
		Changes: map[string]audit.Change{"owner_type": {nil, ownerType}, "owner_id": {nil, ownerID.String()}},
	})
	return nil
}

// ReleaseTx is called by the owner when its record no longer needs the file: the file is deleted, its bytes follow with the sweep. A file
// that is kept by law stays attached, which is no error: nobody finds it through the record any more. A file of another owner, or
// none, is left alone.
func (s *Service) ReleaseTx(ctx context.Context, tx *postgres.Tx, id ident.FileID, ownerType string, ownerID uuid.UUID) error {
	f, err := locked(ctx, tx, id)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if f.OwnerID == nil || *f.OwnerID != ownerID || *f.OwnerType != ownerType || f.Status == Deleted || f.kept(tx.Now) != nil {
		return nil
	}
	return s.deleteTx(ctx, tx, f)
}

func (s *Service) deleteTx(ctx context.Context, tx *postgres.Tx, f File) error {
	if err := markDeleted(ctx, tx, f.ID); err != nil {
		return err
	}
	s.Trail.RecordTx(ctx, tx, audit.Entry{
		Action: "delete", EntityType: "file", EntityID: f.ID.String(), Changes: map[string]audit.Change{"status": {f.Status, Deleted}},
	})
	return nil
}

// kept answers why the law or a hold forbids to delete the file now, or nil.
func (f File) kept(now time.Time) error {
	switch {
	case f.LegalHold:
		return ErrRetention.With("legal_hold", true)
	case f.RetentionUntil != nil && now.Before(f.RetentionUntil.AddDate(0, 0, 1)):
		return ErrRetention.With("until", f.RetentionUntil.Format(time.DateOnly))
	}
	return nil
}

// Get reads what is known about a file that the caller may see; deleted ones are not found.
func (s *Service) Get(ctx context.Context, id ID) (File, error) {
	var f File
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		var err error
		f, err = byID(ctx, tx, id)
		return err
	})
	if err == nil && f.Status == Deleted {
		return File{}, ErrNotFound
	}
	return f, err
}

// Delete takes a file back that belongs to nothing. ErrInUse while a record needs it, ErrRetention while the law does.
func (s *Service) Delete(ctx context.Context, id ID) error {
	return s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		f, err := locked(ctx, tx, id)
		if err != nil {
			return err
		}
		if f.Status == Deleted {
			return ErrNotFound
		}
		if err := f.kept(tx.Now); err != nil {
			return err
		}
		if f.OwnerID != nil {
			return ErrInUse
		}
		return s.deleteTx(ctx, tx, f)
	})
}
