DROP INDEX security_events_started;
DROP INDEX audit_log_actor;
DROP INDEX users_activity;
DROP INDEX users_name;
DROP INDEX users_created;
DROP INDEX staff_invitations_created;
DROP INDEX user_organizations_joined;
DROP FUNCTION member_add(uuid, text, text);
