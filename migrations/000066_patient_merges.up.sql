-- Two rows of one person in a clinic become one: everything that points at the one is pointed at the other, and which rows those were is
-- kept, so that exactly they go back within seven days. What was signed stays as it was: only the column that says whose the row is changes.
CREATE TABLE patient_merges (
    id                 uuid PRIMARY KEY,
    organization_id    uuid NOT NULL REFERENCES organizations (id),
    from_patient_id    uuid NOT NULL,
    into_patient_id    uuid NOT NULL,
    -- Table to the ids that were moved; a column that is not called patient_id stands behind a dot.
    moved              jsonb NOT NULL CHECK (jsonb_typeof(moved) = 'object'),
    -- What the closed profile was before.
    from_account_state text NOT NULL CHECK (from_account_state IN ('none', 'invited', 'active')),
    from_status        text NOT NULL CHECK (from_status IN ('active', 'archived')),
    merged_at          timestamptz NOT NULL,
    merged_by          uuid REFERENCES users (id),
    undo_until         timestamptz NOT NULL,
    undone_at          timestamptz,
    undone_by          uuid REFERENCES users (id),
    created_at         timestamptz NOT NULL DEFAULT now(),
    updated_at         timestamptz NOT NULL DEFAULT now(),
    row_version        bigint NOT NULL DEFAULT 1,
    CONSTRAINT patient_merges_org_id_key UNIQUE (organization_id, id),
    CONSTRAINT patient_merges_two_check CHECK (from_patient_id <> into_patient_id),
    CONSTRAINT patient_merges_from_fkey FOREIGN KEY (organization_id, from_patient_id)
        REFERENCES patient_org_profiles (organization_id, patient_id) ON UPDATE CASCADE,
    CONSTRAINT patient_merges_into_fkey FOREIGN KEY (organization_id, into_patient_id)
        REFERENCES patient_org_profiles (organization_id, patient_id) ON UPDATE CASCADE
);
-- A profile is merged once at a time.
CREATE UNIQUE INDEX patient_merges_standing ON patient_merges (organization_id, from_patient_id) WHERE undone_at IS NULL;
CREATE INDEX patient_merges_into ON patient_merges (organization_id, into_patient_id, merged_at DESC, id);
CREATE INDEX patient_merges_list ON patient_merges (organization_id, merged_at DESC, id);
CREATE TRIGGER patient_merges_touch BEFORE UPDATE ON patient_merges FOR EACH ROW EXECUTE FUNCTION touch_row();
ALTER TABLE patient_merges ENABLE ROW LEVEL SECURITY;
ALTER TABLE patient_merges FORCE ROW LEVEL SECURITY;
GRANT SELECT ON patient_merges TO restartix_app;
CREATE POLICY patient_merges_staff ON patient_merges FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) IN ('customer_support', 'admin', 'system') AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY patient_merges_break_glass ON patient_merges FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'superadmin' AND organization_id = (SELECT current_app_org_id()) AND (SELECT app_break_glass_active()));

-- patient_references are the columns that name a patient of a clinic, as the keys of the database say: a later table joins by having the
-- key. Merges themselves stay: they tell how a row came to be where it is. Internal: no grant.
CREATE FUNCTION patient_references() RETURNS TABLE (place text, of_table regclass, of_column name)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
    SELECT c.relname || CASE WHEN a.attname = 'patient_id' THEN '' ELSE '.' || a.attname END, c.oid::regclass, a.attname
      FROM pg_constraint k
      JOIN pg_class c ON c.oid = k.conrelid
     CROSS JOIN LATERAL unnest(k.conkey, k.confkey) AS u (mine, theirs)
      JOIN pg_attribute t ON t.attrelid = k.confrelid AND t.attnum = u.theirs AND t.attname = 'patient_id'
      JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.mine
     WHERE k.contype = 'f' AND k.confrelid = 'public.patient_org_profiles'::regclass
       AND c.relname NOT IN ('patient_merges', 'patient_org_profiles')
     ORDER BY 1
    $$;

