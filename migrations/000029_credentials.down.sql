DROP FUNCTION signin_my_totp_disable(), signin_my_totp_activate(bigint, bytea[], uuid, text[], timestamptz),
    signin_my_totp_begin(bytea, integer, timestamptz), signin_my_password_change(text, uuid, timestamptz),
    signin_password_write(uuid, text, uuid, timestamptz), signin_my_credentials(), signin_account(text);
DROP TABLE webauthn_credentials;
DROP TABLE recovery_codes;
DROP TABLE totp_secrets;
DROP TABLE user_passwords;
