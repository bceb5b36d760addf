// Package organization is the clinics themselves: who they are, how they look, what their rules are and under which addresses
// they answer.
//
// It owns the tables organizations, organization_settings, organization_domains and policy_documents. It
// does not own memberships and invitations (package identity) or keys (package clinickey) and decides nothing about a request's role.
//
// Lifecycle of a clinic: active, suspended, archived. A clinic that is not active does not resolve, and nobody acts in
// it; its data stay. Lifecycle of a domain: pending (a claim of seven days), verified (a TXT record was seen; at most one clinic per domain
// over the whole platform), failed (the record is gone; looked at every twelve hours).
//
// The API shows organizations and organization_settings as one entity with one version: the row version of
// organizations, which every change moves.
//
// Events: domain.verified, domain.removed. Permissions: organization.*, domain.manage, platform.read.
//
// The look-up by slug, domain or id is cached in Redis; see resolve.go for why a cached answer cannot cross clinics and is
// never older than a second while the database answers.
package organization
