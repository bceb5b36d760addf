package organization

import (
	"context"
	"net/http"
	"time"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
)

func (s *Service) adminRoutes(api *httpapi.Server) {
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/admin/isolation-report", ID: "get-isolation-report", Tag: "Administration",
		Summary:  "What the database's catalog says about the walls between clinics",
		Audience: httpapi.Platform, Permission: auth.PlatformRead,
	}, s.isolationReport)
}

type isolationTable struct {
	Table          string         `json:"table"`
	Class          string         `json:"class" enum:"system,platform,published_catalogue,clinical,clinic_config"`
	Reason         string         `json:"reason,omitempty" doc:"Why a table without organization_id is allowed."`
	OK             bool           `json:"ok"`
	Problems       []string       `json:"problems" nullable:"false"`
	RLSEnabled     bool           `json:"rls_enabled"`
	RLSForced      bool           `json:"rls_forced"`
	Policies       map[string]int `json:"policies" doc:"Policies of the application role per command."`
	Grants         []string       `json:"grants" nullable:"false"`
	CompositeKeys  []string       `json:"composite_foreign_keys" nullable:"false"`
	LeadingIndexes []string       `json:"tenant_leading_indexes" nullable:"false"`
}

type isolationReportOutput struct {
	GeneratedAt time.Time        `json:"generated_at"`
	Tables      []isolationTable `json:"tables" nullable:"false"`
	Findings    []string         `json:"findings" nullable:"false" doc:"Empty when the walls stand."`
}

func (s *Service) isolationReport(ctx context.Context, _ *struct{}) (isolationReportOutput, error) {
	r, err := s.IsolationReport(ctx)
	if err != nil {
		return isolationReportOutput{}, err
	}
	out := isolationReportOutput{GeneratedAt: r.At, Findings: r.Findings, Tables: make([]isolationTable, len(r.Tables))}
	for i, t := range r.Tables {
		out.Tables[i] = isolationTable{
			Table: t.Table, Class: t.Class, Reason: t.Reason, OK: len(t.Problems) == 0, Problems: t.Problems, RLSEnabled: t.RLSEnabled,
			RLSForced: t.RLSForced, Policies: t.Policies, Grants: t.Grants, CompositeKeys: t.CompositeKeys, LeadingIndexes: t.LeadingIndexes,
		}
	}
	return out, nil
}
