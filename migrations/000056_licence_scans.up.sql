-- The scan of a licence. The file belongs to the licence; the files' own policies let the clinic's office read it.
ALTER TABLE specialist_licences ADD COLUMN file_id uuid,
    ADD CONSTRAINT specialist_licences_file_fk FOREIGN KEY (organization_id, file_id) REFERENCES files (organization_id, id);
CREATE INDEX specialist_licences_of_file ON specialist_licences (organization_id, file_id) WHERE file_id IS NOT NULL;
GRANT UPDATE (file_id) ON specialist_licences TO restartix_app;
