DROP FUNCTION signin_handoff_redeem(bytea, uuid, text, bytea, timestamptz, timestamptz), signin_handoff_make(bytea, uuid, uuid, text, timestamptz);
DROP TABLE handoff_codes;
