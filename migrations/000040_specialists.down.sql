DROP TABLE specialist_specialties;
DROP FUNCTION current_app_specialist_id();
DROP TABLE specialist_details;
DROP TABLE specialists;
DROP TABLE specialties;
