package postgres

import "github.com/jackc/pgx/v5/pgxpool"

// AppPool lets tests look at the connections that the transactions leave behind.
func (db *DB) AppPool() *pgxpool.Pool { return db.app }

// AdminPool is the same for the owner's pool.
func (db *DB) AdminPool() *pgxpool.Pool { return db.admin }
