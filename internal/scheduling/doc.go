// Package scheduling says when a specialist can be booked: weekly hours, date overrides, the availability engine and the short holds
// on slots while a guest fills in a form.
//
// It owns the hours and overrides of specialists and the log of holds. It does not own appointments: what is busy comes in
// through a one-method interface. The engine is a pure function, so that every answer can be explained and checked
// against a slow oracle. Times are half-open: a slot that ends at 10:00 leaves 10:00 free.
package scheduling
