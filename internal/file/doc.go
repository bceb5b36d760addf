// Package file keeps what people upload: pictures, scans, attachments. Every binary is private, checked before anybody can read it, and
// belongs to exactly one record.
//
// It owns the table files and decides the storage keys. It does not own the records that files belong to: their packages call AttachTx
// through an interface of their own, and the policies of files say who reads a file by asking whether the caller sees its owner.
//
// Life of a file: pending (a form was signed, five minutes to use it) → ready (the bytes were read again, measured, recognised, and
// pictures written anew without what a camera adds) or rejected (and its bytes removed) → deleted (bytes follow with the sweep). A
// browser uploads under a key of its own that ends in .upload; what is served lies under the final key, which no form can write, so
// a form that is still valid after the confirmation changes nothing.
//
// Reading goes through links that Core API serves itself: bound to the login session of whoever asked, for five minutes. Pictures of
// the clinic's public face are the exception; visitors read them by id.
package file
