DROP FUNCTION signin_ticket_recovery(bytea, bytea, timestamptz), signin_ticket_totp(bytea, bigint, timestamptz),
    signin_ticket_try(bytea, timestamptz), signin_ticket_make(bytea, uuid, text, text[], timestamptz, timestamptz);
DROP TABLE mfa_tickets;
