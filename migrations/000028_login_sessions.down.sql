DROP FUNCTION signin_sessions_end(uuid, text, timestamptz), signin_my_sessions_end(uuid, uuid, text, timestamptz),
    signin_sign_out(bytea, timestamptz), signin_refresh(bytea, bytea, text, timestamptz, timestamptz),
    signin_session_start(uuid, uuid, uuid, text, text, text[], text, text, bytea, timestamptz, timestamptz),
    login_session_active(uuid);
DROP TABLE refresh_tokens;
DROP TABLE login_sessions;
