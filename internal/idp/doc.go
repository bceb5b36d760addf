// Package idp answers one question: who is the bearer of this token?
//
// One Verifier serves every issuer the installation trusts: the built-in one, Clerk, any OpenID Connect provider. An
// issuer is a row of configuration (exact name, keys, pinned algorithms, audiences), never a second code path, so a
// check that holds for one holds for all of them. What the token does not say, the e-mail of a person who signs in for
// the first time, is asked through Details, which each driver implements in its own way.
//
// The package decides nothing about clinics: no roles, no memberships, no blocked users. It keeps no state but the
// public keys of the issuers and writes no log line about a token; a refusal names its Reason, a fixed word that is fit
// for a security log, and never the token or anything in it.
//
// What an answer means to the caller:
//
//   - nil: the token is genuine, current, and meant for us.
//   - ErrInvalidToken: answer 401, with one identical body whatever the Reason. ErrExpired is the only refusal that may
//     be told apart (product code token_expired).
//   - ErrUnavailable: nothing is known about the token because the issuer cannot be asked. Answer 503, or everybody
//     would be signed out by an outage that is not theirs.
package idp
