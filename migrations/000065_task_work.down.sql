DROP TRIGGER tasks_told ON tasks;
DROP FUNCTION tasks_told();
DROP FUNCTION task_assignees();
DROP INDEX tasks_created;
DROP INDEX tasks_assignee;
REVOKE UPDATE (due_at) ON tasks FROM restartix_app;
