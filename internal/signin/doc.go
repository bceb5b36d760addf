// Package signin is the built-in issuer: it proves who somebody is and gives out tokens that say so.
//
// It owns passwords, e-mail codes, second factors, passkeys, devices that are signed in, their refresh tokens, and the keys
// that sign access tokens. It does not know roles or clinics: which clinic a person may enter is decided at every request
// from the memberships, never from a token. An invitation is accepted here because its link proves an address; the
// membership itself is made by the schema of package identity.
//
// A sign-in is one or two steps. The first proves a password, a code sent by mail, or a passkey; where a code app is set up,
// everything but a passkey is followed by a second step. The end of a sign-in is a login session (a device) with an access
// token that lives ten minutes and a refresh token that is used once within thirty days. The second use of a refresh token
// ends the device, because one of the two users must be a thief.
//
// Tables: login_sessions, refresh_tokens, user_passwords, totp_secrets, recovery_codes, webauthn_credentials,
// mfa_tickets, email_codes, webauthn_ceremonies, handoff_codes. No role of the application may touch them but through the
// signin_… functions, each of which touches the rows of one person.
//
// Invariants: a refusal never tells whether an address is known, in words or in time; no secret is stored in clear or waits
// in a queue; a code, link, ticket or ceremony is used once; what an administrator does while acting as a patient never
// changes a credential.
package signin
