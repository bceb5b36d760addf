package mailtest

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/restartix/platform/internal/mail"
)

// Conformance is what every Sender must do. taken answers the messages that arrived so far, read back.
func Conformance(t *testing.T, sender mail.Sender, taken func() []mail.Message) {
	t.Helper()
	good := mail.Message{
		To: "ana@example.ro", Subject: "Programarea dumneavoastră: „miercuri”, ora 10", FromName: "Clinica Mișcarea, Iași",
		Text: "Bună ziua,\nȘedința este confirmată.\n.\nUn rând cu punct.\n", HTML: "<p>Ședința este confirmată.</p>\n",
		Attachments: []mail.Attachment{{
			Name: "visit.ics", ContentType: "text/calendar; method=REQUEST; charset=utf-8", Content: []byte("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"),
		}},
	}
	t.Run("arrives as it was given", func(t *testing.T) {
		before := len(taken())
		if err := sender.Send(t.Context(), good); err != nil {
			t.Fatal(err)
		}
		got := taken()[before:]
		if len(got) != 1 {
			t.Fatalf("%d messages arrived", len(got))
		}
		same(t, got[0], good)
	})
	t.Run("text alone is enough", func(t *testing.T) {
		plain := mail.Message{To: "ana@example.ro", Subject: "Code", Text: "123456\n"}
		before := len(taken())
		if err := sender.Send(t.Context(), plain); err != nil {
			t.Fatal(err)
		}
		if got := taken()[before:]; len(got) != 1 || got[0].Text != plain.Text || got[0].HTML != "" {
			t.Errorf("%+v", got)
		}
	})
	t.Run("refuses what could forge a header", func(t *testing.T) { refusals(t, sender, taken, good) })
	t.Run("does not send for a caller that has gone", func(t *testing.T) {
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		before := len(taken())
		if err := sender.Send(gone, good); !errors.Is(err, context.Canceled) || errors.Is(err, mail.ErrRejected) {
			t.Errorf("%v", err)
		}
		if len(taken()) != before {
			t.Error("sent all the same")
		}
	})
}

func same(t *testing.T, got, want mail.Message) {
	t.Helper()
	if got.To != want.To || got.Subject != want.Subject || got.FromName != want.FromName {
		t.Errorf("headers: %q %q %q", got.To, got.Subject, got.FromName)
	}
	if got.Text != want.Text || got.HTML != want.HTML {
		t.Errorf("body: %q %q", got.Text, got.HTML)
	}
	if len(got.Attachments) != 1 || got.Attachments[0].Name != want.Attachments[0].Name ||
		!strings.HasPrefix(got.Attachments[0].ContentType, "text/calendar; method=REQUEST") ||
		!bytes.Equal(got.Attachments[0].Content, want.Attachments[0].Content) {
		t.Errorf("attachments: %+v", got.Attachments)
	}
}

func refusals(t *testing.T, sender mail.Sender, taken func() []mail.Message, good mail.Message) {
	before := len(taken())
	for name, change := range map[string]func(*mail.Message){
		"recipient with a header":  func(m *mail.Message) { m.To = "ana@example.ro\r\nBcc: x@example.ro" },
		"two recipients":           func(m *mail.Message) { m.To = "ana@example.ro, ion@example.ro" },
		"named recipient":          func(m *mail.Message) { m.To = "Ana <ana@example.ro>" },
		"no recipient":             func(m *mail.Message) { m.To = "" },
		"no address":               func(m *mail.Message) { m.To = "ana" },
		"subject with a header":    func(m *mail.Message) { m.Subject = "x\r\nBcc: x@example.ro" },
		"subject with a line feed": func(m *mail.Message) { m.Subject = "x\nBcc: x@example.ro" },
		"subject with a NUL":       func(m *mail.Message) { m.Subject = "x\x00" },
		"subject turned around":    func(m *mail.Message) { m.Subject = "x\u202e" },
		"subject of two lines":     func(m *mail.Message) { m.Subject = "x\u2028y" },
		"subject not UTF-8":        func(m *mail.Message) { m.Subject = "x\xff" },
		"no subject":               func(m *mail.Message) { m.Subject = "" },
		"long subject":             func(m *mail.Message) { m.Subject = strings.Repeat("x", 301) },
		"sender's name of 2 lines": func(m *mail.Message) { m.FromName = "Clinic\r\nReply-To: x@example.ro" },
		"no text":                  func(m *mail.Message) { m.Text = " \n" },
		"attachment in a folder": func(m *mail.Message) {
			m.Attachments = []mail.Attachment{{Name: "../x.ics", ContentType: "text/calendar", Content: []byte("x")}}
		},
		"attachment with a header": func(m *mail.Message) {
			m.Attachments = []mail.Attachment{{Name: "x.ics", ContentType: "text/calendar\r\nX: y", Content: []byte("x")}}
		},
		"attachment without type": func(m *mail.Message) { m.Attachments = []mail.Attachment{{Name: "x.ics", Content: []byte("x")}} },
		"attachment far too large": func(m *mail.Message) {
			m.Attachments = []mail.Attachment{{Name: "x.ics", ContentType: "text/calendar", Content: make([]byte, 6<<20)}}
		},
		"attachment without a byte": func(m *mail.Message) {
			m.Attachments = []mail.Attachment{{Name: "x.ics", ContentType: "text/calendar"}}
		},
	} {
		m := good
		change(&m)
		err := sender.Send(t.Context(), m)
		if !errors.Is(err, mail.ErrRejected) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if strings.Contains(err.Error(), "ana@") || strings.Contains(err.Error(), "Bcc") {
			t.Errorf("%s: the error quotes the message: %v", name, err)
		}
	}
	if n := len(taken()) - before; n != 0 {
		t.Errorf("%d refused messages were sent", n)
	}
}
