// Package mail sends messages to one person at a time. Words and layout are here too, in Romanian and English, so that
// every message of the product looks and speaks alike; whom to write to and when is decided elsewhere.
//
// A message never holds health data. Nothing about a recipient reaches a log or an error of this package.
package mail

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Message is one mail to one recipient. Text is required; HTML is its twin for clients that show it.
type Message struct {
	// To is a bare address, "ana@example.ro".
	To      string
	Subject string
	Text    string
	HTML    string
	// FromName is what the recipient sees as the sender, normally the clinic; empty takes the installation's. The
	// address of the sender is always the installation's, or its mail server would refuse it.
	FromName    string
	Attachments []Attachment
}

// Attachment is a small file, a calendar entry for example.
type Attachment struct {
	// Name is a plain file name, ContentType a full media type ("text/calendar; method=REQUEST; charset=utf-8").
	Name        string
	ContentType string
	Content     []byte
}

// Sender hands a message to the outside. It returns when the message was taken, which is not yet delivery. An error
// that is ErrRejected will be the same next time; any other is worth another try.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// ErrRejected means that the message or its recipient was refused for good.
var ErrRejected = errors.New("mail was rejected for good")

const (
	maxSubject     = 300
	maxName        = 200
	maxAttachments = 5 << 20
)

var (
	fileName  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)
	mediaType = regexp.MustCompile(`^[a-z]+/[a-z0-9.+-]+(; ?[a-z]+=[A-Za-z0-9_-]+)*$`)
)

// Check refuses what could change the headers of a mail or cannot be sent: control characters, more than one
// recipient, an empty text. Every Sender calls it first. The error says which part is wrong and never quotes it.
func (m Message) Check() error {
	switch {
	case !isBareAddress(m.To):
		return refuse("recipient is not one bare address")
	case m.Subject == "" || len(m.Subject) > maxSubject || !isOneLine(m.Subject):
		return refuse("subject is empty, too long or not one line")
	case len(m.FromName) > maxName || !isOneLine(m.FromName):
		return refuse("sender's name is too long or not one line")
	case strings.TrimSpace(m.Text) == "":
		return refuse("text is missing")
	case !utf8.ValidString(m.Text) || !utf8.ValidString(m.HTML):
		return refuse("body is not UTF-8")
	}
	size := 0
	for _, a := range m.Attachments {
		size += len(a.Content)
		if !fileName.MatchString(a.Name) || !mediaType.MatchString(a.ContentType) || len(a.Content) == 0 {
			return refuse("attachment has no usable name, type or content")
		}
	}
	if size > maxAttachments {
		return refuse("attachments are too large")
	}
	return nil
}

func refuse(why string) error { return fmt.Errorf("checking mail: %s: %w", why, ErrRejected) }

func isBareAddress(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && a.Name == "" && len(s) <= 254 && isOneLine(s) && !strings.ContainsAny(s, " \"")
}

// isOneLine also refuses the controls that some clients treat as line ends or that turn text around.
func isOneLine(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'
	})
}
