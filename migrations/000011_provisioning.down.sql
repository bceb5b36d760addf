DROP FUNCTION user_seen();
DROP FUNCTION user_provision(uuid, uuid, text, text, text, boolean, text, text[]);
DROP FUNCTION invitations_accept(uuid);
DROP FUNCTION signin_principal(text, text, uuid);