-- patient_merge_move points the rows of one patient at another and answers which they were. Where the other has such a row already (the same
-- caregiver, for one), the row stays. Two visits at the same time are refused by their own constraint. Internal: no grant.
CREATE FUNCTION patient_merge_move(p_org uuid, p_from uuid, p_into uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
DECLARE
    r     record;
    one   uuid;
    ids   uuid[];
    moved jsonb := '{}';
BEGIN
    FOR r IN SELECT * FROM patient_references() LOOP
        BEGIN
            EXECUTE format('WITH done AS (UPDATE %s SET %I = $1 WHERE organization_id = $2 AND %I = $3 RETURNING id) SELECT array_agg(id) FROM done',
                r.of_table, r.of_column, r.of_column) INTO ids USING p_into, p_org, p_from;
        EXCEPTION WHEN unique_violation THEN
            ids := NULL;
            FOR one IN EXECUTE format('SELECT id FROM %s WHERE organization_id = $1 AND %I = $2', r.of_table, r.of_column) USING p_org, p_from LOOP
                BEGIN
                    EXECUTE format('UPDATE %s SET %I = $1 WHERE organization_id = $2 AND id = $3', r.of_table, r.of_column) USING p_into, p_org, one;
                    ids := ids || one;
                EXCEPTION WHEN unique_violation THEN
                    NULL;
                END;
            END LOOP;
        END;
        IF ids IS NOT NULL THEN
            moved := moved || jsonb_build_object(r.place, to_jsonb(ids));
        END IF;
    END LOOP;
    RETURN moved;
END $$;

-- patient_merge_check refuses what may not become one: a patient who is not there (RX010), two people who both sign in (RX011), and a merge
-- that would take an account away from its record (RX012). It locks both profiles in the order of their ids. Internal: no grant.
CREATE FUNCTION patient_merge_check(p_from uuid, p_into uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
DECLARE
    v_live  integer;
    v_from  uuid;
    v_into  uuid;
BEGIN
    IF current_app_org_id() IS NULL OR current_app_role() IS NULL OR current_app_role() NOT IN ('customer_support', 'admin') THEN
        RAISE EXCEPTION 'the staff of a clinic merges patients' USING ERRCODE = '42501';
    END IF;
    SELECT count(*) INTO v_live FROM (
        SELECT 1 FROM patient_org_profiles o
         WHERE o.organization_id = current_app_org_id() AND o.patient_id IN (p_from, p_into) AND o.deleted_at IS NULL AND o.status <> 'merged'
         ORDER BY o.patient_id FOR UPDATE) both_rows;
    IF v_live <> 2 THEN
        RAISE EXCEPTION 'no such two patients' USING ERRCODE = 'RX010';
    END IF;
    SELECT p.user_id INTO v_from FROM patients p WHERE p.id = p_from;
    SELECT p.user_id INTO v_into FROM patients p WHERE p.id = p_into;
    IF v_from IS NOT NULL AND v_into IS NOT NULL THEN
        RAISE EXCEPTION 'both have accounts' USING ERRCODE = 'RX011';
    ELSIF v_from IS NOT NULL THEN
        RAISE EXCEPTION 'the record with the account stays' USING ERRCODE = 'RX012';
    END IF;
END $$;

-- patient_merge_preview counts what would move, table by table.
CREATE FUNCTION patient_merge_preview(p_from uuid, p_into uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
DECLARE
    r      record;
    n      bigint;
    counts jsonb := '{}';
BEGIN
    PERFORM patient_merge_check(p_from, p_into);
    FOR r IN SELECT * FROM patient_references() LOOP
        EXECUTE format('SELECT count(*) FROM %s WHERE organization_id = $1 AND %I = $2', r.of_table, r.of_column)
            INTO n USING current_app_org_id(), p_from;
        IF n > 0 THEN
            counts := counts || jsonb_build_object(r.place, n);
        END IF;
    END LOOP;
    RETURN counts;
END $$;

-- patient_merge makes one of two patients of the context's clinic and answers what was moved.
CREATE FUNCTION patient_merge(p_id uuid, p_from uuid, p_into uuid, p_now timestamptz) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
DECLARE
    v_org   uuid := current_app_org_id();
    v_moved jsonb;
BEGIN
    PERFORM patient_merge_check(p_from, p_into);
    v_moved := patient_merge_move(v_org, p_from, p_into);
    INSERT INTO patient_merges (id, organization_id, from_patient_id, into_patient_id, moved, from_account_state, from_status, merged_at,
        merged_by, undo_until)
    SELECT p_id, v_org, p_from, p_into, v_moved, o.account_state, o.status, p_now, current_app_user_id(), p_now + interval '7 days'
      FROM patient_org_profiles o WHERE o.organization_id = v_org AND o.patient_id = p_from;
    UPDATE patient_org_profiles o SET status = 'merged', merged_into = p_into, deleted_at = p_now, account_state = 'none'
     WHERE o.organization_id = v_org AND o.patient_id = p_from;
    RETURN v_moved;
END $$;

-- patient_unmerge puts the rows of a standing merge back where they were. RX010: no such merge; RX013: too late; RX014: undone already, or one
-- of the two was merged on. What was added to the kept record since then stays with it.
CREATE FUNCTION patient_unmerge(p_id uuid, p_now timestamptz) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
DECLARE
    v_org uuid := current_app_org_id();
    m     patient_merges;
    r     record;
BEGIN
    IF v_org IS NULL OR current_app_role() IS NULL OR current_app_role() NOT IN ('customer_support', 'admin') THEN
        RAISE EXCEPTION 'the staff of a clinic merges patients' USING ERRCODE = '42501';
    END IF;
    SELECT * INTO m FROM patient_merges x WHERE x.organization_id = v_org AND x.id = p_id FOR UPDATE;
    IF m.id IS NULL THEN
        RAISE EXCEPTION 'no such merge' USING ERRCODE = 'RX010';
    ELSIF m.undone_at IS NOT NULL THEN
        RAISE EXCEPTION 'undone already' USING ERRCODE = 'RX014';
    ELSIF m.undo_until <= p_now THEN
        RAISE EXCEPTION 'too late' USING ERRCODE = 'RX013';
    END IF;
    PERFORM 1 FROM patient_org_profiles o WHERE o.organization_id = v_org AND o.patient_id IN (m.from_patient_id, m.into_patient_id)
      ORDER BY o.patient_id FOR UPDATE;
    IF EXISTS (SELECT 1 FROM patient_org_profiles o WHERE o.organization_id = v_org AND o.patient_id = m.into_patient_id AND o.status = 'merged') THEN
        RAISE EXCEPTION 'merged on' USING ERRCODE = 'RX014';
    END IF;
    UPDATE patient_org_profiles o SET status = m.from_status, merged_into = NULL, deleted_at = NULL, account_state = CASE m.from_account_state
            WHEN 'invited' THEN 'none' ELSE m.from_account_state END
     WHERE o.organization_id = v_org AND o.patient_id = m.from_patient_id;
    FOR r IN SELECT f.*, m.moved -> f.place AS ids FROM patient_references() f WHERE m.moved ? f.place LOOP
        EXECUTE format('UPDATE %s SET %I = $1 WHERE organization_id = $2 AND %I = $3 AND id IN (SELECT e::uuid FROM jsonb_array_elements_text($4) e)',
            r.of_table, r.of_column, r.of_column) USING m.from_patient_id, v_org, m.into_patient_id, r.ids;
    END LOOP;
    UPDATE patient_merges x SET undone_at = p_now, undone_by = current_app_user_id() WHERE x.organization_id = v_org AND x.id = p_id;
END $$;
GRANT EXECUTE ON FUNCTION patient_merge_preview(uuid, uuid), patient_merge(uuid, uuid, uuid, timestamptz), patient_unmerge(uuid, timestamptz)
    TO restartix_app;
