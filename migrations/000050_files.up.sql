-- Every uploaded binary: what was declared, what was found, whom it belongs to. The bytes lie in the object store under a key that only
-- one function makes. A row begins as pending, becomes ready when its bytes were read and checked, and is attached to the one record that
-- needs it. Who reads the record reads the file: a migration that adds a kind of owner adds the policy that says so
-- (owner_type = '…' AND EXISTS the owner), because the rows of that owner know it best. A file without an owner is its uploader's alone.
CREATE TABLE files (
    id                     uuid PRIMARY KEY,
    organization_id        uuid NOT NULL REFERENCES organizations (id),
    purpose                text NOT NULL CONSTRAINT files_purpose_known CHECK (purpose IN
                           ('org_logo', 'avatar', 'cover', 'signature_image', 'licence_scan', 'guardian_evidence', 'service_attachment')),
    filename               text NOT NULL CONSTRAINT files_filename_length CHECK (length(filename) BETWEEN 1 AND 255 AND filename !~ '[/\\[:cntrl:]]'),
    content_type           text NOT NULL CONSTRAINT files_content_type_format CHECK (content_type ~ '^[a-z]+/[a-z0-9.+-]+$' AND length(content_type) <= 100),
    -- What the browser announced; the form that uploads accepts nothing else.
    upload_size            bigint NOT NULL CONSTRAINT files_upload_size_range CHECK (upload_size > 0),
    upload_sha256          bytea NOT NULL CONSTRAINT files_upload_sha256_length CHECK (length(upload_sha256) = 32),
    -- What is stored and served; pictures are written anew, so it differs.
    detected_type          text CONSTRAINT files_detected_type_format CHECK (detected_type ~ '^[a-z]+/[a-z0-9.+-]+$'),
    size                   bigint CONSTRAINT files_size_range CHECK (size > 0),
    sha256                 bytea CONSTRAINT files_sha256_length CHECK (length(sha256) = 32),
    width                  integer CONSTRAINT files_width_range CHECK (width > 0),
    height                 integer CONSTRAINT files_height_range CHECK (height > 0),
    storage_key            text NOT NULL CONSTRAINT files_storage_key_format CHECK (storage_key ~ '^org/[0-9a-f-]{36}/[a-z_]+/[0-9]{4}/[0-9]{2}/[0-9a-f-]{36}$'),
    status                 text NOT NULL DEFAULT 'pending'
                           CONSTRAINT files_status_known CHECK (status IN ('pending', 'ready', 'rejected', 'quarantined', 'deleted')),
    -- The code that a rejected upload was refused with.
    rejection              text CONSTRAINT files_rejection_format CHECK (rejection ~ '^[a-z0-9_]{3,60}$'),
    owner_type             text CONSTRAINT files_owner_type_format CHECK (owner_type ~ '^[a-z_]{3,40}$'),
    owner_id               uuid,
    uploaded_by            uuid NOT NULL REFERENCES users (id),
    retention_until        date,
    legal_hold             boolean NOT NULL DEFAULT false,
    expires_unconfirmed_at timestamptz NOT NULL,
    confirmed_at           timestamptz,
    deleted_at             timestamptz,
    -- When the bytes of the upload, and those of the file itself, were taken out of the store for good.
    upload_removed_at      timestamptz,
    removed_at             timestamptz,
    created_at             timestamptz NOT NULL DEFAULT now(),
    updated_at             timestamptz NOT NULL DEFAULT now(),
    row_version            bigint NOT NULL DEFAULT 1,
    CONSTRAINT files_org_id_key UNIQUE (organization_id, id),
    CONSTRAINT files_storage_key_own CHECK (starts_with(storage_key, 'org/' || organization_id::text || '/' || purpose || '/')
        AND right(storage_key, 36) = id::text),
    CONSTRAINT files_owner_whole CHECK ((owner_type IS NULL) = (owner_id IS NULL)),
    CONSTRAINT files_owner_ready CHECK (owner_id IS NULL OR status IN ('ready', 'deleted')),
    CONSTRAINT files_ready_whole CHECK (status <> 'ready' OR detected_type IS NOT NULL AND size IS NOT NULL AND sha256 IS NOT NULL
        AND confirmed_at IS NOT NULL),
    CONSTRAINT files_rejected_whole CHECK ((status = 'rejected') = (rejection IS NOT NULL)),
    CONSTRAINT files_deleted_whole CHECK ((status = 'deleted') = (deleted_at IS NOT NULL))
);
CREATE INDEX files_of_owner ON files (organization_id, owner_type, owner_id) WHERE owner_id IS NOT NULL;
CREATE INDEX files_of_uploader ON files (organization_id, uploaded_by) WHERE owner_id IS NULL;
CREATE INDEX files_to_sweep ON files (expires_unconfirmed_at, organization_id) WHERE upload_removed_at IS NULL OR removed_at IS NULL AND status IN ('rejected', 'deleted');
CREATE TRIGGER files_touch BEFORE UPDATE ON files FOR EACH ROW EXECUTE FUNCTION touch_row();
ALTER TABLE files ENABLE ROW LEVEL SECURITY;
ALTER TABLE files FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, DELETE, UPDATE (detected_type, size, sha256, width, height, status, rejection, owner_type, owner_id, confirmed_at,
    deleted_at, upload_removed_at, removed_at) ON files TO restartix_app;

