package httpapi

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/restartix/platform/internal/apperror"
)

// IfMatch is embedded in the input of an endpoint that changes a versioned row.
type IfMatch struct {
	Header string `header:"If-Match" doc:"The ETag that you saw."`
}

// Expected returns the version that the caller saw, or precondition_required; a value that cannot be one of ours never matches.
func (m IfMatch) Expected() (int64, error) {
	if m.Header == "" {
		return 0, apperror.ErrPreconditionRequired
	}
	v, err := strconv.ParseInt(strings.Trim(m.Header, `"`), 10, 64)
	if err != nil {
		return 0, apperror.ErrPreconditionFailed
	}
	return v, nil
}

// CheckVersion compares the version that the caller saw with the row's and answers the current one when they differ.
func (m IfMatch) CheckVersion(current int64) error {
	expected, err := m.Expected()
	if err != nil {
		return err
	}
	if expected != current {
		return apperror.ErrPreconditionFailed.With("etag", strconv.Quote(strconv.FormatInt(current, 10)))
	}
	return nil
}

func typeOf[T any]() reflect.Type { return reflect.TypeFor[T]() }
