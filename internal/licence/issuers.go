package licence

import (
	_ "embed"
	"encoding/csv"
	"slices"
	"strings"
	"sync"
)

// Issuer is a professional body that gives licences. The name is the official one and is not translated.
type Issuer struct {
	Code string
	// Country is ISO 3166-1, two letters.
	Country string
	Name    string
	// Profession is a key of the texts of the apps.
	Profession string
}

//go:embed issuers.csv
var issuersCSV string

//nolint:gochecknoglobals // a list that the language cannot spell; read once, never written
var issuers = sync.OnceValue(func() []Issuer {
	rows, err := csv.NewReader(strings.NewReader(issuersCSV)).ReadAll()
	if err != nil || len(rows) < 2 {
		panic("licence: the list of issuers does not parse")
	}
	out := make([]Issuer, 0, len(rows)-1)
	for _, r := range rows[1:] {
		out = append(out, Issuer{Code: r[0], Country: r[1], Name: r[2], Profession: r[3]})
	}
	return out
})

// Issuers are the bodies whose licences the product knows, in the order in which they are offered.
func Issuers() []Issuer { return slices.Clone(issuers()) }

func isIssuer(code string) bool {
	return slices.ContainsFunc(issuers(), func(i Issuer) bool { return i.Code == code })
}
