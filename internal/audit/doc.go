// Package audit is the trail of record: who did or saw what, in a way that not even the owner of the database can
// change unnoticed.
//
// Every clinic has a chain of its own, the platform another. Each row is hashed in one canonical form and bound to the
// row before it by a MAC whose key is not in the database. Anchors, signed and written to a file outside the database,
// say how far each chain had come, so that rows missing at the end are noticed too.
//
// This package makes rows, chains and anchors, and judges them. It decides nothing about access, and it never holds a
// value that must not be read later: passwords, tokens, keys and texts are replaced before a row is made.
package audit
