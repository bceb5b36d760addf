ALTER TABLE specialist_licences DROP COLUMN file_id;
