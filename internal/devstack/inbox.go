package devstack

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // decodes mails that are not UTF-8
)

// inboxKeeps is how many mails the inbox shows; older files are removed.
const inboxKeeps = 500

// mail is one received message.
type mail struct {
	ID          int       `json:"id"`
	ReceivedAt  time.Time `json:"received_at"`
	From        string    `json:"from"` // of the envelope, as To
	To          []string  `json:"to"`
	Subject     string    `json:"subject"`
	Text        string    `json:"text"`
	HTML        string    `json:"html"`
	Attachments []string  `json:"attachments"`
}

// inbox keeps mails in memory and as .eml files, so that they outlive a restart. It is safe for concurrent use.
type inbox struct {
	dir string
	now func() time.Time

	mu    sync.Mutex
	next  int
	mails []mail // oldest first
}

// openInbox reads the mails that dir already holds.
func openInbox(dir string, now func() time.Time) (*inbox, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the mail folder: %w", err)
	}
	b := &inbox{dir: dir, now: now, next: 1}
	files, err := filepath.Glob(filepath.Join(dir, "*.eml"))
	if err != nil {
		return nil, fmt.Errorf("listing the mail folder: %w", err)
	}
	slices.Sort(files)
	for _, file := range files {
		id, err := strconv.Atoi(strings.TrimSuffix(filepath.Base(file), ".eml"))
		if err != nil {
			continue // not ours
		}
		raw, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("reading a kept mail: %w", err)
		}
		b.mails = append(b.mails, parseMail(id, raw))
		b.next = id + 1
	}
	return b, b.trim()
}

// receive files one message under the envelope it came in.
func (b *inbox) receive(from string, to []string, raw []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	var file bytes.Buffer
	fmt.Fprintf(&file, "X-Envelope-From: %s\r\n", from)
	for _, address := range to {
		fmt.Fprintf(&file, "X-Envelope-To: %s\r\n", address)
	}
	fmt.Fprintf(&file, "X-Received-At: %s\r\n", b.now().UTC().Format(time.RFC3339Nano))
	file.Write(raw)
	if err := os.WriteFile(b.path(b.next), file.Bytes(), 0o600); err != nil {
		return fmt.Errorf("keeping a mail: %w", err)
	}
	b.mails = append(b.mails, parseMail(b.next, file.Bytes()))
	b.next++
	return b.trim()
}

// trim forgets the oldest mails beyond the limit. The caller holds the lock, or is the only one.
func (b *inbox) trim() error {
	for len(b.mails) > inboxKeeps {
		if err := b.remove(b.mails[0].ID); err != nil {
			return err
		}
		b.mails = b.mails[1:]
	}
	return nil
}

func (b *inbox) remove(id int) error {
	if err := os.Remove(b.path(id)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing a mail: %w", err)
	}
	return nil
}

func (b *inbox) path(id int) string { return filepath.Join(b.dir, fmt.Sprintf("%08d.eml", id)) }

// list answers the mails to an address, oldest first; an empty address means all. Case does not matter.
func (b *inbox) list(to string) []mail {
	b.mu.Lock()
	defer b.mu.Unlock()
	found := []mail{}
	for _, m := range b.mails {
		if to == "" || slices.ContainsFunc(m.To, func(address string) bool { return strings.EqualFold(address, to) }) {
			found = append(found, m)
		}
	}
	return found
}

func (b *inbox) get(id int) (mail, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := slices.IndexFunc(b.mails, func(m mail) bool { return m.ID == id })
	if i < 0 {
		return mail{}, false
	}
	return b.mails[i], true
}

// clear forgets every mail.
func (b *inbox) clear() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	var failed error
	for _, m := range b.mails {
		failed = errors.Join(failed, b.remove(m.ID))
	}
	b.mails = nil
	return failed
}

// parseMail reads what can be read: a broken mail is still listed, with what was understood of it.
func parseMail(id int, raw []byte) mail {
	m := mail{ID: id, To: []string{}, Attachments: []string{}}
	entity, err := message.Read(bytes.NewReader(raw))
	if entity == nil || (err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err)) {
		m.Subject, m.Text = "(unreadable message)", string(raw)
		return m
	}
	m.From = entity.Header.Get("X-Envelope-From")
	for fields := entity.Header.FieldsByKey("X-Envelope-To"); fields.Next(); {
		m.To = append(m.To, fields.Value())
	}
	m.ReceivedAt, _ = time.Parse(time.RFC3339Nano, entity.Header.Get("X-Received-At")) // the zero time says unknown
	m.Subject = decodeHeader(entity.Header.Get("Subject"))
	_ = entity.Walk(func(_ []int, part *message.Entity, err error) error {
		if err != nil && !message.IsUnknownCharset(err) {
			return err
		}
		return m.add(part)
	})
	return m
}

// add takes one part of the message in.
func (m *mail) add(part *message.Entity) error {
	kind, _, _ := part.Header.ContentType()
	if disposition, params, _ := part.Header.ContentDisposition(); disposition == "attachment" {
		m.Attachments = append(m.Attachments, decodeHeader(params["filename"]))
		return nil
	}
	if kind != "text/plain" && kind != "text/html" {
		return nil
	}
	body, err := io.ReadAll(part.Body)
	if err != nil {
		return err
	}
	if kind == "text/html" {
		m.HTML += string(body)
	} else {
		m.Text += string(body)
	}
	return nil
}

func decodeHeader(value string) string {
	decoded, err := (&mime.WordDecoder{CharsetReader: message.CharsetReader}).DecodeHeader(value)
	if err != nil {
		return value
	}
	return decoded
}
