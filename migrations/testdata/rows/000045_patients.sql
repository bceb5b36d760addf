INSERT INTO patients (id, user_id, first_name, last_name, email, phone_encrypted, phone_key_version) VALUES
    ('{id 11}', '{patient}', 'CNRY-{X}-patients-first_name', 'CNRY-{X}-patients-last_name', 'CNRY-{X}-patients-email@example.test', 'CNRY-{X}-patients-phone_encrypted', 1),
    ('{id 12}', NULL, 'CNRY-{X}-patients-first_name', 'CNRY-{X}-patients-last_name', NULL, NULL, NULL);
INSERT INTO patient_org_profiles (id, organization_id, patient_id, display_first_name, display_last_name, name_key, contact_email, contact_phone_encrypted,
    contact_phone_key_version, contact_phone_bidx, file_number, source, account_state) VALUES
    ('{id 21}', '{org}', '{id 11}', 'CNRY-{X}-patient_org_profiles-display_first_name', 'CNRY-{X}-patient_org_profiles-display_last_name', 'CNRY-{X}-patient_org_profiles-name_key',
     'CNRY-{X}-patient_org_profiles-contact_email@example.test', 'CNRY-{X}-patient_org_profiles-contact_phone_encrypted', 1, sha256('{X}'), 'CNRY-{X}-1', 'staff', 'active'),
    ('{id 22}', '{org}', '{id 12}', 'CNRY-{X}-patient_org_profiles-display_first_name', 'CNRY-{X}-patient_org_profiles-display_last_name', 'CNRY-{X}-patient_org_profiles-name_key',
     NULL, NULL, NULL, NULL, 'CNRY-{X}-2', 'public_booking', 'invited');
INSERT INTO guest_contacts (id, organization_id, first_name, last_name, name_key, phone_encrypted, phone_key_version, phone_bidx, email, converted_patient_id) VALUES
    ('{id 31}', '{org}', 'CNRY-{X}-guest_contacts-first_name', 'CNRY-{X}-guest_contacts-last_name', 'CNRY-{X}-guest_contacts-name_key',
     'CNRY-{X}-guest_contacts-phone_encrypted', 1, sha256('{X}'), 'CNRY-{X}-guest_contacts-email@example.test', '{id 12}');
INSERT INTO patient_invitations (id, organization_id, patient_id, email, invited_by, token_hash, expires_at) VALUES
    ('{id 41}', '{org}', '{id 12}', 'CNRY-{X}-patient_invitations-email@example.test', '{admin}', sha256('CNRY-{X}-patient_invitations-token_hash'), now() + interval '72 hours');
