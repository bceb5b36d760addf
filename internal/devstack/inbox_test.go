package devstack_test

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"net/smtp"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/restartix/platform/internal/devstack"
)

type receivedMail struct {
	ID          int
	From        string
	To          []string
	Subject     string
	Text, HTML  string
	Attachments []string
}

func mailsTo(t *testing.T, ports devstack.Ports, to string) []receivedMail {
	t.Helper()
	var mails []receivedMail
	text := get(t, fmt.Sprintf("http://127.0.0.1:%d/api/messages?to=%s", ports.Inbox, url.QueryEscape(to)))
	if err := json.Unmarshal([]byte(text), &mails); err != nil {
		t.Fatalf("reading %q: %v", text, err)
	}
	return mails
}

func send(ports devstack.Ports, to, message string) error {
	return smtp.SendMail(fmt.Sprintf("127.0.0.1:%d", ports.SMTP), nil, "clinic@example.test", []string{to}, []byte(message))
}

// 200 mails from eight senders at once: every one arrives once, with its Romanian subject and text, under its own
// recipient, and is still there after a restart.
func TestInbox_keepsEveryMail(t *testing.T) {
	t.Parallel()
	const mails = 200
	root, ports := checkout(t), freePorts(t)
	opts := devstack.Options{Root: root, Ports: ports, Only: []string{"mail"}}
	stop := runUp(t, opts)
	var senders errgroup.Group
	senders.SetLimit(8)

	for i := range mails {
		senders.Go(func() error {
			subject := mime.QEncoding.Encode("utf-8", fmt.Sprintf("Programare nouă pentru Ștefăniță %d", i))
			return send(ports, fmt.Sprintf("p%d@example.test", i),
				"Subject: "+subject+"\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"+
					"Content-Transfer-Encoding: quoted-printable\r\n\r\nM=C4=83 vezi m=C3=A2ine.\r\n")
		})
	}
	if err := senders.Wait(); err != nil {
		t.Fatal(err)
	}

	check := func() {
		t.Helper()
		if got := len(mailsTo(t, ports, "")); got != mails {
			t.Errorf("%d mails, want %d", got, mails)
		}
		one := mailsTo(t, ports, "P17@Example.test")
		if len(one) != 1 || one[0].Subject != "Programare nouă pentru Ștefăniță 17" || strings.TrimSpace(one[0].Text) != "Mă vezi mâine." ||
			one[0].From != "clinic@example.test" {
			t.Errorf("mail 17 = %+v", one)
		}
	}
	check()
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	stop = runUp(t, opts)
	check()
	if err := stop(); err != nil {
		t.Fatal(err)
	}
}

const richMail = "Subject: Cod\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n" +
	"--m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n" +
	"--a\r\nContent-Type: text/plain\r\n\r\nCode 123456\r\n" +
	"--a\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Code <b>123456</b></p><script>alert(1)</script>\r\n--a--\r\n" +
	"--m\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"raport.pdf\"\r\n\r\n%PDF\r\n--m--\r\n"

func TestInbox_showsMailsWithoutTrustingThem(t *testing.T) {
	t.Parallel()
	ports := freePorts(t)
	stop := runUp(t, devstack.Options{Root: checkout(t), Ports: ports, Only: []string{"mail"}})
	defer stop()
	if err := send(ports, "ana@example.test", richMail); err != nil {
		t.Fatal(err)
	}
	base := fmt.Sprintf("http://127.0.0.1:%d", ports.Inbox)

	mails := mailsTo(t, ports, "ana@example.test")
	if len(mails) != 1 || !strings.Contains(mails[0].Text, "123456") || !strings.Contains(mails[0].HTML, "<b>") ||
		strings.Join(mails[0].Attachments, "") != "raport.pdf" {
		t.Fatalf("mails = %+v", mails)
	}
	page := get(t, fmt.Sprintf("%s/messages/%d", base, mails[0].ID))
	if strings.Contains(page, "alert(1)") || !strings.Contains(page, `sandbox="allow-popups allow-popups-to-escape-sandbox"`) {
		t.Errorf("the page holds the mail outside its frame:\n%s", page)
	}
	body := request(t, http.MethodGet, fmt.Sprintf("%s/messages/%d/body", base, mails[0].ID), nil)
	if policy := body.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "sandbox allow-popups") {
		t.Errorf("the mail may do too much: %q", policy)
	}
	if got := request(t, http.MethodGet, base+"/api/messages", func(r *http.Request) { r.Host = "evil.example" }); got.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("under another name the inbox answered %d", got.StatusCode)
	}
	crossSite := func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }
	if got := request(t, http.MethodDelete, base+"/api/messages", crossSite); got.StatusCode != http.StatusForbidden {
		t.Errorf("another site could clear the inbox: %d", got.StatusCode)
	}
	if got := request(t, http.MethodDelete, base+"/api/messages", nil); got.StatusCode != http.StatusNoContent {
		t.Errorf("clearing answered %d", got.StatusCode)
	}
	if left := mailsTo(t, ports, ""); len(left) != 0 {
		t.Errorf("%d mails are left after clearing", len(left))
	}
}

func TestInbox_listsABrokenMail(t *testing.T) {
	t.Parallel()
	ports := freePorts(t)
	stop := runUp(t, devstack.Options{Root: checkout(t), Ports: ports, Only: []string{"mail"}})
	defer stop()

	err := send(ports, "ana@example.test", "Subject: x\r\nContent-Type: multipart/mixed; boundary=never\r\n\r\nno part at all\r\n")
	if err != nil {
		t.Fatal(err)
	}
	if got := mailsTo(t, ports, "ana@example.test"); len(got) != 1 || got[0].Subject != "x" {
		t.Errorf("mails = %+v", got)
	}
}

func request(t *testing.T, method, target string, change func(*http.Request)) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, target, nil)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(req)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { res.Body.Close() })
	return res
}
