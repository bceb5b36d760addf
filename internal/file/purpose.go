package file

import (
	"slices"

	"github.com/restartix/platform/internal/auth"
)

// Purpose is what a file is for; it decides types, sizes and who may upload.
type Purpose string

// The purposes whose owners exist.
const (
	OrgLogo           Purpose = "org_logo"
	Avatar            Purpose = "avatar"
	Cover             Purpose = "cover"
	SignatureImage    Purpose = "signature_image"
	LicenceScan       Purpose = "licence_scan"
	GuardianEvidence  Purpose = "guardian_evidence"
	ServiceAttachment Purpose = "service_attachment"
)

// The types that can be recognised.
const (
	png  = "image/png"
	jpeg = "image/jpeg"
	webp = "image/webp"
	pdf  = "application/pdf"
	mp4  = "video/mp4"
)

const (
	kilobyte = 1 << 10
	megabyte = 1 << 20
)

// Policy says what may be uploaded for one purpose.
type Policy struct {
	Purpose Purpose
	Types   []string
	// MaxBytes is the largest upload.
	MaxBytes int64
	// MaxSide is the longest side of a picture in pixels; 0 leaves it to the memory that decoding takes.
	MaxSide   int
	uploaders []auth.Role
}

// Policies is the table of product/05 §4, for the purposes whose owners exist.
func Policies() []Policy {
	pictures, papers := []string{png, jpeg, webp}, []string{pdf, jpeg, png}
	staff := []auth.Role{auth.Admin, auth.CustomerSupport}
	own := []auth.Role{auth.Admin, auth.Specialist}
	return []Policy{
		{OrgLogo, pictures, 5 * megabyte, 4096, []auth.Role{auth.Admin}},
		{Avatar, pictures, 5 * megabyte, 4096, own},
		{Cover, pictures, 5 * megabyte, 4096, own},
		{SignatureImage, []string{png}, 200 * kilobyte, 2000, own},
		{LicenceScan, papers, 10 * megabyte, 0, staff},
		{GuardianEvidence, papers, 10 * megabyte, 0, staff},
		{ServiceAttachment, []string{pdf, jpeg, png, mp4}, 50 * megabyte, 0, []auth.Role{auth.Admin}},
	}
}

// policyOf answers false for an unknown purpose.
func policyOf(p Purpose) (Policy, bool) {
	for _, policy := range Policies() {
		if policy.Purpose == p {
			return policy, true
		}
	}
	return Policy{}, false
}

// isPublic tells whether visitors may read such a file once its owner is published.
func (p Purpose) isPublic() bool { return p == OrgLogo || p == Avatar || p == Cover }

func (p Policy) accepts(contentType string) bool { return slices.Contains(p.Types, contentType) }

func (p Policy) mayUpload(r auth.Role) bool { return slices.Contains(p.uploaders, r) }
