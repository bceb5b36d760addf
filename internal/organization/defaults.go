package organization

import (
	"crypto/sha256"
	"embed"
	"fmt"
	"strings"

	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/locale"
)

//go:embed policies/*/*.md
var policyTexts embed.FS

// ConsentTypes are the kinds of policy that every clinic starts with, in the order in which they are shown (product/04 §5).
func ConsentTypes() []string {
	return []string{
		"terms_of_service", "privacy_notice", "telerehab_informed_consent", "profile_sharing", "video_recording",
		"marketing", "analytics", "pose_data", "sms_reminders",
	}
}

// defaultPolicies are version 1 of every kind in both languages, with the clinic's name in the text.
func defaultPolicies(o Organization) ([]Policy, error) {
	var out []Policy
	for _, kind := range ConsentTypes() {
		for _, language := range []locale.Tag{locale.Romanian, locale.English} {
			text, err := policyTexts.ReadFile(fmt.Sprintf("policies/%s/%s.md", language, kind))
			if err != nil {
				return nil, fmt.Errorf("read text of policy: %w", err)
			}
			title, body, _ := strings.Cut(strings.TrimPrefix(string(text), "# "), "\n")
			body = strings.TrimSpace(strings.ReplaceAll(body, "{clinic}", escapeMarkdown(o.Name)))
			out = append(out, Policy{
				ID: ident.New[Policy](), ConsentType: kind, Version: 1, LanguageCode: string(language),
				Title: title, Markdown: body, ContentHash: hashOf(title, body),
			})
		}
	}
	return out, nil
}

// hashOf is what consents refer to: title and text exactly as they were shown.
func hashOf(title, markdown string) []byte {
	sum := sha256.Sum256([]byte(title + "\n" + markdown))
	return sum[:]
}

// escapeMarkdown keeps a clinic's name from becoming markup of its policies.
func escapeMarkdown(text string) string {
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune("\\`*_{}[]<>()#+!|~", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
