// Package issuer signs the tokens of the built-in identity and keeps the keys that it signs with.
//
// It owns one table, signing_keys. For each of two purposes, access and impersonation, one key signs and one waits,
// published long before its first token, so that no verifier ever meets a key that it does not know. A key that has had its
// turn stays published until its last token has expired. Private keys are sealed; they leave this package never.
//
// Impersonation tokens have an issuer, an audience and keys of their own: neither kind of token can be taken for the other.
// Who may get a token is decided by the caller.
package issuer