-- An upload, until it is attached.
CREATE POLICY files_upload ON files FOR INSERT TO restartix_app
    WITH CHECK ((SELECT current_app_role()) IN ('patient', 'specialist', 'customer_support', 'admin')
        AND organization_id = (SELECT current_app_org_id()) AND uploaded_by = (SELECT current_app_user_id()) AND owner_id IS NULL);
CREATE POLICY files_uploader ON files FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) IN ('patient', 'specialist', 'customer_support', 'admin')
        AND organization_id = (SELECT current_app_org_id()) AND uploaded_by = (SELECT current_app_user_id()) AND owner_id IS NULL);
-- The uploader finishes, attaches and takes back; an administrator lets go of what the clinic's records no longer need. Both act on rows
-- that they read, and no more.
CREATE POLICY files_uploader_change ON files FOR UPDATE TO restartix_app
    USING ((SELECT current_app_role()) IN ('patient', 'specialist', 'customer_support', 'admin')
        AND organization_id = (SELECT current_app_org_id()) AND uploaded_by = (SELECT current_app_user_id()))
    WITH CHECK ((SELECT current_app_role()) IN ('patient', 'specialist', 'customer_support', 'admin')
        AND organization_id = (SELECT current_app_org_id()) AND uploaded_by = (SELECT current_app_user_id()));
CREATE POLICY files_staff_change ON files FOR UPDATE TO restartix_app
    USING ((SELECT current_app_role()) IN ('customer_support', 'admin') AND organization_id = (SELECT current_app_org_id())
        AND owner_id IS NOT NULL)
    WITH CHECK ((SELECT current_app_role()) IN ('customer_support', 'admin') AND organization_id = (SELECT current_app_org_id())
        AND owner_id IS NOT NULL);

-- Owners that exist: the clinic, its specialists, its services. Their own policies decide who sees them.
CREATE POLICY files_of_clinic ON files FOR SELECT TO restartix_app
    USING (organization_id = (SELECT current_app_org_id()) AND owner_type = 'organization' AND purpose = 'org_logo'
        AND (status = 'ready' OR (SELECT current_app_role()) NOT IN ('anonymous', 'patient')) AND owner_id = organization_id AND EXISTS (SELECT 1 FROM organizations o WHERE o.id = files.organization_id));
CREATE POLICY files_of_specialist ON files FOR SELECT TO restartix_app
    USING (organization_id = (SELECT current_app_org_id()) AND owner_type = 'specialist' AND purpose IN ('avatar', 'cover')
        AND (status = 'ready' OR (SELECT current_app_role()) NOT IN ('anonymous', 'patient'))
        AND EXISTS (SELECT 1 FROM specialists s WHERE s.organization_id = files.organization_id AND s.id = files.owner_id));
CREATE POLICY files_of_specialist_details ON files FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) IN ('specialist', 'customer_support', 'admin') AND organization_id = (SELECT current_app_org_id())
        AND owner_type = 'specialist' AND purpose = 'signature_image'
        AND EXISTS (SELECT 1 FROM specialist_details d WHERE d.organization_id = files.organization_id AND d.specialist_id = files.owner_id));
CREATE POLICY files_of_service ON files FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) <> 'anonymous' AND organization_id = (SELECT current_app_org_id()) AND owner_type = 'service'
        AND purpose = 'service_attachment' AND (status = 'ready' OR (SELECT current_app_role()) <> 'patient')
        AND EXISTS (SELECT 1 FROM services s WHERE s.organization_id = files.organization_id AND s.id = files.owner_id));
-- Papers: those who upload them also read them. The rows they belong to may add readers.
CREATE POLICY files_of_records ON files FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) IN ('customer_support', 'admin') AND organization_id = (SELECT current_app_org_id())
        AND purpose IN ('licence_scan', 'guardian_evidence', 'service_attachment') AND owner_id IS NOT NULL);
CREATE POLICY files_break_glass ON files FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'superadmin' AND organization_id = (SELECT current_app_org_id()) AND (SELECT app_break_glass_active()));
-- The sweep of a clinic.
CREATE POLICY files_system ON files FOR ALL TO restartix_app
    USING ((SELECT current_app_role()) = 'system' AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) = 'system' AND organization_id = (SELECT current_app_org_id()));
