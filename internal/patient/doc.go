// Package patient is the people who receive care: guests who booked without an account, patients of a clinic, and the invitation that
// gives a patient an account in the portal.
//
// It owns patients (the portable person, who belongs to no clinic), patient_org_profiles (what one clinic entered), guest_contacts and
// patient_invitations. Only the clinic's staff makes a patient; a visitor stays a guest. It does not own visits: appointment calls in
// with its transaction (GuestTx, MatchTx, MakeTx, InviteTx).
//
// A profile's account goes from none to invited to active. Active comes from sign-in: whoever proves the invited address becomes the
// person behind the row, in the same transaction (migration 000045). A phone number is E.164, sealed in its row, and found by a keyed
// index that means nothing in another clinic. What a person did not share reads as absent; names never do.
package patient
