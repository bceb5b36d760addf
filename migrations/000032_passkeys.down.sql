DROP FUNCTION signin_my_passkey_remove(uuid),
    signin_my_passkey_add(uuid, text, bytea, bytea, integer, text, uuid, text[], timestamptz), signin_my_passkeys(),
    signin_passkey_used(uuid, bytea, integer, timestamptz), signin_passkey(text, bytea), signin_ceremony_take(uuid, timestamptz),
    signin_ceremony_begin(uuid, text, text, jsonb, timestamptz, timestamptz);
DROP TABLE webauthn_ceremonies;
