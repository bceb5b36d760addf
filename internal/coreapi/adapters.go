package coreapi

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/idp"
	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/seal"
)

// verifier joins idp (hands) with what the middleware asks for.
type verifier struct {
	idp  *idp.Verifier
	seen *verified
}

// Verify implements middleware.Verifier. Every refusal looks the same to the caller, an expired token included, so that a
// forger learns nothing; the apps refresh by the clock and on any 401.
func (v verifier) Verify(ctx context.Context, token string) (middleware.Subject, error) {
	if known, ok := v.seen.get(token); ok {
		return known, nil
	}
	id, err := v.idp.Verify(ctx, token)
	switch {
	case errors.Is(err, idp.ErrUnavailable):
		return middleware.Subject{}, fmt.Errorf("verify token: %w", errors.Join(apperror.ErrUnavailable, err))
	case err != nil:
		return middleware.Subject{}, apperror.ErrUnauthorized
	}
	subject := middleware.Subject{
		Issuer: id.Issuer, Subject: id.Subject, Email: id.Email, EmailVerified: id.EmailVerified, Name: id.Name, AMR: id.AMR,
		LoginSessionID: id.SessionID, ImpersonationID: id.ImpersonationID, ImpersonatorID: id.ActorSubject,
		ImpersonationMode: id.ImpersonationMode, Token: token, ExpiresAt: id.ExpiresAt,
	}
	v.seen.put(token, subject)
	return subject, nil
}

// answerSealer protects the stored answers of keyed requests.
type answerSealer struct{ ring *seal.Ring }

func (a answerSealer) place(org, row string) seal.AAD {
	if org == "" {
		org = uuid.Nil.String()
	}
	return seal.AAD{Org: org, Table: "idempotency_keys", Column: "response", Row: row}
}

// SealAnswer implements httpapi.Sealer.
func (a answerSealer) SealAnswer(org, row string, plain []byte) ([]byte, int32, error) {
	v, err := a.ring.Seal(plain, a.place(org, row))
	return v.Cipher, v.KeyVersion, err
}

// OpenAnswer implements httpapi.Sealer.
func (a answerSealer) OpenAnswer(org, row string, cipher []byte, version int32) ([]byte, error) {
	return a.ring.Open(seal.Value{Cipher: cipher, KeyVersion: version}, a.place(org, row))
}
