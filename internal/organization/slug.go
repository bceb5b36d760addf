package organization

import (
	"regexp"
	"slices"

	"github.com/restartix/platform/internal/apperror"
)

// What a new slug is refused with.
var (
	ErrSlugTaken   = apperror.New(apperror.Conflict, "slug_taken", "This short address is already used.")
	ErrSlugInvalid = apperror.New(apperror.Invalid, "slug_invalid", "Use lower-case letters, digits and hyphens, 3 to 63 characters.")
)

var slugFormat = regexp.MustCompile(`^[a-z0-9](-?[a-z0-9])*$`)

// reservedSlugs would be mistaken for hosts of the platform.
func reservedSlugs() []string {
	return []string{"www", "api", "admin", "console", "portal", "clinic", "app", "mail", "static", "assets"}
}

func isSlug(s string) bool {
	return len(s) >= 3 && len(s) <= 63 && slugFormat.MatchString(s) && !slices.Contains(reservedSlugs(), s)
}
