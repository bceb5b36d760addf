package file

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/blob"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
)

const (
	// uploadFor is how long a form may be used, and how long a link lives.
	uploadFor = 5 * time.Minute
	// confirmWithin is how long an upload waits for its confirmation.
	confirmWithin = 24 * time.Hour
	// checksAtATime bounds the memory that reading uploads takes: each may need its own size and a decoded picture.
	checksAtATime = 1
	maxFilename   = 255
)

// NewUpload is what a browser says about a file before it sends it.
type NewUpload struct {
	Purpose               Purpose
	Filename, ContentType string
	Size                  int64
	SHA256                []byte
}

// Upload is a file that waits for its bytes, and the form that stores them.
type Upload struct {
	File
	Form blob.Form
	// FormExpiresAt is when the form ends; a new upload is begun then.
	FormExpiresAt time.Time
}

// Begin signs a form for one upload. Type, size and role are checked against the policy of the purpose before anything is sent.
func (s *Service) Begin(ctx context.Context, n NewUpload) (Upload, error) {
	p, _ := auth.From(ctx)
	filename, err := n.check(p.Role)
	if err != nil {
		return Upload{}, err
	}
	now := s.DB.Now()
	f := File{
		ID: ident.New[ident.File](), Purpose: n.Purpose, Filename: filename, ContentType: n.ContentType, UploadSize: n.Size,
		UploadSHA256: n.SHA256, Status: Pending, UploadedBy: p.UserID, ExpiresUnconfirmed: now.Add(confirmWithin), CreatedAt: now, RowVersion: 1,
	}
	if f.StorageKey, err = Key(p.OrgID, p.OrgID, f.Purpose, now, f.ID); err != nil {
		return Upload{}, err
	}
	form, err := s.Objects.SignUpload(ctx, blob.Upload{Key: f.uploadKey(), ContentType: f.ContentType, Size: f.UploadSize, For: uploadFor})
	if err != nil {
		return Upload{}, err
	}
	err = s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		if err := insert(ctx, tx, f); err != nil {
			return err
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "create", EntityType: "file", EntityID: f.ID.String(),
			Changes: map[string]audit.Change{"purpose": {nil, string(f.Purpose)}, "content_type": {nil, f.ContentType}, "upload_size": {nil, f.UploadSize}},
		})
		return nil
	})
	return Upload{File: f, Form: form, FormExpiresAt: now.Add(uploadFor)}, err
}

// check answers the name to keep.
func (n NewUpload) check(r auth.Role) (string, error) {
	policy, known := policyOf(n.Purpose)
	switch {
	case !known:
		return "", apperror.ErrInvalid.At("body.purpose", "is not a purpose of files")
	case !policy.mayUpload(r):
		return "", apperror.ErrForbidden
	case !policy.accepts(n.ContentType):
		return "", ErrTypeRefused.At("body.content_type", "is not accepted for this purpose")
	case n.Size < 1:
		return "", apperror.ErrInvalid.At("body.size", "must be at least 1 byte")
	case n.Size > policy.MaxBytes:
		return "", ErrTooLarge.With("max_bytes", policy.MaxBytes)
	case len(n.SHA256) != sha256.Size:
		return "", apperror.ErrInvalid.At("body.sha256", "expected 64 hexadecimal digits")
	}
	if utf8.RuneCountInString(n.Filename) > maxFilename {
		return "", apperror.ErrInvalid.At("body.filename", "has at most 255 characters")
	}
	name := cleanName(n.Filename)
	if name == "" {
		return "", apperror.ErrInvalid.At("body.filename", "names nothing")
	}
	return name, nil
}

// cleanName keeps the last element of a path, without what cannot be seen: control characters, and the marks that turn the direction of
// writing, with which "cod.exe" is shown as "exe.doc".
func cleanName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, name)
	name = strings.TrimSpace(name)
	if strings.Trim(name, "./") == "" {
		return ""
	}
	return name
}

