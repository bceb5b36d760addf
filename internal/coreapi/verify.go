package coreapi

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/ident"
)

// VerifyAudit checks the chains (only one when only is not zero), writes a line for each and answers audit.ErrChain when one does not verify.
// Clinics that the anchors name are checked too when the database has forgotten them.
func (a *App) VerifyAudit(ctx context.Context, out io.Writer, anchorFile string, only ident.OrgID) error { //nolint:gocognit // one pass over the chains, with every reason to object beside it
	var anchors []audit.Anchor
	var err error
	if anchorFile != "" {
		if anchors, err = a.trail.Anchors(anchorFile); err != nil {
			return err
		}
	}
	chains, err := a.trail.Chains(ctx)
	if err != nil {
		return err
	}
	for _, anchor := range anchors {
		for _, head := range anchor.Heads {
			if org := ident.From[ident.Organization](head.OrganizationID); !slices.Contains(chains, org) {
				chains = append(chains, org)
			}
		}
	}
	var broken error
	for _, org := range chains {
		if !only.IsZero() && org != only {
			continue
		}
		finding, err := a.trail.VerifyOrg(ctx, org, anchors)
		if err != nil {
			return err
		}
		name := org.String()
		if name == "" {
			name = "platform"
		}
		if _, err := fmt.Fprintf(out, "%s  %s\n", name, finding); err != nil {
			return err
		}
		if finding.Kind != audit.OK {
			broken = audit.ErrChain
		}
	}
	return broken
}
