// Package seal encrypts single fields: phone numbers, personal numbers, second-factor secrets, keys of other services.
//
// A sealed value belongs to exactly one place. The organization, table, column and row are part of what is
// authenticated, so a value copied to another row, another column or another clinic does not open. The cipher is
// AES-256-GCM; the first byte names the format and the next four the key, then nonce, data and tag.
//
// A Ring holds every version of the key that may still be needed. New values use the primary version; old values name
// the version that opens them. A missing version, a wrong key or a changed byte is an error and nothing else: there is
// no path on which a value is stored or returned unsealed.
//
// A blind index lets a clinic look up a sealed value by equality. Its key is derived per clinic, so the same phone
// number looks different in two clinics and tables cannot be joined across them.
//
// The package reads no file and no environment: whoever starts the process hands in the document.
package seal
