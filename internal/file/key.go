package file

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/restartix/platform/internal/ident"
)

// uploadSuffix ends the key that a browser's form writes; nothing is ever served from there.
const uploadSuffix = ".upload"

var purposeFormat = regexp.MustCompile(`^[a-z_]{3,40}$`)

// errKey says that a key would lie where it must not; the request is wrong by the program's own doing.
var errKey = errors.New("storage key refused")

// Key is the only maker of storage keys: org/{org}/{purpose}/{yyyy}/{mm}/{file}. acting is the clinic of whoever asks; a file of another
// clinic, an empty id, and anything that is not a plain word as purpose are refused, so no key leaves the clinic's folder. Both clinics
// zero is content of the platform, under global/. Keys hold no name of a person or file.
func Key(acting, org ident.OrgID, purpose Purpose, made time.Time, id ident.FileID) (string, error) {
	switch {
	case id.IsZero():
		return "", fmt.Errorf("%w: no id", errKey)
	case acting != org:
		return "", fmt.Errorf("%w: another clinic", errKey)
	case !purposeFormat.MatchString(string(purpose)):
		return "", fmt.Errorf("%w: purpose is not a word", errKey)
	case made.IsZero():
		return "", fmt.Errorf("%w: no time", errKey)
	}
	root := "global"
	if !org.IsZero() {
		root = "org/" + org.String()
	}
	key := fmt.Sprintf("%s/%s/%s/%s", root, purpose, made.UTC().Format("2006/01"), id)
	if err := checkKey(acting, key); err != nil {
		return "", err
	}
	return key, nil
}

// checkKey looks at a whole key again, also at one that comes from a row, before the store is asked.
func checkKey(acting ident.OrgID, key string) error {
	folder := "global/"
	if !acting.IsZero() {
		folder = "org/" + acting.String() + "/"
	}
	if !strings.HasPrefix(key, folder) {
		return fmt.Errorf("%w: another clinic", errKey)
	}
	for part := range strings.SplitSeq(key, "/") {
		if part == "" || part == "." || part == ".." || strings.ContainsAny(part, "\\\x00") {
			return fmt.Errorf("%w: not a plain path", errKey)
		}
	}
	return nil
}