// Confirm reads the uploaded bytes again and decides. A ready file answers itself, so a repeated call is harmless. Content that is not
// what was declared makes the file rejected, removes the bytes and answers why; ErrMissing leaves it pending.
func (s *Service) Confirm(ctx context.Context, id ID) (File, error) {
	f, err := s.own(ctx, id)
	if err != nil || f.Status == Ready {
		return f, err
	}
	if f.Status == Rejected {
		return File{}, refusalOf(*f.Rejection)
	}
	p, _ := auth.From(ctx)
	if err := checkKey(p.OrgID, f.StorageKey); err != nil {
		return File{}, err
	}
	select {
	case s.checks <- struct{}{}:
		defer func() { <-s.checks }()
	case <-ctx.Done():
		return File{}, ctx.Err()
	}
	found, err := s.examine(ctx, f)
	if refused, ok := errors.AsType[*apperror.Error](err); ok && !errors.Is(err, ErrMissing) {
		return File{}, errors.Join(s.reject(ctx, f, refused), err)
	}
	if err != nil {
		return File{}, err
	}
	return s.accept(ctx, f, found)
}

// own reads a file that the caller uploaded and that is not deleted.
func (s *Service) own(ctx context.Context, id ID) (File, error) {
	p, _ := auth.From(ctx)
	f, err := s.Get(ctx, id)
	if err == nil && f.UploadedBy != p.UserID {
		return File{}, ErrNotFound
	}
	return f, err
}

// examine reads the upload into memory and recognises it.
func (s *Service) examine(ctx context.Context, f File) (sniffed, error) {
	body, err := s.Objects.Get(ctx, f.uploadKey(), 0, -1)
	if errors.Is(err, blob.ErrAbsent) {
		return sniffed{}, ErrMissing
	}
	if err != nil {
		return sniffed{}, err
	}
	defer func() { _ = body.Close() }()
	content, err := io.ReadAll(io.LimitReader(body, f.UploadSize+1))
	if err != nil {
		return sniffed{}, fmt.Errorf("read upload: %w", err)
	}
	if sum := sha256.Sum256(content); int64(len(content)) != f.UploadSize || string(sum[:]) != string(f.UploadSHA256) {
		return sniffed{}, ErrChecksum
	}
	policy, _ := policyOf(f.Purpose)
	return inspect(content, f.ContentType, policy)
}

// accept stores what was found under the final key and makes the file ready, unless another call decided meanwhile.
func (s *Service) accept(ctx context.Context, f File, found sniffed) (File, error) {
	if err := s.Objects.Put(ctx, f.StorageKey, found.contentType, found.content); err != nil {
		return File{}, err
	}
	sum := sha256.Sum256(found.content)
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		now, err := locked(ctx, tx, f.ID)
		if err != nil || now.Status == Ready {
			f = now
			return err
		}
		if now.Status != Pending {
			return ErrNotFound
		}
		if err := markReady(ctx, tx, f.ID, found, sum[:]); err != nil {
			return err
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "update", EntityType: "file", EntityID: f.ID.String(),
			Changes: map[string]audit.Change{
				"status": {Pending, Ready}, "detected_type": {nil, found.contentType}, "size": {nil, len(found.content)},
			},
		})
		f, err = byID(ctx, tx, f.ID)
		return err
	})
	if err != nil {
		return File{}, err
	}
	// Best effort: what stays, and what a form that is still valid puts there again, goes with the sweep.
	_ = s.Objects.Delete(ctx, f.uploadKey())
	return f, nil
}

// reject is what is left of an upload that is not what it says: the row, the reason, an event, no bytes.
func (s *Service) reject(ctx context.Context, f File, why *apperror.Error) error {
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		now, err := locked(ctx, tx, f.ID)
		if err != nil || now.Status != Pending {
			return err
		}
		if err := markRejected(ctx, tx, f.ID, why.Code); err != nil {
			return err
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "update", EntityType: "file", EntityID: f.ID.String(), Reason: why.Code,
			Changes: map[string]audit.Change{"status": {Pending, Rejected}},
		})
		return s.Bus.PublishTx(ctx, tx, FileRejected{FileID: f.ID, Purpose: f.Purpose, Reason: why.Code})
	})
	if err != nil {
		return err
	}
	return s.Objects.Delete(ctx, f.uploadKey())
}

// refusals are what an upload may be rejected with, by code.
func refusals() []*apperror.Error {
	return []*apperror.Error{ErrTypeMismatch, ErrChecksum, ErrDimensions, ErrActive}
}

func refusalOf(code string) error {
	for _, e := range refusals() {
		if e.Code == code {
			return e
		}
	}
	return ErrTypeMismatch
}
