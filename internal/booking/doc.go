// Package booking is the way of a guest without an account: book a time, and look at the own booking with the link that came with it.
//
// It owns booking_links. The booking itself is a visit in state booked (package appointment) of a guest (package patient), and a task for
// the staff to call the guest (package task). All of it is one transaction of role system in the visitor's clinic.
//
// A hold is a courtesy: its signed token carries the slot, so booking works when the holds are away, and the database alone decides who
// is first. The link's secret has 256 bits and is stored as a hash; what it opens says when, where, with whom, and of the booker the
// first name only.
package booking
