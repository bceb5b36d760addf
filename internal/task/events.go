package task

// ClosedFact tells that a task is done, by hand or because its subject was settled.
type ClosedFact struct {
	TaskID      ID     `json:"task_id"`
	Kind        Kind   `json:"kind"`
	SubjectType string `json:"subject_type"`
	SubjectID   string `json:"subject_id"`
}

// EventType implements event.Fact.
func (ClosedFact) EventType() string { return "task.closed" }

// Aggregate implements event.Fact.
func (e ClosedFact) Aggregate() (kind, id string) { return "task", e.TaskID.String() }
