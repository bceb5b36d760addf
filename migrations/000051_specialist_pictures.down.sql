DROP FUNCTION specialist_set_picture(uuid, text, uuid);
DROP POLICY files_specialist_change ON files;
ALTER TABLE specialist_details DROP COLUMN signature_file_id;
ALTER TABLE specialists DROP COLUMN avatar_file_id;
