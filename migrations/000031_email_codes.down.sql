DROP FUNCTION signin_notice_to(uuid, uuid), signin_email_verify(bytea, timestamptz), signin_password_reset(bytea, text, timestamptz),
    signin_link_use(bytea, text, timestamptz), signin_code_check(text, bytea, timestamptz), signin_code_prepare(uuid, bytea, timestamptz), signin_code_owner(uuid, timestamptz),
    signin_code_request(uuid, text, text, text, uuid, timestamptz, timestamptz);
DROP TABLE email_codes;
