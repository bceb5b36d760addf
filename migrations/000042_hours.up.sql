-- When a specialist works: the week in local wall-clock time, and single days that differ. Times are minutes since local midnight,
-- 0 to 1440 (24:00), so that a range is half-open and 24:00 is an ordinary end. Visitors and patients never read these rows: what they
-- see is the availability made from them, by role system.
CREATE TABLE specialist_hours (
    id              uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    specialist_id   uuid NOT NULL,
    weekday         smallint NOT NULL CONSTRAINT specialist_hours_weekday_range CHECK (weekday BETWEEN 1 AND 7),
    start_local     integer NOT NULL,
    end_local       integer NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT specialist_hours_org_id_key UNIQUE (organization_id, id),
    CONSTRAINT specialist_hours_specialist_fk FOREIGN KEY (organization_id, specialist_id) REFERENCES specialists (organization_id, id),
    CONSTRAINT specialist_hours_range CHECK (0 <= start_local AND start_local < end_local AND end_local <= 1440),
    -- Touching ranges are allowed: int4range is half-open.
    CONSTRAINT specialist_hours_no_overlap EXCLUDE USING gist
        (organization_id WITH =, specialist_id WITH =, weekday WITH =, int4range(start_local, end_local) WITH &&)
);
CREATE INDEX specialist_hours_week ON specialist_hours (organization_id, specialist_id, weekday, start_local);
ALTER TABLE specialist_hours ENABLE ROW LEVEL SECURITY;
ALTER TABLE specialist_hours FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, DELETE ON specialist_hours TO restartix_app;
CREATE POLICY specialist_hours_staff ON specialist_hours FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) IN ('specialist', 'customer_support', 'system') AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY specialist_hours_admin ON specialist_hours FOR ALL TO restartix_app
    USING ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY specialist_hours_own ON specialist_hours FOR ALL TO restartix_app
    USING ((SELECT current_app_role()) = 'specialist' AND organization_id = (SELECT current_app_org_id())
        AND specialist_id = (SELECT current_app_specialist_id()))
    WITH CHECK ((SELECT current_app_role()) = 'specialist' AND organization_id = (SELECT current_app_org_id())
        AND specialist_id = (SELECT current_app_specialist_id()));
CREATE POLICY specialist_hours_break_glass ON specialist_hours FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'superadmin' AND organization_id = (SELECT current_app_org_id()) AND (SELECT app_break_glass_active()));

-- One local day that differs. Available with ranges replaces the day's hours; not available with ranges takes them away; either
-- without ranges empties the day. ranges is a list of {"start": "HH:MM", "end": "HH:MM"}.
CREATE TABLE specialist_date_overrides (
    id              uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    specialist_id   uuid NOT NULL,
    date            date NOT NULL,
    available       boolean NOT NULL,
    ranges          jsonb NOT NULL DEFAULT '[]' CONSTRAINT specialist_date_overrides_ranges_list CHECK (jsonb_typeof(ranges) = 'array'),
    reason          text CONSTRAINT specialist_date_overrides_reason_length CHECK (length(reason) <= 300),
    -- Days that were entered together share a group.
    group_id        uuid,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    row_version     bigint NOT NULL DEFAULT 1,
    CONSTRAINT specialist_date_overrides_org_id_key UNIQUE (organization_id, id),
    CONSTRAINT specialist_date_overrides_specialist_fk FOREIGN KEY (organization_id, specialist_id) REFERENCES specialists (organization_id, id),
    CONSTRAINT specialist_date_overrides_day_key UNIQUE (organization_id, specialist_id, date, available)
);
CREATE TRIGGER specialist_date_overrides_touch BEFORE UPDATE ON specialist_date_overrides FOR EACH ROW EXECUTE FUNCTION touch_row();
ALTER TABLE specialist_date_overrides ENABLE ROW LEVEL SECURITY;
ALTER TABLE specialist_date_overrides FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (ranges, reason, group_id), DELETE ON specialist_date_overrides TO restartix_app;
CREATE POLICY specialist_date_overrides_staff ON specialist_date_overrides FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) IN ('specialist', 'customer_support', 'system') AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY specialist_date_overrides_admin ON specialist_date_overrides FOR ALL TO restartix_app
    USING ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY specialist_date_overrides_own ON specialist_date_overrides FOR ALL TO restartix_app
    USING ((SELECT current_app_role()) = 'specialist' AND organization_id = (SELECT current_app_org_id())
        AND specialist_id = (SELECT current_app_specialist_id()))
    WITH CHECK ((SELECT current_app_role()) = 'specialist' AND organization_id = (SELECT current_app_org_id())
        AND specialist_id = (SELECT current_app_specialist_id()));
CREATE POLICY specialist_date_overrides_break_glass ON specialist_date_overrides FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'superadmin' AND organization_id = (SELECT current_app_org_id()) AND (SELECT app_break_glass_active()));
