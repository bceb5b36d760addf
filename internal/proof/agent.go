package proof

import "strings"

// AgentFamily names the kind of device that a user agent describes, coarse enough to be no fingerprint: "Firefox on Linux".
// Order matters: every browser claims to be its ancestors too.
func AgentFamily(userAgent string) string {
	browser := firstOf(userAgent, "Edg", "Edge", "OPR", "Opera", "Firefox", "Firefox", "FxiOS", "Firefox", "SamsungBrowser", "Samsung Internet",
		"CriOS", "Chrome", "Chrome", "Chrome", "Safari", "Safari")
	system := firstOf(userAgent, "iPhone", "iPhone", "iPad", "iPad", "Android", "Android", "Windows", "Windows", "Macintosh", "macOS",
		"CrOS", "ChromeOS", "Linux", "Linux")
	switch {
	case browser == "" && system == "":
		return "Unknown device"
	case browser == "":
		return system
	case system == "":
		return browser
	}
	return browser + " on " + system
}

// firstOf takes pairs of a mark and its name.
func firstOf(text string, pairs ...string) string {
	for i := 0; i+1 < len(pairs); i += 2 {
		if strings.Contains(text, pairs[i]) {
			return pairs[i+1]
		}
	}
	return ""
}
