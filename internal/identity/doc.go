// Package identity knows the people who sign in: who a verified token belongs to, what that person is in a clinic, who may join, and
// the three ways of being somebody else: member of another clinic, an administrator acting as a patient, a platform operator
// under break-glass.
//
// It owns users, user_identities, user_organizations, staff_invitations, impersonations and break_glass_grants. It does not
// sign anybody in: tokens are verified by idp, and passwords, codes and sessions of the built-in issuer are package signin's.
//
// A person is provisioned by the first valid token, once. An address links accounts only when it is verified on both sides and
// the same byte for byte; an invitation is taken up by the same mailbox, where the case of ASCII letters does not count.
// Look-alikes are refused or stay two people.
//
// What a person may do is asked with every request and remembered for at most cacheLife, so a block, a lost role or an ended grant
// counts within a second on every process.
//
// Events: member.invited, member.joined, member.role_changed, user.blocked, impersonation.started, break_glass.opened,
// break_glass.closed. Jobs: mail.staff_invitation, mail.break_glass. Times are instants of the process clock; only the database's
// own clock decides whether a grant lets rows through.
package identity
