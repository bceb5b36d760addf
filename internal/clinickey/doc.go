// Package clinickey keeps a clinic's keys: those of other services that the clinic lets us use, sealed, and those that call our
// API for the clinic, of which only a hash is kept.
//
// It owns the tables organization_integrations and access_keys. It does not decide what a key may do in a request: a key's scopes
// are compared by httpapi. A key of ours lives until it is revoked or expires; neither can be undone. Both kinds are shown once.
//
// Events: none. Permissions: integration.manage, access_key.manage.
package clinickey
