package file

// FileRejected tells that an upload was not what it claimed to be. Reason is the code of the refusal.
type FileRejected struct {
	FileID  ID      `json:"file_id"`
	Purpose Purpose `json:"purpose"`
	Reason  string  `json:"reason"`
}

// EventType implements event.Fact.
func (FileRejected) EventType() string { return "file.rejected" }

// Aggregate implements event.Fact.
func (e FileRejected) Aggregate() (kind, id string) { return "file", e.FileID.String() }
