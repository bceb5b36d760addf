// Package appointment is the visit, from booked to done.
//
// It owns the table appointments. A guest's booking is a visit in state booked without a patient; the staff takes it over (onboarding)
// and it becomes upcoming. The states and the ways between them are one pure table (state.go), and the database keeps the same table
// under everything. What was agreed at booking - price, length, buffers, until when the patient may cancel - is copied into the row and
// never follows the catalogue again.
//
// A start is taken like this: lock the specialist, ask the engine once more, write. The exclusion constraints have the last word, so
// a lost hold, a race or a statement by hand cannot book a specialist or a patient twice. The locks come before everything else that
// could be waited for, specialists in the order of their ids, so that two bookings never wait for each other in a circle.
//
// Times are instants; timezone is where the visit takes place, for showing. Facts: Booked, Onboarded, Confirmed, Cancelled.
package appointment
