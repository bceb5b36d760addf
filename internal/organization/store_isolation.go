package organization

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/postgres"
)

// catalogQuery reads the tables of schema public; tables that belong to an extension are not ours. pg_class.relacl and the
// columns' rights are asked through has_…_privilege, which also sees what PUBLIC was given.
const catalogQuery = `
WITH tables AS (
	SELECT c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity, a.attnum AS org, a.attnotnull AS org_required
	  FROM pg_class c
	  JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
	  LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id' AND NOT a.attisdropped
	 WHERE c.relkind IN ('r', 'p')
	   AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
),
policies AS (
	SELECT p.polrelid, p.polname, p.polcmd::text AS cmd, p.polroles,
	       COALESCE(pg_get_expr(p.polqual, p.polrelid), '') AS qual, COALESCE(pg_get_expr(p.polwithcheck, p.polrelid), '') AS checked
	  FROM pg_policy p
	 WHERE p.polpermissive
),
uniques AS (
	SELECT i.indrelid, c.relname, i.indkey::int2[] AS keys, i.indisprimary, i.indnkeyatts, i.indkey[0] AS first
	  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
	 WHERE i.indisunique OR i.indisexclusion
)
SELECT t.relname::text AS table_name, t.org IS NOT NULL AS tenant, COALESCE(NOT t.org_required, false) AS platform_rows,
       t.relrowsecurity AS rls_enabled, t.relforcerowsecurity AS rls_forced,
       (SELECT jsonb_object_agg(v.command, (SELECT count(*) FROM policies p WHERE p.polrelid = t.oid AND p.cmd IN (v.cmd, '*')
                AND 'restartix_app'::regrole = ANY (p.polroles)))
          FROM (VALUES ('SELECT', 'r'), ('INSERT', 'a'), ('UPDATE', 'w'), ('DELETE', 'd')) v (command, cmd)) AS policies,
       ARRAY(SELECT v.command FROM (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE'), ('REFERENCES'), ('TRIGGER')) v (command)
              WHERE CASE WHEN v.command IN ('DELETE', 'TRUNCATE', 'TRIGGER') THEN has_table_privilege('restartix_app', t.oid, v.command)
                         ELSE has_any_column_privilege('restartix_app', t.oid, v.command) END) AS grants,
       ARRAY(SELECT k.conname::text FROM pg_constraint k JOIN tables up ON up.oid = k.confrelid AND up.org IS NOT NULL
              WHERE k.conrelid = t.oid AND k.contype = 'f' AND t.org IS NOT NULL AND t.org = ANY (k.conkey) AND up.org = ANY (k.confkey)
              ORDER BY 1) AS composite_keys,
       ARRAY(SELECT k.conname::text FROM pg_constraint k JOIN tables up ON up.oid = k.confrelid AND up.org IS NOT NULL
              WHERE k.conrelid = t.oid AND k.contype = 'f' AND t.org IS NOT NULL AND NOT (t.org = ANY (k.conkey) AND up.org = ANY (k.confkey))
              ORDER BY 1) AS loose_keys,
       ARRAY(SELECT c.relname::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
              WHERE i.indrelid = t.oid AND i.indkey[0] = t.org AND i.indisvalid AND i.indpred IS NULL ORDER BY 1) AS leading_indexes,
       ARRAY(SELECT u.relname::text FROM uniques u
              WHERE u.indrelid = t.oid AND t.org IS NOT NULL AND NOT (t.org = ANY (u.keys))
                AND NOT (u.indisprimary AND u.indnkeyatts = 1 AND (SELECT a.atttypid = 'uuid'::regtype FROM pg_attribute a
                         WHERE a.attrelid = t.oid AND a.attnum = u.first))
              ORDER BY 1) AS loose_uniques,
       ARRAY(SELECT p.polname::text FROM policies p
              WHERE p.polrelid = t.oid AND (0 = ANY (p.polroles) OR p.qual = 'true' OR p.checked = 'true'
                 OR p.qual || p.checked !~ 'current_app_(role|user_id)'
                 OR t.org IS NOT NULL AND p.qual || p.checked !~ 'current_app_org_id'
                 OR p.qual || p.checked ~ 'current_app_role[^=<>]* IS NULL\)* OR')
              ORDER BY 1) AS open_policies,
       ARRAY(SELECT r.role FROM (VALUES ('anonymous'), ('patient'), ('specialist'), ('customer_support'), ('admin'), ('system'), ('superadmin')) r (role)
              WHERE EXISTS (SELECT 1 FROM policies p WHERE p.polrelid = t.oid AND p.cmd IN ('r', '*')
                AND p.qual ~ ('''' || r.role || ''''))) AS readers
  FROM tables t
 ORDER BY t.relname`

func catalog(ctx context.Context, tx *postgres.Tx) ([]TableReport, error) {
	rows, err := tx.Query(ctx, catalogQuery)
	if err != nil {
		return nil, fmt.Errorf("read catalog: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[TableReport])
	if err != nil {
		return nil, fmt.Errorf("read catalog: %w", err)
	}
	return out, nil
}
