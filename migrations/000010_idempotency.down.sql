DROP FUNCTION idempotency_finish(text, text, bytea, integer, bytea, text, integer);
DROP FUNCTION idempotency_begin(text, text, bytea, bytea);
DROP TABLE idempotency_keys;
