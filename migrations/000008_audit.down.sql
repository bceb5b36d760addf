DROP FUNCTION security_event_record(text, text, text, text, text);
DROP TABLE security_events;
DROP FUNCTION audit_append(jsonb);
DROP FUNCTION audit_head();
DROP TABLE audit_heads;
DROP TABLE audit_log;
DROP FUNCTION refuse_change();
