package mailtest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"mime"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-message/mail"
	"github.com/emersion/go-smtp"

	product "github.com/restartix/platform/internal/mail"
)

// Server is a mail server inside the test. It refuses recipients at the domain "refused.example" for good and those at
// "busy.example" for now, and it repeats the address in its answer, as real servers do.
type Server struct {
	// Address is host:port on loopback.
	Address string

	mu       sync.Mutex
	received []Received
	before   func(to string)
}

// Before lets f run before each later message is taken, as long as f likes: the sender waits meanwhile.
func (s *Server) Before(f func(to string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before = f
}

// Received is one message as it came over the wire, read back into its parts.
type Received struct {
	product.Message
	// Raw is the whole message.
	Raw string
	// EnvelopeFrom and EnvelopeTo are what the server was told, whatever the headers say.
	EnvelopeFrom string
	EnvelopeTo   []string
}

// NewServer starts a server without TLS that stops with the test.
func NewServer(t testing.TB) *Server { return serve(t, nil) }

// NewTLSServer starts a server that offers STARTTLS with a certificate nobody knows.
func NewTLSServer(t testing.TB) *Server {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return serve(t, &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}})
}

func serve(t testing.TB, secure *tls.Config) *Server {
	t.Helper()
	s := &Server{}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.Address = listener.Addr().String()
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{server: s}, nil }))
	server.Domain = "mail.example"
	server.EnableSMTPUTF8 = true
	server.TLSConfig = secure
	server.ErrorLog = log.New(io.Discard, "", 0) // a client that breaks off is part of the tests
	stopped := make(chan error, 1)
	go func() { stopped <- server.Serve(listener) }()
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Errorf("stopping mail server: %v", err)
		}
		if err := <-stopped; err != nil && !errors.Is(err, smtp.ErrServerClosed) {
			t.Errorf("mail server: %v", err)
		}
	})
	return s
}

// Received are the messages taken so far, in order.
func (s *Server) Received() []Received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Received(nil), s.received...)
}

type session struct {
	server *Server
	from   string
	to     []string
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error { s.from = from; return nil }

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	switch {
	case strings.HasSuffix(to, "@refused.example"):
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no mailbox " + to}
	case strings.HasSuffix(to, "@busy.example"):
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "try later " + to}
	}
	s.to = append(s.to, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	received, err := parse(raw)
	if err != nil {
		return fmt.Errorf("reading message: %w", err)
	}
	received.EnvelopeFrom, received.EnvelopeTo = s.from, s.to
	s.server.mu.Lock()
	before := s.server.before
	s.server.mu.Unlock()
	if before != nil {
		before(received.To)
	}
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.received = append(s.server.received, received)
	return nil
}

func (s *session) Reset()        { s.from, s.to = "", nil }
func (s *session) Logout() error { return nil }

// parse reads a message as a mail client would.
func parse(raw []byte) (Received, error) {
	out := Received{Raw: string(raw)}
	r, err := mail.CreateReader(bytes.NewReader(raw))
	if err != nil {
		return out, err
	}
	if out.Subject, err = r.Header.Subject(); err != nil {
		return out, err
	}
	to, err := r.Header.AddressList("To")
	if err != nil {
		return out, err
	}
	from, err := r.Header.AddressList("From")
	if err != nil || len(to) != 1 || len(from) != 1 {
		return out, fmt.Errorf("%d recipients, %d senders, %w", len(to), len(from), err)
	}
	out.To, out.FromName = to[0].Address, from[0].Name
	for {
		part, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		body, err := io.ReadAll(part.Body)
		if err != nil {
			return out, err
		}
		if err := out.add(part.Header, body); err != nil {
			return out, err
		}
	}
}

func (r *Received) add(header mail.PartHeader, body []byte) error {
	kind := header.Get("Content-Type")
	media, _, err := mime.ParseMediaType(kind)
	if err != nil {
		return err
	}
	switch h := header.(type) {
	case *mail.AttachmentHeader:
		name, err := h.Filename()
		if err != nil {
			return err
		}
		r.Attachments = append(r.Attachments, product.Attachment{Name: name, ContentType: kind, Content: body})
	case *mail.InlineHeader:
		text := strings.ReplaceAll(string(body), "\r\n", "\n")
		switch media {
		case "text/plain":
			r.Text = text
		case "text/html":
			r.HTML = text
		default:
			return fmt.Errorf("unexpected part %s", media)
		}
	}
	return nil
}
