// Package live carries pushes to everybody who looks at a screen of a clinic: a slot was held, an appointment moved. It knows no
// such word: a push has a type, tags that say who may see it, and data.
//
// A push may be lost; what is true stands in the database. Whoever may have missed one is told with a single push of the type
// resync and asks the API again. That happens when a reader is too slow, when the place it left off is no longer kept,
// when the connection to Redis broke, and when a publisher could not reach Redis.
//
// Each clinic has one Redis stream: the pushes of the last five minutes, at most 1,000 of them, from which a
// reader who comes back is served. Publishing appends and announces in one script, so both have the same order. Every process has
// one connection that hears the announcements of the clinics it has readers for, and hands them on in memory.
//
// The id of a push is a ULID made of the stream's own entry id (48 bits of milliseconds, 32 bits of sequence) and 48 random bits:
// it sorts like the stream, says where its entry stands, and is not mistaken for the entry of an earlier, lost stream.
//
// Nothing personal belongs into a push: ids, times and enumerations only.
package live
