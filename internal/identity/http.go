package identity

import (
	"strings"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/page"
)

// Routes registers every endpoint of the package.
func (s *Service) Routes(api *httpapi.Server) {
	s.meRoutes(api)
	s.memberRoutes(api)
	s.invitationRoutes(api)
	s.userRoutes(api)
	s.impersonationRoutes(api)
	s.breakGlassRoutes(api)
}

type nothing struct{}

// ClinicPath is the clinic that an endpoint is about. It is exported because embedded path fields are part of what makes two keyed
// requests equal.
type ClinicPath struct {
	ID ident.OrgID `path:"id" format:"uuid" doc:"Id of the clinic."`
}

// Dates are the filters by time that every list accepts.
type Dates struct {
	CreatedGTE time.Time `query:"created_at.gte"`
	CreatedLTE time.Time `query:"created_at.lte"`
	CreatedGT  time.Time `query:"created_at.gt"`
	CreatedLT  time.Time `query:"created_at.lt"`
	UpdatedGTE time.Time `query:"updated_at.gte"`
	UpdatedLTE time.Time `query:"updated_at.lte"`
	UpdatedGT  time.Time `query:"updated_at.gt"`
	UpdatedLT  time.Time `query:"updated_at.lt"`
}

func (d Dates) created() Span {
	return Span{GTE: instant(d.CreatedGTE), LTE: instant(d.CreatedLTE), GT: instant(d.CreatedGT), LT: instant(d.CreatedLT)}
}

func (d Dates) updated() Span {
	return Span{GTE: instant(d.UpdatedGTE), LTE: instant(d.UpdatedLTE), GT: instant(d.UpdatedGT), LT: instant(d.UpdatedLT)}
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// searchFrom trims what is searched for; one letter would find everybody.
func searchFrom(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text != "" && len([]rune(text)) < 2 {
		return "", apperror.ErrBadRequest.At("query.search", "must have at least 2 characters")
	}
	return text, nil
}

// flagFrom reads an optional boolean filter whose wire form is checked by its enum.
func flagFrom(text string) *bool {
	if text == "" {
		return nil
	}
	yes := text == "true"
	return &yes
}

// idOrNull is null for nobody.
func idOrNull[T any](id ident.ID[T]) *string { return orNull(id.String()) }

func listErrors(more ...*apperror.Error) []*apperror.Error {
	return append([]*apperror.Error{page.ErrSize, page.ErrSort, page.ErrFilter}, more...)
}

func rolesOut(roles []auth.Role) []string {
	out := make([]string, len(roles))
	for i, r := range roles {
		out[i] = string(r)
	}
	return out
}
