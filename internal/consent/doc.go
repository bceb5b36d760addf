// Package consent is what a patient agreed to at a clinic, and took back.
//
// It owns consent_types (nine for every clinic, product/04 §5) and consents, which only grows: a row is a fact, and the newest of a type
// decides. Giving and taking back are the patient's own acts; the clinic reads. A type that is signed by drawing is not given here. Taking
// one back takes back what depends on it, in the same transaction, and what a consent opens elsewhere is opened and closed in that
// transaction too (profile sharing).
package consent
