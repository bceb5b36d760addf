package devstack

import (
	"maps"
	"slices"
	"strings"
)

// inherited are the variables that every child may take over: none of them carries a secret.
var inherited = []string{"PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR"} //nolint:gochecknoglobals // never written

// buildInherited are the further variables of build commands: where modules and packages come from and where they are
// cached. A trailing * takes a whole prefix.
var buildInherited = []string{ //nolint:gochecknoglobals // never written
	"GOPROXY", "GOFLAGS", "GOMODCACHE", "GOCACHE", "GOPATH", "GOROOT", "GOTOOLCHAIN", "GOSUMDB", "GONOSUMDB", "GOTMPDIR",
	"npm_config_*", "NPM_CONFIG_*", "PNPM_HOME", "XDG_*", "NODE_EXTRA_CA_CERTS", "CI",
	"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
}

// buildChoices decide what is built; builds inherit them too.
var buildChoices = []string{"AUTH_DRIVER", "NEXT_PUBLIC_*"}

// childEnv is the whole environment of one child: the inherited list, then its own variables, sorted.
func childEnv(from, own map[string]string) []string {
	return environ(from, inherited, own)
}

func buildEnv(from, own map[string]string) []string {
	return environ(from, slices.Concat(inherited, buildInherited, buildChoices), own)
}

func environ(from map[string]string, allowed []string, own map[string]string) []string {
	env := map[string]string{}
	for name, value := range from {
		if slices.ContainsFunc(allowed, func(pattern string) bool { return matches(pattern, name) }) {
			env[name] = value
		}
	}
	maps.Copy(env, own)
	lines := make([]string, 0, len(env))
	for _, name := range slices.Sorted(maps.Keys(env)) {
		lines = append(lines, name+"="+env[name])
	}
	return lines
}

func matches(pattern, name string) bool {
	if prefix, ok := strings.CutSuffix(pattern, "*"); ok {
		return strings.HasPrefix(name, prefix)
	}
	return pattern == name
}
