// Package specialist says who provides care: the clinic's specialists, their specialties, and which login belongs to which specialist.
//
// It owns the public face of a specialist (specialists), what only the clinic reads (specialist_details: login, contact, stamp), the
// specialties and who practises them. It does not own working hours, services or visits. Removed rows stay, because past visits
// keep their names; a removed specialist loses the link to a login.
package specialist
