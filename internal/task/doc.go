// Package task is work that a person of the clinic has to do: call a guest back, look at two rows that may be one patient.
//
// It owns the table tasks. A task names its subject by type and id and copies nothing of it. Whoever knows that something is to be done
// adds a task in the own transaction (AddTx); what settles the subject closes its tasks, by hand or by a fact that this package listens
// to. There is one open task of a kind about one subject.
package task
