INSERT INTO user_passwords (user_id, password_hash, changed_at) VALUES
    ('{patient}', '$argon2id$CNRY-{X}-user_passwords-password_hash', now());
INSERT INTO totp_secrets (user_id, secret_encrypted, key_version, created_at, confirmed_at) VALUES
    ('{patient}', 'CNRY-{X}-totp_secrets-secret_encrypted', 1, now(), now());
INSERT INTO recovery_codes (user_id, code_hash, created_at) VALUES ('{patient}', sha256('CNRY-{X}-recovery_codes-code_hash'), now());
INSERT INTO webauthn_credentials (id, user_id, rp_id, credential_id, record_encrypted, key_version, name, created_at) VALUES
    ('{id 1}', '{patient}', 'CNRY-{X}-webauthn_credentials-rp_id', 'CNRY-{X}-webauthn_credentials-credential_id',
     'CNRY-{X}-webauthn_credentials-record_encrypted', 1, 'CNRY-{X}-webauthn_credentials-name', now());
