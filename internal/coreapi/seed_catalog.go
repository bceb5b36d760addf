package coreapi

import (
	"context"
	"fmt"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/catalog"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/organization"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/scheduling"
	"github.com/restartix/platform/internal/specialist"
)

// demoSpecialist is a specialist of the first day. Hours are the same on each of the weekdays.
type demoSpecialist struct {
	name, title, specialty, colour string
	weekdays                       []int
	from, to                       int
}

func demoSpecialists() []demoSpecialist {
	return []demoSpecialist{
		{"John Doe", "Kinetoterapeut", "kinetoterapie", "#2f6b70", []int{1, 2}, 13, 15},
		{"Marry Joe", "Fizioterapeut", "fizioterapie", "#a8552f", []int{2, 5}, 10, 18},
		{"Maria Kent", "Psiholog", "psihologie", "#5b4b8a", nil, 0, 0},
	}
}

// demoService is a service of the first day. Zero minutes is no length, a negative price is one on request.
type demoService struct {
	name, description, category, specialty string
	minutes                                int
	price                                  int64
	by                                     []string
}

func demoServices() []demoService {
	both := []string{"John Doe", "Marry Joe"}
	return []demoService{
		{"Evaluarea mobilității", "Prima întâlnire: măsurăm ce se poate mișca, ce doare și de unde începem.", "consultation", "kinetoterapie", 30, 20000, both},
		{"Măsurarea flexibilității", "Măsurători ale amplitudinii articulațiilor, cu raport.", "examination", "fizioterapie", 30, 30000, both},
		{"Psihologia durerii", "Discuție despre durerea care durează și cum se poate trăi cu ea.", "consultation", "psihologie", 20, 10000, []string{"Maria Kent"}},
		{"A doua opinie", "Un alt specialist se uită la recomandarea primită. Vă sunăm noi.", "consultation", "", 0, -1, nil},
		{"Kinetoterapie, 10 ședințe", "Zece ședințe de câte 30 de minute. Vă sunăm noi pentru program.", "therapy", "kinetoterapie", 30, -1, nil},
	}
}

// seedCatalog fills a demo clinic with the first day: who works when, and who offers what. Weekly hours are the same every week, so there
// are always times to book.
func (a *App) seedCatalog(ctx context.Context, org organization.Organization, people []seeded) error {
	_, err := a.organizations.Update(ctx, org.ID, org.RowVersion, func(o *organization.Organization) { o.Settings.MinNoticeMinutes = 0 })
	if err != nil {
		return fmt.Errorf("settings of demo clinic: %w", err)
	}
	ctx = auth.WithPrincipal(ctx, auth.Principal{Kind: auth.ActorSystem, Role: auth.Admin, OrgID: org.ID})
	practice, err := a.specialists.Specialties(ctx, specialist.FindSpecialties{Query: page.Query{PageSize: page.MaxSize}})
	if err != nil {
		return err
	}
	specialties := map[string]specialist.SpecialtyID{}
	for _, y := range practice.Rows {
		specialties[y.Slug] = y.ID
	}
	specialists, err := a.seedSpecialists(ctx, org.Timezone, specialties, people)
	if err != nil {
		return err
	}
	var first catalog.ServiceID
	for i, d := range demoServices() {
		v := catalog.Service{
			Name: d.name, Description: &d.description, Category: d.category, SpecialtyID: specialties[d.specialty], Modality: []string{"in_person"},
			IsPublic: true, Published: true, SelfBook: true, SortOrder: (i + 1) * 10,
		}
		if d.minutes > 0 {
			v.DurationMin = &d.minutes
		}
		if d.price >= 0 {
			v.PriceMinor = &d.price
		}
		made, err := a.catalog.Create(ctx, v)
		if err != nil {
			return fmt.Errorf("demo service: %w", err)
		}
		var offers []catalog.Offer
		for _, name := range d.by {
			offers = append(offers, catalog.Offer{SpecialistID: specialists[name], Priority: 50, Weight: 1, Active: true})
		}
		if _, err := a.catalog.SetOffers(ctx, made.ID, made.RowVersion, offers); err != nil {
			return fmt.Errorf("offers of demo service: %w", err)
		}
		if i == 0 {
			first = made.ID
		}
	}
	return a.seedVisit(ctx, org, first, people)
}

// seedSpecialists makes the specialists; who has a demo account of the same name is linked with it.
func (a *App) seedSpecialists(ctx context.Context, zone string, specialties map[string]specialist.SpecialtyID, people []seeded) (map[string]specialist.ID, error) {
	out := map[string]specialist.ID{}
	for _, d := range demoSpecialists() {
		p := specialist.Specialist{Name: d.name, Title: &d.title, Timezone: &zone, Active: true, Colour: &d.colour}
		if id := specialties[d.specialty]; !id.IsZero() {
			p.SpecialtyIDs = []specialist.SpecialtyID{id}
		}
		p.UserID = accountOf(people, d.name)
		made, err := a.specialists.Create(ctx, p)
		if err != nil {
			return nil, fmt.Errorf("demo specialist: %w", err)
		}
		out[d.name] = made.ID
		var week scheduling.Week
		for _, weekday := range d.weekdays {
			week.Times = append(week.Times, scheduling.WorkingTime{Weekday: weekday, Range: civil.Range{Start: civil.At(d.from, 0), End: civil.At(d.to, 0)}})
		}
		if _, err := a.scheduling.SetHours(ctx, made.ID, week); err != nil {
			return nil, fmt.Errorf("hours of demo specialist: %w", err)
		}
	}
	return out, nil
}

func accountOf(people []seeded, name string) ident.UserID {
	for _, p := range people {
		if p.Name == name && p.Role == string(auth.Specialist) {
			return p.user
		}
	}
	return ident.UserID{}
}
