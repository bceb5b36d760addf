package file

// Inspect is inspect with the policy of a purpose, and answers what would be stored.
func Inspect(content []byte, declared string, purpose Purpose) (contentType string, stored []byte, err error) {
	policy, _ := policyOf(purpose)
	found, err := inspect(content, declared, policy)
	return found.contentType, found.content, err
}

// CleanName is cleanName.
func CleanName(name string) string { return cleanName(name) }
