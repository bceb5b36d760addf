package specialist

import (
	"context"

	"github.com/google/uuid"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
)

// Files keeps the pictures. Package file satisfies it.
type Files interface {
	AttachTx(ctx context.Context, tx *postgres.Tx, id ident.FileID, purpose, ownerType string, ownerID uuid.UUID) error
	ReleaseTx(ctx context.Context, tx *postgres.Tx, id ident.FileID, ownerType string, ownerID uuid.UUID) error
}

// PictureKind is which of a specialist's two pictures is meant; it is the purpose of the file, too.
type PictureKind string

// The pictures of a specialist.
const (
	// Avatar is what visitors see.
	Avatar PictureKind = "avatar"
	// SignatureImage is printed on documents; only the specialist's own login chooses it.
	SignatureImage PictureKind = "signature_image"
)

// SetPicture gives a specialist another picture; the zero id takes it away. The file before it is let go. ErrForbidden when the picture
// is not the caller's to choose. expected is the version that the caller saw.
func (s *Service) SetPicture(ctx context.Context, id ID, expected int64, kind PictureKind, file ident.FileID) (Specialist, error) {
	var out Specialist
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		before, err := s.locked(ctx, tx, id, expected)
		if err != nil {
			return err
		}
		was, column := before.AvatarFileID, "avatar_file_id"
		if kind == SignatureImage {
			was, column = before.SignatureFileID, "signature_file_id"
		}
		if out = before; was == file {
			return nil
		}
		if err := s.swapPicture(ctx, tx, id, kind, was, file); err != nil {
			return err
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "update", EntityType: "specialist", EntityID: id.String(), Changes: map[string]audit.Change{column: {was, file}},
		})
		out, err = s.byID(ctx, tx, id)
		return err
	})
	return out, err
}

// swapPicture puts one file in the place of another; either may be none.
func (s *Service) swapPicture(ctx context.Context, tx *postgres.Tx, id ID, kind PictureKind, was, file ident.FileID) error {
	// The right first: a file that somebody else's record cannot take must stay free.
	if err := setPicture(ctx, tx, id, kind, ident.FileID{}); err != nil {
		return err
	}
	if !file.IsZero() {
		if err := s.Files.AttachTx(ctx, tx, file, string(kind), "specialist", id.UUID()); err != nil {
			return err
		}
		if err := setPicture(ctx, tx, id, kind, file); err != nil {
			return err
		}
	}
	if was.IsZero() {
		return nil
	}
	return s.Files.ReleaseTx(ctx, tx, was, "specialist", id.UUID())
}

// errPicture is what the database's refusal means: somebody else's picture.
func errPicture() error { return apperror.ErrForbidden }
