package mail_test

import (
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/restartix/platform/internal/mail"
	"github.com/restartix/platform/internal/mail/mailtest"
)

func noon() time.Time { return time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC) }

const from = "RestartiX <no-reply@restartix.example>"

func newSMTP(t *testing.T, address string) *mail.SMTP {
	t.Helper()
	s, err := mail.NewSMTP(address, from, noon)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSink_conforms(t *testing.T) {
	t.Parallel()
	var sink mailtest.Sink
	mailtest.Conformance(t, &sink, sink.Messages)

	broken := errors.New("broken")
	sink.Fail(broken)
	if err := sink.Send(t.Context(), mail.Message{To: "a@b.ro", Subject: "s", Text: "t"}); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	if got := sink.To("ANA@example.ro"); len(got) != 2 {
		t.Errorf("%d messages to ana", len(got))
	}
}

func TestSMTP_conforms(t *testing.T) {
	t.Parallel()
	server := mailtest.NewServer(t)
	mailtest.Conformance(t, newSMTP(t, "smtp://"+server.Address), func() []mail.Message {
		var out []mail.Message
		for _, r := range server.Received() {
			out = append(out, r.Message)
		}
		return out
	})
}

func TestSMTP_headersSayWhatAMachineSent(t *testing.T) {
	t.Parallel()
	server := mailtest.NewServer(t)
	s := newSMTP(t, "smtp://"+server.Address)

	if err := s.Send(t.Context(), mail.Message{To: "ana@example.ro", Subject: "s", Text: "t"}); err != nil {
		t.Fatal(err)
	}

	got := server.Received()[0]
	if got.EnvelopeFrom != "no-reply@restartix.example" || len(got.EnvelopeTo) != 1 || got.EnvelopeTo[0] != "ana@example.ro" || got.FromName != "RestartiX" {
		t.Errorf("envelope %q %q, from %q", got.EnvelopeFrom, got.EnvelopeTo, got.FromName)
	}
	headers, _, _ := strings.Cut(got.Raw, "\r\n\r\n")
	for _, want := range []string{
		"Auto-Submitted: auto-generated", "Date: Tue, 24 Nov 2026 12:00:00 +0000", "@restartix.example>", "<no-reply@restartix.example>",
	} {
		if !strings.Contains(headers, want) {
			t.Errorf("%q is not in\n%s", want, headers)
		}
	}
	for _, never := range []string{"User-Agent", "X-Mailer", "go-mail"} {
		if strings.Contains(headers, never) {
			t.Errorf("%q is in\n%s", never, headers)
		}
	}
}

func TestSMTP_tellsForGoodFromForNow(t *testing.T) {
	t.Parallel()
	server := mailtest.NewServer(t)
	s := newSMTP(t, "smtp://"+server.Address)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		sender  *mail.SMTP
		to      string
		forGood bool
	}{
		"unknown mailbox": {s, "canary@refused.example", true},
		"busy mailbox":    {s, "canary@busy.example", false},
		"no server":       {newSMTP(t, "smtp://"+nobody), "canary@example.ro", false},
	} {
		err := c.sender.Send(t.Context(), mail.Message{To: c.to, Subject: "s", Text: "t"})
		if err == nil || errors.Is(err, mail.ErrRejected) != c.forGood {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if strings.Contains(err.Error(), "canary") || strings.Contains(err.Error(), "127.0.0.1") {
			t.Errorf("%s: the error names the recipient or the server: %v", name, err)
		}
	}
}

func TestSMTP_neverSendsWithoutTheTLSItWasToldToUse(t *testing.T) {
	t.Parallel()
	plain, unknown := mailtest.NewServer(t), mailtest.NewTLSServer(t)

	for name, address := range map[string]string{
		"a server without STARTTLS":         "smtp://" + plain.Address + "?tls=required",
		"a server that speaks no TLS":       "smtps://" + plain.Address,
		"a certificate that nobody vouches": "smtp://" + unknown.Address + "?tls=required",
		"credentials are not sent in clear": "smtp://user:hunter2@" + plain.Address,
	} {
		err := newSMTP(t, address).Send(t.Context(), mail.Message{To: "ana@example.ro", Subject: "s", Text: "t"})
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(plain.Received()) + len(unknown.Received()); n != 0 {
		t.Errorf("%d messages were sent", n)
	}
}

func TestNewSMTP_refusesUnsafeOrUnusableAddresses(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"", "mail.example:25", "smtp://mail.example", "smtp://mail.example:x", "http://mail.example:25", "smtp://mail.example:25",
		"smtp://10.0.0.5:25", "smtp://mail.example:25?tls=none", "smtps://mail.example:465?tls=required", "smtp://:hunter2@:25", "smtp://127.0.0.1:25/x",
	} {
		if _, err := mail.NewSMTP(address, from, noon); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", address, err)
		}
	}
	for _, address := range []string{"smtps://u:p@mail.example:465", "smtp://u:p@mail.example:587?tls=required", "smtp://localhost:9025", "smtp://[::1]:9025"} {
		if _, err := mail.NewSMTP(address, from, noon); err != nil {
			t.Errorf("%q: %v", address, err)
		}
	}
	for _, sender := range []string{"", "RestartiX", "A <a@b.ro>, B <b@b.ro>"} {
		if _, err := mail.NewSMTP("smtp://127.0.0.1:25", sender, noon); err == nil {
			t.Errorf("sender %q: accepted", sender)
		}
	}
}
