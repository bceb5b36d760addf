package coreapi

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/restartix/platform/internal/appointment"
	"github.com/restartix/platform/internal/booking"
	"github.com/restartix/platform/internal/catalog"
	"github.com/restartix/platform/internal/clinickey"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/identity"
	"github.com/restartix/platform/internal/idp"
	"github.com/restartix/platform/internal/issuer"
	"github.com/restartix/platform/internal/job"
	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/organization"
	"github.com/restartix/platform/internal/patient"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/scheduling"
	"github.com/restartix/platform/internal/signin"
	"github.com/restartix/platform/internal/specialist"
	"github.com/restartix/platform/internal/task"
)

// anchorEvery bounds how much of the trail's tail could vanish unseen (figure L-3).
const anchorEvery = time.Minute

// services are the clinic packages, each built once.
type services struct {
	organizations *organization.Service
	clinicKeys    *clinickey.Service
	people        *identity.Service
	signins       *signin.Service
	tasks         *task.Service
	specialists   *specialist.Service
	patients      *patient.Service
	catalog       *catalog.Catalog
	scheduling    *scheduling.Service
	holds         *scheduling.Holds
	appointments  *appointment.Service
	bookings      *booking.Service
	streams       scheduling.Streams
	issuer        *issuer.Issuer
	verifier      *idp.Verifier
}

// newServices builds in the order of the package list. Knots are tied where an earlier package asks a later one: a new clinic invites
// its admin and begins with specialties, signing in tells who joined, a specialty is kept while a service needs it.
func newServices(g ground) (services, error) {
	s := services{issuer: issuer.New(g.db, g.ring, g.cfg.AuthIssuer, firstOf(g.cfg.AuthAudiences))}
	external, issuers, err := driver(g, s.issuer)
	if err != nil {
		return s, err
	}
	if s.verifier, err = idp.NewVerifier(append(issuers, g.hands.Issuers...), idp.Deps{Client: g.hands.HTTP, Now: g.hands.Now, Log: g.log}); err != nil {
		return s, err
	}
	builtin := g.cfg.AuthDriver == "builtin"
	people := identity.Deps{
		DB: g.db, Trail: g.trail, Bus: g.bus, Mailer: identity.NewMailer(g.hands.Mail), Details: external,
		Links: identity.Links{Scheme: g.cfg.AppScheme, ClinicDomain: g.cfg.ClinicDomain},
	}
	factors := &factorSource{db: g.db}
	if builtin {
		people.Factors, people.Devices = factors, factors
		people.BuiltinIssuer = s.issuer.Name()
		people.Minter = minter{s.issuer}
	}
	s.people = identity.New(people)
	uses, visits := &specialtyUses{}, &visitBook{}
	s.specialists = specialist.New(specialist.Deps{
		DB: g.db, Ring: g.ring, Trail: g.trail, Staff: s.people, Visits: visits, Use: uses,
	})
	s.organizations = organization.New(organization.Deps{
		DB: g.db, Redis: g.redis, Ring: g.ring, Trail: g.trail, Bus: g.bus, TXT: g.hands.TXT, Inviter: s.people, Log: g.log,
		Starters: []organization.Starter{s.specialists},
		Sites:    organization.Sites{Clinic: g.cfg.ClinicDomain, Portal: g.cfg.PortalDomain, Console: g.cfg.ConsoleDomain},
	})
	s.clinicKeys = clinickey.New(clinickey.Deps{DB: g.db, Ring: g.ring, Trail: g.trail, Clinics: s.organizations})
	s.signins = signin.New(signin.Deps{
		DB: g.db, Ring: g.ring, Trail: g.trail, Limiter: g.limiter, Mailer: letters{sender: g.hands.Mail}, Members: joiner{s.people},
		Clinics: s.organizations,
		Domains: signin.Domains{Scheme: g.cfg.AppScheme, Clinic: g.cfg.ClinicDomain, Portal: g.cfg.PortalDomain, Console: g.cfg.ConsoleDomain},
		Issuer:  s.issuer,
	})
	factors.signins = s.signins
	s.tasks = task.NewService(g.db, g.trail, g.bus)
	s.patients = patient.New(patient.Deps{
		DB: g.db, Ring: g.ring, Trail: g.trail, Bus: g.bus, Clinics: s.organizations, Mail: g.hands.Mail, Links: portalLinks(g),
	})
	s.catalog = catalog.New(catalog.Deps{DB: g.db, Trail: g.trail, Clinics: s.organizations, Specialists: s.specialists})
	uses.catalog = s.catalog
	s.holds = scheduling.NewHolds(scheduling.HoldDeps{
		DB: g.db, Ring: g.ring, Terms: s.organizations, Live: g.live, Log: g.log,
		Offered: func(ctx context.Context, tx *postgres.Tx, r scheduling.Request) (scheduling.Offered, error) {
			return s.scheduling.OfferedTx(ctx, tx, r)
		},
	}, g.redis)
	s.scheduling = scheduling.New(scheduling.Deps{
		DB: g.db, Trail: g.trail, Bus: g.bus, Clinics: s.organizations, Specialists: s.specialists, Catalog: s.catalog,
		Busy: visits, Held: s.holds,
	})
	s.streams = scheduling.Streams{DB: g.db, Live: g.live, Offering: s.scheduling.OfferingTx}
	s.visits(g)
	visits.visits = s.appointments
	return s, nil
}

