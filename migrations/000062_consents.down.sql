DROP FUNCTION patient_share(boolean, uuid);
ALTER TABLE patient_org_profiles DROP CONSTRAINT patient_org_profiles_sharing_fkey;
UPDATE patient_org_profiles SET sharing_consent_id = NULL WHERE sharing_consent_id IS NOT NULL;
DROP TABLE consents;
DROP FUNCTION consents_frozen();
DROP TRIGGER organizations_consent_types ON organizations;
DROP FUNCTION consent_types_seed();
DROP FUNCTION consent_types_make(uuid);
DROP TABLE consent_types;
