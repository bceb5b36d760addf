package coreapi

import (
	"context"
	"fmt"

	"github.com/restartix/platform/internal/catalog"
	"github.com/restartix/platform/internal/credit"
	"github.com/restartix/platform/internal/patient"
)

// seedSale gives the demo clinic something to sell and its patient a package of which three sessions are used. ctx acts for the clinic's
// administrator.
func (a *App) seedSale(ctx context.Context, service catalog.ServiceID, id patient.ID) error {
	about, band := "Zece ședințe de câte 30 de minute, de folosit în șase luni.", "Bandă elastică medie, pentru exercițiile de acasă."
	sessions, days := 10, 180
	product, err := a.catalog.CreateProduct(ctx, catalog.Product{
		Name: "Bandă elastică", Description: &band, PriceMinor: 4500, StockTracked: true, Stock: 25, Published: true,
	})
	if err != nil {
		return fmt.Errorf("demo product: %w", err)
	}
	plan, err := a.catalog.CreatePlan(ctx, catalog.Plan{
		Name: "10 ședințe de kinetoterapie", Description: &about, Type: catalog.SessionBased, PriceMinor: 100_000, Sessions: &sessions, ValidityDays: &days,
		SharePct: 100, Status: catalog.Published, IsPublic: true, Services: []catalog.PlanService{{ServiceID: service, Credits: 1}},
		Products: []catalog.PlanProduct{{ProductID: product.ID, Quantity: 1}},
	})
	if err != nil {
		return fmt.Errorf("demo plan: %w", err)
	}
	bought, err := a.credit.Sell(ctx, credit.Sale{Plan: plan.ID, Patient: id})
	if err != nil {
		return fmt.Errorf("demo sale: %w", err)
	}
	if _, err := a.credit.Adjust(ctx, bought.ID, credit.Adjustment{Available: -3, Consumed: 3, Reason: "ședințe făcute înainte de programări"}); err != nil {
		return fmt.Errorf("demo sessions: %w", err)
	}
	return nil
}
