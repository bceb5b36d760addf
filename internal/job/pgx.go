package job

import "github.com/jackc/pgx/v5"

// pgxTx is the transaction type of River's client; the runner never opens one for a clinic.
type pgxTx = pgx.Tx
