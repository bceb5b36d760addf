DROP FUNCTION patient_lookup(text[]);
DROP FUNCTION patient_search(text[], bytea, text, text, text, text);
DROP INDEX patient_org_profiles_search;
DROP EXTENSION btree_gin;
