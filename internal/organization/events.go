package organization

// DomainVerified tells that a clinic's domain resolves from now on.
type DomainVerified struct {
	DomainID DomainID `json:"domain_id"`
}

// EventType implements event.Fact.
func (DomainVerified) EventType() string { return "domain.verified" }

// Aggregate implements event.Fact.
func (e DomainVerified) Aggregate() (kind, id string) {
	return "organization_domain", e.DomainID.String()
}

// DomainRemoved tells that a domain no longer belongs to the clinic: somebody removed it, or its TXT record is gone.
type DomainRemoved struct {
	DomainID DomainID `json:"domain_id"`
	// Reason is removed or txt_gone.
	Reason string `json:"reason"`
}

// EventType implements event.Fact.
func (DomainRemoved) EventType() string { return "domain.removed" }

// Aggregate implements event.Fact.
func (e DomainRemoved) Aggregate() (kind, id string) {
	return "organization_domain", e.DomainID.String()
}
