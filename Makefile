# The whole product in two commands: `make up` runs it, `make test` proves it. `make help` lists the rest.
.DEFAULT_GOAL := help
.PHONY: help up services test test-race e2e dev build load lint migrate-up migrate-down migrate-create gen seed smells nightly restartix

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: ## Start the whole platform on this machine (ARGS="--only=postgres,redis" for parts of it)
	@scripts/up.sh $(ARGS)

services: restartix ## Start PostgreSQL, Redis and S3 for tests; their addresses go to .data/test.env
	@scripts/apt.sh
	@bin/restartix services

test: ## Everything that must be green: vet, race, web, journeys in a browser
	@scripts/test.sh

test-race: ## The Go tests under the race detector, against the services of .data/test.env
	@scripts/with-env.sh .data/test.env go test -race ./...

e2e: ## The browser suite against a platform of its own (ARGS="sign-in" for a part of it)
	@scripts/e2e.sh $(ARGS)

dev: ## Core API with hot reload, on embedded or given services (the apps: pnpm dev)
	@scripts/dev.sh

build: ## Build every Go program into bin/ and the three apps
	@scripts/build.sh

load: ## The figures of performance: a stack of its own, a bare handler beside the API, the k6 scripts
	@scripts/load.sh

lint: ## Formatting, vet, linters of Go and web
	@scripts/lint.sh

migrate-up: restartix ## Bring the database to the newest schema
	@scripts/with-env.sh .data/up.env bin/restartix migrate up

migrate-down: restartix ## Take the last migration back
	@scripts/with-env.sh .data/up.env bin/restartix migrate down

migrate-create: ## Make the pair of files of a new migration: make migrate-create NAME=appointments
	@scripts/migrate-create.sh "$(NAME)"

gen: restartix ## Generate docs/openapi.yaml and the API client of the apps
	@scripts/gen.sh

seed: restartix ## Make the demo clinics and print their sign-ins
	@scripts/with-env.sh .data/up.env bin/restartix seed

smells: ## Count what reviews look for; the counts may only fall
	@scripts/smells.sh

nightly: ## The figures that take long, in full (FIG=<id> for one); output goes to load/results/
	@scripts/nightly.sh "$(FIG)"

restartix:
	@go build -o bin/restartix ./cmd/restartix
