package devstack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"github.com/emersion/go-smtp"
)

// startInbox takes every mail that is sent to the SMTP port and shows it on the web port. Nothing is passed on.
func (s *supervisor) startInbox(ctx context.Context, smtpPort, webPort int) error {
	box, err := openInbox(filepath.Join(s.opts.Data, "mail"), s.opts.Now)
	if err != nil {
		return err
	}
	var config net.ListenConfig
	mailIn, err := config.Listen(ctx, "tcp", address(smtpPort))
	if err != nil {
		return fmt.Errorf("listening for mail: %w", err)
	}
	webIn, err := config.Listen(ctx, "tcp", address(webPort))
	if err != nil {
		_ = mailIn.Close()
		return fmt.Errorf("listening for the inbox page: %w", err)
	}
	post := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &delivery{box: box}, nil
	}))
	post.Domain, post.MaxMessageBytes, post.MaxRecipients = "localhost", 25<<20, 100
	post.ReadTimeout, post.WriteTimeout = time.Minute, time.Minute
	web := &http.Server{Handler: box.handler(), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		if err := post.Serve(mailIn); err != nil && !errors.Is(err, smtp.ErrServerClosed) {
			s.fail(fmt.Errorf("the mail inbox ended by itself: %w", err))
		}
	}()
	go func() {
		if err := web.Serve(webIn); !errors.Is(err, http.ErrServerClosed) {
			s.fail(fmt.Errorf("the inbox page ended by itself: %w", err))
		}
	}()
	s.atEnd(layerServices, func() {
		_ = post.Close() // both only close what the process would close anyway
		_ = web.Close()
	})
	return nil
}

// delivery is one SMTP conversation.
type delivery struct {
	box  *inbox
	from string
	to   []string
}

// Mail begins a message.
func (d *delivery) Mail(from string, _ *smtp.MailOptions) error {
	d.from = from
	return nil
}

// Rcpt adds a recipient; every address is accepted.
func (d *delivery) Rcpt(to string, _ *smtp.RcptOptions) error {
	d.to = append(d.to, to)
	return nil
}

// Data files the message; the sender hears of a failure.
func (d *delivery) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	return d.box.receive(d.from, d.to, raw)
}

// Reset forgets the message that was under way.
func (d *delivery) Reset() { d.from, d.to = "", nil }

// Logout ends the conversation.
func (d *delivery) Logout() error { return nil }
