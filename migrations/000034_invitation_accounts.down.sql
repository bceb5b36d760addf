DROP FUNCTION signin_invitation_accept(bytea, uuid, uuid, text, text, text, text, timestamptz),
    signin_account_make(uuid, uuid, text, text, text, text, timestamptz), signin_invitation(bytea, timestamptz);
