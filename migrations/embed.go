// Package migrations holds the schema of the Core API as numbered pairs of SQL files, one thought per file. A landed file
// is never edited. Policies and grants stand in the file of their table.
package migrations

import "embed"

// Files are the migration pairs in golang-migrate's naming.
//
//go:embed *.sql
var Files embed.FS
