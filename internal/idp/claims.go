package idp

import (
	"errors"
	"slices"
	"strings"
	"unicode"

	"github.com/golang-jwt/jwt/v5"
)

const maxSubject = 255

// identity reads the verified claims. It is called after the signature has been checked and reports the first claim
// that does not fit the issuer's row.
func (i *issuer) identity(claims jwt.MapClaims) (Identity, Reason) {
	id := Identity{Issuer: i.config.Issuer}
	var isText bool
	if id.Subject, isText = claims["sub"].(string); !isText || !isSubject(id.Subject) {
		return Identity{}, ReasonSubject
	}
	if reason := i.checkAddressee(claims); reason != ReasonNone {
		return Identity{}, reason
	}
	names := i.config.Claims
	id.SessionID, _ = claims[names.SessionID].(string)
	if i.config.RequireSessionID && id.SessionID == "" {
		return Identity{}, ReasonSession
	}
	if reason := i.readActor(claims, &id); reason != ReasonNone {
		return Identity{}, reason
	}
	names.readPerson(claims, &id)
	id.AMR = textList(claims[names.AMR])
	if exp, err := claims.GetExpirationTime(); err == nil && exp != nil {
		id.ExpiresAt = exp.UTC()
	}
	if iat, err := claims.GetIssuedAt(); err == nil && iat != nil {
		id.IssuedAt = iat.UTC()
	}
	return id, ReasonNone
}

// readPerson fills e-mail and name from claims or from a userinfo answer, which use the same names.
func (m ClaimMap) readPerson(claims map[string]any, id *Identity) {
	id.Email, _ = claims[m.Email].(string)
	id.Name, _ = claims[m.Name].(string)
	// Cognito and Apple write the boolean as a string.
	verified := claims[m.EmailVerified]
	id.EmailVerified = id.Email != "" && (verified == true || verified == "true")
}

func (i *issuer) checkAddressee(claims jwt.MapClaims) Reason {
	if _, present := claims["aud"]; present && len(i.config.Audiences) == 0 {
		return ReasonAudience
	}
	if len(i.config.AuthorizedParties) == 0 {
		return ReasonNone
	}
	party, _ := claims["azp"].(string)
	if !slices.Contains(i.config.AuthorizedParties, party) {
		return ReasonParty
	}
	return ReasonNone
}

func (i *issuer) readActor(claims jwt.MapClaims, id *Identity) Reason {
	act, hasActor := claims["act"]
	impersonation, hasImpersonation := claims["impersonation_id"]
	if !i.config.Impersonation {
		if hasActor || hasImpersonation {
			return ReasonActor
		}
		return ReasonNone
	}
	actor, _ := act.(map[string]any)
	id.ActorSubject, _ = actor["sub"].(string)
	id.ImpersonationID, _ = impersonation.(string)
	id.ImpersonationMode, _ = claims["mode"].(string)
	if !isSubject(id.ActorSubject) || id.ImpersonationID == "" {
		return ReasonActor
	}
	return ReasonNone
}

// isSubject refuses what could be confused with another subject once it is stored, compared or shown.
func isSubject(s string) bool {
	return s != "" && len(s) <= maxSubject && s == strings.TrimSpace(s) && strings.IndexFunc(s, unicode.IsControl) < 0
}

// textList returns nil unless value is a list of strings: a half-understood amr must not count as a second factor.
func textList(value any) []string {
	list, _ := value.([]any)
	texts := make([]string, 0, len(list))
	for _, entry := range list {
		text, isText := entry.(string)
		if !isText {
			return nil
		}
		texts = append(texts, text)
	}
	if len(texts) == 0 {
		return nil
	}
	return texts
}

// reasonOfClaims names the gravest fault of a validation that may have found several. Expiry comes last, so that
// ErrExpired promises that nothing but the age was wrong.
func reasonOfClaims(err error) Reason {
	for _, fault := range []struct {
		is     error
		reason Reason
	}{
		{jwt.ErrTokenInvalidIssuer, ReasonIssuer},
		{jwt.ErrTokenInvalidAudience, ReasonAudience},
		{jwt.ErrTokenRequiredClaimMissing, ReasonClaim},
		{jwt.ErrInvalidType, ReasonClaim},
		{jwt.ErrTokenNotValidYet, ReasonNotYetValid},
		{jwt.ErrTokenUsedBeforeIssued, ReasonNotYetValid},
		{jwt.ErrTokenExpired, ReasonExpired},
	} {
		if errors.Is(err, fault.is) {
			return fault.reason
		}
	}
	return ReasonClaim
}
