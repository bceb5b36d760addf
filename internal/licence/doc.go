// Package licence keeps the licences to practise of a clinic's specialists: which body issued them, until when they hold, and who
// checked them. It reminds of their end before it comes, and where the clinic wants it, it says on which days a specialist may not be
// offered.
//
// It owns specialist_licences and specialist_licence_alerts. It does not own who the specialists are, and it never cancels a visit: a visit
// of a specialist whose licence ended becomes a task for the staff.
package licence
