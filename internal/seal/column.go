package seal

import "fmt"

// Column is one sealed column as a rotation sees it. The parts are names and expressions of ours over the column's own row, never input.
type Column struct {
	// Table and Name are the place's; Version is the column beside it that holds the key version.
	Table, Name, Version string
	// Org and Row give the place's other two parts as text; an empty Org is the platform, which stands as the zero identifier.
	Org, Row string
}

// OfClinic is a column whose row belongs to a clinic and is named by its id.
func OfClinic(table, name, version string) Column {
	return Column{Table: table, Name: name, Version: version, Org: "organization_id::text", Row: "id::text"}
}

// OfPlatform is a column whose row belongs to a person or to the platform; row is the expression that names it.
func OfPlatform(table, name, version, row string) Column {
	return Column{Table: table, Name: name, Version: version, Row: row}
}

// Due selects a batch of values that are sealed under other versions than $1, with their places, and locks their rows. Rows that somebody
// is writing are left for the next batch: what is written is sealed under the newest version anyhow.
func (c Column) Due() string {
	org := c.Org
	if org == "" {
		org = "'" + zeroOrg + "'"
	}
	return fmt.Sprintf(`SELECT ctid, %s, %s, %s, %s FROM %s WHERE %s <> $1 AND %s IS NOT NULL LIMIT $2 FOR UPDATE SKIP LOCKED`,
		org, c.Row, c.Name, c.Version, c.Table, c.Version, c.Name)
}

// Write replaces the value at a row that Due locked in the same transaction: $1 is its place on disk, $2 the value, $3 the version.
func (c Column) Write() string {
	return fmt.Sprintf(`UPDATE %s SET %s = $2, %s = $3 WHERE ctid = $1`, c.Table, c.Name, c.Version)
}

// Left counts the values that are sealed under other versions than $1.
func (c Column) Left() string {
	return fmt.Sprintf(`SELECT count(*) FROM %s WHERE %s <> $1 AND %s IS NOT NULL`, c.Table, c.Version, c.Name)
}

// Place is where a value of this column belongs.
func (c Column) Place(org, row string) AAD {
	return AAD{Org: org, Table: c.Table, Column: c.Name, Row: row}
}

// zeroOrg is the identifier that stands for the platform in a place.
const zeroOrg = "00000000-0000-0000-0000-000000000000"
