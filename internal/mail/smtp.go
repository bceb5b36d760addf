package mail

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/mail"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	gomail "github.com/wneessen/go-mail"
)

// smtpTimeout bounds one message from dial to the server's last answer, unless the caller's context ends sooner.
const smtpTimeout = 20 * time.Second

// SMTP sends through a mail server. It opens a connection per message: mails are few, and a stale connection would be
// one more way to fail. It is safe for concurrent use.
type SMTP struct {
	host    string
	options []gomail.Option
	from    mail.Address
	domain  string
	now     func() time.Time
}

// NewSMTP reads the address of the server: smtps://user:password@host:port speaks TLS from the first byte, and
// smtp://...?tls=required demands STARTTLS. Plain smtp:// is for a server on this machine and refused for any other.
// from is the sender, "Name <address>". Errors never quote the address, which may hold a password.
func NewSMTP(address, from string, now func() time.Time) (*SMTP, error) {
	sender, err := mail.ParseAddress(from)
	if err != nil || !isOneLine(sender.Name) {
		return nil, errors.New("mail sender is not of the form \"Name <address>\"")
	}
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Port() == "" || u.Path != "" && u.Path != "/" {
		return nil, errors.New("mail server is not of the form smtp://user:password@host:port")
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		return nil, errors.New("mail server has no usable port")
	}
	secure, err := tlsOptions(u)
	if err != nil {
		return nil, err
	}
	_, domain, _ := strings.Cut(sender.Address, "@")
	s := &SMTP{host: u.Hostname(), from: *sender, domain: domain, now: now}
	s.options = append(secure, gomail.WithPort(port), gomail.WithTimeout(smtpTimeout), gomail.WithHELO(domain),
		gomail.WithTLSConfig(&tls.Config{ServerName: s.host, MinVersion: tls.VersionTLS12}))
	if password, ok := u.User.Password(); ok {
		s.options = append(s.options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	if _, err := gomail.NewClient(s.host, s.options...); err != nil {
		return nil, errors.New("mail server has an unusable address")
	}
	return s, nil
}

func tlsOptions(u *url.URL) ([]gomail.Option, error) {
	mode := u.Query().Get("tls")
	switch {
	case u.Scheme == "smtps" && mode == "":
		return []gomail.Option{gomail.WithSSL()}, nil
	case u.Scheme == "smtp" && mode == "required":
		return []gomail.Option{gomail.WithTLSPolicy(gomail.TLSMandatory)}, nil
	case u.Scheme == "smtp" && mode == "" && isLoopback(u.Hostname()):
		return []gomail.Option{gomail.WithTLSPolicy(gomail.NoTLS)}, nil
	case u.Scheme == "smtp" && mode == "":
		return nil, errors.New("mail server needs smtps:// or tls=required when it is not on this machine")
	}
	return nil, errors.New("mail server is not of the form smtps:// or smtp://, with tls=required or nothing")
}

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.Unmap().IsLoopback()
}

// Send implements Sender.
func (s *SMTP) Send(ctx context.Context, m Message) error {
	if err := m.Check(); err != nil {
		return err
	}
	mime, err := s.mime(m)
	if err != nil {
		return err
	}
	client, err := gomail.NewClient(s.host, s.options...)
	if err != nil {
		return errors.New("sending mail: the client cannot be made")
	}
	ctx, cancel := context.WithTimeout(ctx, smtpTimeout)
	defer cancel()
	if err := client.DialAndSendWithContext(ctx, mime); err != nil && !mime.IsDelivered() {
		return withoutAddresses(ctx, err)
	}
	return nil // an error while saying goodbye does not take the message back
}

func (s *SMTP) mime(m Message) (*gomail.Msg, error) {
	out := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	from := s.from
	if m.FromName != "" {
		from.Name = m.FromName
	}
	if err := out.FromFormat(from.Name, from.Address); err != nil {
		return nil, errors.New("sending mail: sender is not usable")
	}
	if err := out.To(m.To); err != nil {
		return nil, refuse("recipient is not one bare address")
	}
	out.Subject(m.Subject)
	out.SetDateWithValue(s.now())
	// The library's own id names the machine.
	out.SetMessageIDWithValue(uuid.NewString() + "@" + s.domain)
	// Nobody's absence note shall answer, and no filter shall take this for a newsletter.
	out.SetGenHeader("Auto-Submitted", "auto-generated")
	out.SetGenHeader("X-Auto-Response-Suppress", "All")
	out.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		out.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	for _, a := range m.Attachments {
		err := out.AttachReader(a.Name, bytes.NewReader(a.Content), gomail.WithFileContentType(gomail.ContentType(a.ContentType)))
		if err != nil {
			return nil, fmt.Errorf("sending mail: attaching: %w", err)
		}
	}
	return out, nil
}

// withoutAddresses keeps the server's code and drops its words, which usually repeat the recipient.
func withoutAddresses(ctx context.Context, err error) error {
	var answer *gomail.SendError
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("sending mail: %w", ctx.Err())
	case !errors.As(err, &answer):
		return errors.New("sending mail: the server cannot be reached, does not speak TLS, or refuses the credentials")
	case answer.ErrorCode() >= 500:
		return fmt.Errorf("sending mail: server answered %d: %w", answer.ErrorCode(), ErrRejected)
	case answer.ErrorCode() >= 400:
		return fmt.Errorf("sending mail: server answered %d", answer.ErrorCode())
	}
	return errors.New("sending mail: the connection broke")
}
