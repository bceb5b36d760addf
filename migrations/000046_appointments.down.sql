DROP FUNCTION patient_profiles(uuid[]);
DROP POLICY patient_org_profiles_linked ON patient_org_profiles;
DROP FUNCTION app_linked_patient(uuid);
DROP TABLE appointments;
DROP FUNCTION appointments_guard();
