package file

import (
	"bytes"
)

// sniffed is what the bytes of an upload turned out to be: the type and bytes to store, and the size of a picture.
type sniffed struct {
	contentType   string
	content       []byte
	width, height int
}

// sniff recognises the five types that the product accepts by their first bytes, and nothing else: "" is everything unknown. What a file
// is called or said to be plays no part.
func sniff(content []byte) string {
	switch {
	case bytes.HasPrefix(content, []byte("\x89PNG\r\n\x1a\n")):
		return png
	case bytes.HasPrefix(content, []byte{0xff, 0xd8, 0xff}):
		return jpeg
	case len(content) >= 16 && bytes.HasPrefix(content, []byte("RIFF")) && string(content[8:12]) == "WEBP":
		return webp
	case bytes.HasPrefix(content, []byte("%PDF-1.")), bytes.HasPrefix(content, []byte("%PDF-2.")):
		return pdf
	case len(content) >= 16 && string(content[4:8]) == "ftyp" && isVideoBrand(string(content[8:12])):
		return mp4
	}
	return ""
}

// isVideoBrand leaves out the brands of the same container that are pictures (heic, avif) or camera raw files.
func isVideoBrand(brand string) bool {
	switch brand {
	case "isom", "iso2", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1", "M4V ", "dash":
		return true
	}
	return false
}

// inspect decides about an upload: ErrTypeMismatch when it is not what was declared or does not hold together as that, ErrDimensions
// for pictures that are too large to be opened, ErrActive for documents that do more than show pages. Pictures come back written anew.
func inspect(content []byte, declared string, policy Policy) (sniffed, error) {
	found := sniff(content)
	if found == "" || found != declared || !policy.accepts(found) {
		return sniffed{}, ErrTypeMismatch
	}
	switch found {
	case png, jpeg, webp:
		return redraw(content, found, policy.MaxSide)
	case pdf:
		if err := checkDocument(content); err != nil {
			return sniffed{}, err
		}
	case mp4:
		if err := checkVideo(content); err != nil {
			return sniffed{}, err
		}
	}
	return sniffed{contentType: found, content: content}, nil
}