// visits builds what a visit goes through.
func (s *services) visits(g ground) {
	s.appointments = appointment.New(appointment.Deps{
		DB: g.db, Ring: g.ring, Trail: g.trail, Bus: g.bus, Offers: s.scheduling, Patients: s.patients, Clinics: s.organizations,
		Tasks: s.tasks,
	})
	s.bookings = booking.New(booking.Deps{
		DB: g.db, Trail: g.trail, Holds: s.holds, Visits: s.appointments, Clinics: s.organizations, Mail: g.hands.Mail,
		Links: portalLinks(g),
	})
}

// portalLinks says where mails to patients lead.
func portalLinks(g ground) patient.Links {
	return patient.Links{Scheme: g.cfg.AppScheme, PortalDomain: g.cfg.PortalDomain}
}

func firstOf(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// driver answers the trusted issuers of the configured driver, and who is asked about a new subject.
func driver(g ground, own *issuer.Issuer) (identity.Details, []idp.IssuerConfig, error) {
	switch g.cfg.AuthDriver {
	case "clerk":
		c, err := idp.NewClerk(idp.ClerkConfig{
			Issuer: g.cfg.AuthIssuer, JWKSURL: g.cfg.AuthJWKSURL, SecretKey: g.cfg.ClerkSecretKey.Reveal(), APIURL: g.cfg.ClerkAPIURL,
			AuthorizedParties: g.cfg.AuthParties,
		}, g.hands.HTTP, g.hands.Now)
		if err != nil {
			return nil, nil, fmt.Errorf("driver clerk: %w", err)
		}
		return details{c}, []idp.IssuerConfig{c.IssuerConfig()}, nil
	case "oidc":
		o, err := idp.NewOIDC(idp.OIDCConfig{
			Issuer: g.cfg.AuthIssuer, Audiences: g.cfg.AuthAudiences, AuthorizedParties: g.cfg.AuthParties,
		}, g.hands.HTTP, g.hands.Now)
		if err != nil {
			return nil, nil, fmt.Errorf("driver oidc: %w", err)
		}
		return details{o}, []idp.IssuerConfig{o.IssuerConfig()}, nil
	}
	return nil, own.Configs(), nil
}

// mount registers every route and every listener.
func (a *App) mount() error {
	proxies, err := middleware.ParseTrustedProxies(a.cfg.TrustedProxies)
	if err != nil {
		return fmt.Errorf("TRUSTED_PROXIES: %w", err)
	}
	router := newRouter(a.log, a.hands.Now, proxies, a.organizations, a.cfg.RequestTimeout)
	a.api = httpapi.New(router, httpapi.Deps{
		Auth: &middleware.Authenticator{
			Verifier: verifier{a.verifier, newVerified(a.hands.Now)}, People: a.people, Keys: a.clinicKeys, Clinics: a.organizations, Proxies: proxies,
		},
		Limiter: middleware.Limits{Limiter: a.limiter}, Witness: a.trail, Sealer: answerSealer{a.ring}, Seats: a.live,
		Log: a.log, Now: a.hands.Now, Version: a.cfg.Version, BodyLimit: a.cfg.BodyLimit,
	})
	a.health(router)
	a.organizations.Routes(a.api)
	a.clinicKeys.Routes(a.api)
	a.people.Routes(a.api)
	a.specialists.Routes(a.api)
	a.catalog.Routes(a.api)
	a.scheduling.Routes(a.api)
	a.trail.Routes(a.api)
	a.tasks.Routes(a.api)
	a.patients.Routes(a.api)
	a.appointments.Routes(a.api)
	a.bookings.Routes(a.api)
	a.live.Routes(a.api, a.concerns)
	a.holds.Routes(a.api)
	a.streams.Routes(a.api)
	if a.cfg.AuthDriver == "builtin" {
		router.Get("/v1/auth/jwks", a.issuer.ServeJWKS)
		router.Get("/.well-known/openid-configuration", a.issuer.ServeDiscovery)
		a.signins.Routes(a.api)
	}
	a.listen()
	a.handler = router
	return nil
}

func (a *App) health(router chi.Router) {
	keys := a.trail.CheckKeys
	if a.cfg.AuthDriver == "builtin" {
		keys = func(ctx context.Context) error { return errors.Join(a.issuer.CheckKeys(ctx), a.trail.CheckKeys(ctx)) }
	}
	probes{
		keys: keys, postgres: a.db.Ping, redis: a.redis.Healthy, storage: a.hands.Storage.Healthy, schema: a.db.SchemaVersion,
		version: a.cfg.Version, draining: &a.draining, warming: &a.warming,
	}.mount(router)
}

// listen registers listeners first and hands them to the queue last, because the queue must know all of them when it starts.
func (a *App) listen() {
	a.people.Subscribe(a.bus)
	a.streams.Subscribe(a.bus)
	a.pushVisits()
	a.pushTasks()
	a.people.Register(a.runner)
	a.organizations.RegisterJobs(a.runner)
	a.tasks.Subscribe(a.bus)
	a.patients.Register(a.runner)
	a.bookings.Subscribe(a.bus)
	a.bookings.Register(a.runner)
	if a.cfg.AuthDriver == "builtin" {
		a.signins.Register(a.runner)
	}
	if a.cfg.AnchorFile != "" {
		a.runner.Every(job.Periodic{Kind: "audit.anchor", Every: anchorEvery, Run: func(ctx context.Context) error {
			return a.trail.Anchor(ctx, a.cfg.AnchorFile, a.hands.Now())
		}})
	}
	a.bus.Register(a.runner)
}
