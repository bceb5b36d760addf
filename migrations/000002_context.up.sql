-- The context of a transaction: who, in which clinic, as which role. Set with set_config(name, value, true) in the same
-- round trip as BEGIN. After a transaction a pooled connection answers '' instead of NULL, hence NULLIF everywhere:
-- an unset context must look the same on a fresh and on a used connection, and must mean "no rows".

-- Nothing is granted by default. Every table's migration grants what its policies are written for.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO restartix_app;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- A temporary table outlives its transaction on a pooled connection, and its name wins over a real table's inside a
-- SECURITY DEFINER function whose search_path does not put pg_temp last. Nobody but the owner makes one; definer functions still say
-- "pg_temp" at the end of their path, because this right can be given back by accident.
DO $$ BEGIN EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$;

CREATE FUNCTION current_app_user_id() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT NULLIF(current_setting('app.current_user_id', true), '')::uuid $$;

CREATE FUNCTION current_app_org_id() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT NULLIF(current_setting('app.current_org_id', true), '')::uuid $$;

CREATE FUNCTION current_app_role() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT NULLIF(current_setting('app.current_role', true), '') $$;

GRANT EXECUTE ON FUNCTION current_app_user_id(), current_app_org_id(), current_app_role() TO restartix_app;

-- touch_row keeps the version that ETag and If-Match speak of. It cannot be forgotten by a statement.
CREATE FUNCTION touch_row() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.updated_at := now();
    NEW.row_version := OLD.row_version + 1;
    RETURN NEW;
END $$;
