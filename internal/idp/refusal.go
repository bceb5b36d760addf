package idp

import "errors"

var (
	// ErrInvalidToken is every refusal. People get one answer for all of them.
	ErrInvalidToken = errors.New("invalid token")
	// ErrExpired is the refusal of a token that is genuine and ours in every respect but its age. It is also an
	// ErrInvalidToken.
	ErrExpired = errors.New("token expired")
	// ErrUnavailable means that the issuer could not be asked, so nothing is known about the token.
	ErrUnavailable = errors.New("identity provider unavailable")
)

// Reason says why a token was refused, for security logs and counters only: telling it to the bearer would teach a
// forger what to mend. Reasons are fixed words and never contain anything from the token.
type Reason string

// The reasons.
const (
	ReasonNone            Reason = ""
	ReasonTooLarge        Reason = "too_large"
	ReasonMalformed       Reason = "malformed"
	ReasonEncrypted       Reason = "encrypted"
	ReasonDuplicateMember Reason = "duplicate_member"
	ReasonHeader          Reason = "header_refused"
	ReasonType            Reason = "type_refused"
	ReasonKeyID           Reason = "key_id_refused"
	ReasonIssuer          Reason = "issuer_unknown"
	ReasonAlgorithm       Reason = "algorithm_refused"
	ReasonKey             Reason = "key_unknown"
	ReasonSignature       Reason = "signature_bad"
	ReasonExpired         Reason = "expired"
	ReasonNotYetValid     Reason = "not_yet_valid"
	ReasonClaim           Reason = "claim_refused"
	ReasonAudience        Reason = "audience_foreign"
	ReasonParty           Reason = "party_foreign"
	ReasonSubject         Reason = "subject_refused"
	ReasonSession         Reason = "session_missing"
	ReasonActor           Reason = "actor_refused"
	ReasonGone            Reason = "subject_gone"
)

// refusal is the one concrete error of a refused token.
type refusal struct{ reason Reason }

func refuse(reason Reason) error { return &refusal{reason: reason} }

func (r *refusal) Error() string { return "invalid token: " + string(r.reason) }

func (r *refusal) Is(target error) bool {
	return target == ErrInvalidToken || (target == ErrExpired && r.reason == ReasonExpired)
}

// ReasonOf returns why err refused a token, or ReasonNone when err is not a refusal.
func ReasonOf(err error) Reason {
	if r, ok := errors.AsType[*refusal](err); ok {
		return r.reason
	}
	return ReasonNone
}
