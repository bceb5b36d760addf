package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	"github.com/golang-migrate/migrate/v4"
	pgxmigrate "github.com/golang-migrate/migrate/v4/database/pgx/v5"
	"github.com/golang-migrate/migrate/v4/source/iofs"
	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/jackc/pgx/v5/stdlib" // database/sql driver that golang-migrate wants
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// QueueSchema is where River keeps its tables.
const QueueSchema = "river"

// Migrator applies the schema as the owner. Several may start at once; an advisory lock lets one work and the others wait.
type Migrator struct {
	adminURL string
	files    fs.FS
}

// NewMigrator takes the owner's address and the numbered pairs.
func NewMigrator(adminURL string, files fs.FS) *Migrator {
	return &Migrator{adminURL: adminURL, files: files}
}

// Up applies every pair that is missing, then the queue's own schema. It is a no-op on a current database.
func (m *Migrator) Up(ctx context.Context) error {
	if err := m.Pairs(ctx); err != nil {
		return err
	}
	return m.queue(ctx, rivermigrate.DirectionUp)
}

// Pairs applies every pair that is missing and leaves the queue's schema alone: a schema that is not the newest one has no place
// for it yet.
func (m *Migrator) Pairs(_ context.Context) error {
	if err := m.each(func(g *migrate.Migrate) error { return g.Up() }); err != nil {
		return fmt.Errorf("migrate up: %w", err)
	}
	return nil
}

// Down reverses the given number of pairs; steps <= 0 reverses all of them.
func (m *Migrator) Down(_ context.Context, steps int) error {
	err := m.each(func(g *migrate.Migrate) error {
		if steps <= 0 {
			return g.Down()
		}
		return g.Steps(-steps)
	})
	if err != nil {
		return fmt.Errorf("migrate down: %w", err)
	}
	return nil
}

// Status answers the newest applied version and whether a migration broke half-way. Version 0 is an empty database.
func (m *Migrator) Status(_ context.Context) (version uint, dirty bool, err error) {
	err = m.each(func(g *migrate.Migrate) error {
		var verr error
		version, dirty, verr = g.Version()
		if errors.Is(verr, migrate.ErrNilVersion) {
			return nil
		}
		return verr
	})
	return version, dirty, err
}

func (m *Migrator) each(do func(*migrate.Migrate) error) error {
	db, err := sql.Open("pgx", m.adminURL)
	if err != nil {
		return errors.New("the owner's database address does not parse")
	}
	driver, err := pgxmigrate.WithInstance(db, &pgxmigrate.Config{MigrationsTable: "schema_migrations"})
	if err != nil {
		return errors.Join(fmt.Errorf("connect: %w", err), db.Close())
	}
	source, err := iofs.New(m.files, ".")
	if err != nil {
		return errors.Join(fmt.Errorf("read migrations: %w", err), driver.Close())
	}
	g, err := migrate.NewWithInstance("iofs", source, "postgres", driver)
	if err != nil {
		return errors.Join(err, driver.Close())
	}
	err = do(g)
	if errors.Is(err, migrate.ErrNoChange) {
		err = nil
	}
	sourceErr, driverErr := g.Close()
	return errors.Join(err, sourceErr, driverErr)
}

func (m *Migrator) queue(ctx context.Context, direction rivermigrate.Direction) error {
	pool, err := pgxpool.New(ctx, m.adminURL)
	if err != nil {
		return errors.New("the owner's database address does not parse")
	}
	defer pool.Close()
	// River's migrator takes no lock of its own, so ten starters queue here.
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock(hashtextextended('restartix:queue', 0))"); err != nil {
		return fmt.Errorf("lock queue schema: %w", err)
	}
	defer func() { _, _ = conn.Exec(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock_all()") }()
	river, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Schema: QueueSchema})
	if err != nil {
		return fmt.Errorf("prepare queue schema: %w", err)
	}
	if _, err := river.Migrate(ctx, direction, nil); err != nil {
		return fmt.Errorf("migrate queue schema: %w", err)
	}
	return nil
}

// SchemaVersion reads the applied version through the owner pool, for /ready.
func (db *DB) SchemaVersion(ctx context.Context) (int64, error) {
	var v int64
	if err := db.admin.QueryRow(ctx, "SELECT version FROM schema_migrations WHERE NOT dirty").Scan(&v); err != nil {
		return 0, fmt.Errorf("read schema version: %w", unavailable(err))
	}
	return v, nil
}
