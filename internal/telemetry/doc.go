// Package telemetry is the Telemetry API: it will receive what the Core API forwards (audit, use, errors, media) and keep
// it apart from the clinic's data. It knows no clinic package. So far it has no store, and says so.
package telemetry
