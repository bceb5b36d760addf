package mail_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/restartix/platform/internal/locale"
	"github.com/restartix/platform/internal/mail"
)

var (
	bucharest = time.FixedZone("Europe/Bucharest", 2*3600)
	at        = time.Date(2026, 11, 24, 9, 5, 0, 0, time.UTC).In(bucharest)
	brand     = mail.Brand{Name: "Clinica Mișcarea", Color: "#123abc"}
)

const link = "https://miscarea.clinic.restartix.app/i/abc?x=1&y=2"

func contents() map[string]mail.Content {
	out := map[string]mail.Content{
		"patient invitation": mail.PatientInvitation{FirstName: "Ana", Link: link, Expires: at},
		"booking received": mail.BookingReceived{
			FirstName: "Ana", Service: "Mobility evaluation", Specialist: "Ion Pop", Start: at, Reference: "7K3M9QXA", Link: link,
		},
		"code":        mail.EmailCode{Code: "482913", Minutes: 10},
		"password":    mail.PasswordReset{Link: link, Minutes: 20},
		"verify":      mail.EmailVerify{Link: link, Minutes: 60},
		"break glass": mail.BreakGlassNotice{Operator: "Dan Ionescu", Reason: "Recuperare după o eroare de import", From: at, Until: at.Add(time.Hour), Link: link},
	}
	for _, role := range []string{"specialist", "customer_support", "admin"} {
		out["staff invitation "+role] = mail.StaffInvitation{Inviter: "Ion Pop", Role: role, Link: link, Expires: at}
	}
	for _, event := range []string{
		mail.NewDevice, mail.PasswordChanged, mail.EmailChanged, mail.FactorAdded, mail.FactorRemoved, mail.SessionsRevoked,
	} {
		out["security "+event] = mail.SecurityNotice{Event: event, At: at, Device: "Firefox, Windows", Link: link}
	}
	return out
}

func render(t *testing.T, tag locale.Tag, c mail.Content) mail.Message {
	t.Helper()
	m, err := mail.Render(tag, brand, c)
	if err != nil {
		t.Fatal(err)
	}
	m.To = "ana@example.ro"
	if err := m.Check(); err != nil {
		t.Fatalf("a rendered message cannot be sent: %v", err)
	}
	return m
}

func TestRender_bothLanguagesAndBothTwinsSayTheSame(t *testing.T) {
	t.Parallel()
	tags := regexp.MustCompile(`(?s)<style>.*?</style>|<[^>]*>`)
	for name, c := range contents() {
		subjects := map[string]bool{}
		for _, tag := range []locale.Tag{locale.Romanian, locale.English} {
			m := render(t, tag, c)
			where := fmt.Sprintf("%s in %s", name, tag)
			wellFormed(t, where, m.HTML)
			subjects[m.Subject] = true
			if m.FromName != brand.Name || !strings.Contains(m.HTML, `lang="`+string(tag)+`"`) {
				t.Errorf("%s: from %q", where, m.FromName)
			}
			wantLinks := 1
			if _, isCode := c.(mail.EmailCode); isCode {
				wantLinks = 0
			}
			if n := strings.Count(m.Text, link); n != wantLinks {
				t.Errorf("%s: the link is in the text %d times", where, n)
			}
			if n := strings.Count(m.HTML, "href="); n != wantLinks {
				t.Errorf("%s: %d links in the HTML", where, n)
			}
			if strings.Contains(m.HTML, "<table") || strings.Contains(m.HTML, "<img") || strings.Contains(m.HTML, "url(") {
				t.Errorf("%s: a table or something to load", where)
			}
			plain := unescape(tags.ReplaceAllString(m.HTML, "\n"))
			for line := range strings.Lines(m.Text) {
				line = strings.TrimSuffix(strings.TrimSpace(line), ":")
				for _, part := range strings.SplitN(line, ": ", 2) {
					if part != "--" && part != link && !strings.Contains(plain, part) {
						t.Errorf("%s: the HTML lacks %q", where, part)
					}
				}
			}
		}
		if len(subjects) != 2 {
			t.Errorf("%s: one subject for both languages: %v", name, subjects)
		}
	}
}

// wellFormed reads the HTML strictly; the void elements of the head are the only ones that are not closed.
func wellFormed(t *testing.T, where, html string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(html))
	d.Strict, d.AutoClose, d.Entity = false, []string{"meta"}, xml.HTMLEntity
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Errorf("%s: %v", where, err)
			return
		}
	}
}

func unescape(s string) string {
	return strings.NewReplacer("&#39;", "'", "&amp;", "&", "&#34;", `"`, "&lt;", "<", "&gt;", ">", "&#43;", "+").Replace(s)
}

func TestRender_romanianIsPoliteAndWellSpelt(t *testing.T) {
	t.Parallel()
	cedilla := regexp.MustCompile(`[şţŞŢ]`)
	familiar := regexp.MustCompile(`(?i)\b(tu|tău|ta|ești|contul tău|poți|vrei)\b|!`)
	english := regexp.MustCompile(`(?i)\b(the|your|you|and|is valid)\b`)
	for name, c := range contents() {
		m := render(t, locale.Romanian, c)
		all := m.Subject + "\n" + m.Text
		if got := cedilla.FindString(all); got != "" {
			t.Errorf("%s: cedilla letter %q", name, got)
		}
		if got := familiar.FindString(all); got != "" {
			t.Errorf("%s: not polite: %q", name, got)
		}
		if got := english.FindString(strings.ReplaceAll(all, link, "")); got != "" {
			t.Errorf("%s: English: %q", name, got)
		}
		en := render(t, locale.English, c)
		if got := regexp.MustCompile(`[ăâîșțĂÂÎȘȚ]|!`).FindString(strings.NewReplacer(brand.Name, "", "Recuperare după o eroare de import", "").Replace(en.Subject + en.Text)); got != "" {
			t.Errorf("%s: Romanian or shouting in English: %q", name, got)
		}
	}
}

func TestRender_facts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		tag     locale.Tag
		content mail.Content
		want    []string
	}{
		{locale.Romanian, contents()["staff invitation customer_support"], []string{"Ion Pop", "Clinica Mișcarea", "relații cu pacienții", "24 noiembrie 2026, ora 11:05", "Acceptă invitația"}},
		{locale.English, contents()["staff invitation admin"], []string{"Ion Pop", "administrator", "24 November 2026, 11:05", "Accept the invitation"}},
		{locale.Romanian, contents()["patient invitation"], []string{"Bună ziua, Ana", "cont de pacient"}},
		{locale.Romanian, contents()["code"], []string{"482913", "10 minute"}},
		{locale.Romanian, contents()["password"], []string{"20 de minute", "Alege parola"}},
		{locale.English, contents()["password"], []string{"20 minutes"}},
		{locale.Romanian, mail.EmailCode{Code: "1", Minutes: 1}, []string{"valabil 1 minut și"}},
		{locale.Romanian, mail.EmailCode{Code: "1", Minutes: 19}, []string{"19 minute"}},
		{locale.Romanian, mail.EmailCode{Code: "1", Minutes: 101}, []string{"101 minute"}},
		{locale.Romanian, mail.EmailCode{Code: "1", Minutes: 120}, []string{"120 de minute"}},
		{locale.English, mail.EmailCode{Code: "1", Minutes: 1}, []string{"1 minute "}},
		{locale.Romanian, contents()["security new_device"], []string{"dispozitiv nou", "Firefox, Windows", "Când: 24 noiembrie 2026, ora 11:05"}},
		{locale.English, contents()["break glass"], []string{"Dan Ionescu", "Recuperare", "Until: 24 November 2026, 12:05", "end the access at once"}},
		{"de", contents()["code"], []string{"Your code"}},
	} {
		m := render(t, c.tag, c.content)
		for _, want := range c.want {
			if !strings.Contains(m.Text, want) {
				t.Errorf("%q is not in\n%s", want, m.Text)
			}
		}
		if strings.Contains(m.Subject, "482913") {
			t.Error("the code is in the subject, where a locked screen shows it")
		}
	}
	unknown := render(t, locale.English, mail.SecurityNotice{Event: mail.NewDevice, At: at, Link: link})
	if strings.Contains(unknown.Text, "Device:") {
		t.Error("an unknown device has a line")
	}
}

func TestRender_foreignTextStaysText(t *testing.T) {
	t.Parallel()
	hostile := "<script>alert(1)</script>\r\nBcc: x@example.ro\n\nSecond paragraph \u202e\" onload=x {{.C}}"
	for _, c := range []mail.Content{
		mail.StaffInvitation{Inviter: hostile, Role: "admin", Link: link, Expires: at},
		mail.PatientInvitation{FirstName: hostile, Link: link, Expires: at},
		mail.BookingReceived{FirstName: hostile, Service: hostile, Specialist: hostile, Start: at, Reference: "7K3M9QXA", Link: link},
		mail.SecurityNotice{Event: mail.NewDevice, Device: hostile, At: at, Link: link},
		mail.BreakGlassNotice{Operator: hostile, Reason: hostile, From: at, Until: at, Link: link},
		mail.EmailCode{Code: hostile, Minutes: 1},
	} {
		m, err := mail.Render(locale.English, mail.Brand{Name: hostile[:60], Color: "red;} body{display:none"}, c)
		if err != nil {
			t.Fatal(err)
		}
		m.To = "ana@example.ro"
		if err := m.Check(); err != nil {
			t.Errorf("%T: %v", c, err)
		}
		if strings.Contains(m.HTML, "<script") || strings.Contains(m.HTML, `" onload`) || strings.Contains(m.HTML, "display:none") {
			t.Errorf("%T: unescaped:\n%s", c, m.HTML)
		}
		if strings.Contains(m.Text, "\nBcc") || strings.Contains(m.Text, "\nSecond") || strings.Contains(m.HTML, "<p>Second") {
			t.Errorf("%T: a line of its own:\n%s", c, m.Text)
		}
		if !strings.Contains(m.Text, "{{.C}}") && !strings.Contains(fmt.Sprintf("%T", c), "Code") {
			t.Errorf("%T: foreign text was run as a template", c)
		}
	}
}

func TestRender_refusesUnusableContents(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]mail.Content{
		"script link":    mail.PasswordReset{Link: "javascript:alert(1)", Minutes: 5},
		"no link":        mail.PasswordReset{Minutes: 5},
		"relative link":  mail.PasswordReset{Link: "/reset", Minutes: 5},
		"user in link":   mail.PasswordReset{Link: "https://bank.ro@evil.ro/", Minutes: 5},
		"link of lines":  mail.PasswordReset{Link: "https://a.ro/\nx", Minutes: 5},
		"no minutes":     mail.PasswordReset{Link: link},
		"unknown role":   mail.StaffInvitation{Inviter: "x", Role: "patient", Link: link, Expires: at},
		"no inviter":     mail.StaffInvitation{Role: "admin", Link: link, Expires: at},
		"no expiry":      mail.PatientInvitation{FirstName: "x", Link: link},
		"unknown event":  mail.SecurityNotice{Event: "x", At: at, Link: link},
		"no reason":      mail.BreakGlassNotice{Operator: "x", From: at, Until: at, Link: link},
		"empty code":     mail.EmailCode{Code: " ", Minutes: 5},
		"no event time":  mail.SecurityNotice{Event: mail.NewDevice, Link: link},
		"no service":     mail.BookingReceived{FirstName: "x", Specialist: "y", Start: at, Reference: "z", Link: link},
		"no start":       mail.BookingReceived{FirstName: "x", Service: "w", Specialist: "y", Reference: "z", Link: link},
		"no first name":  mail.PatientInvitation{Link: link, Expires: at},
		"ftp is no page": mail.PatientInvitation{FirstName: "x", Link: "ftp://a.ro", Expires: at},
	} {
		if _, err := mail.Render(locale.English, brand, c); err == nil {
			t.Errorf("%s: rendered", name)
		}
	}
	if _, err := mail.Render(locale.English, mail.Brand{}, mail.EmailCode{Code: "1", Minutes: 1}); err == nil {
		t.Error("a message of nobody was rendered")
	}
}

// The button must be readable in every colour that a clinic can choose: 4.5:1, WCAG 2.2 AA.
func TestRender_buttonIsReadableInEveryColour(t *testing.T) {
	t.Parallel()
	style := regexp.MustCompile(`class="button" href="[^"]*" style="background-color: (#[0-9a-fA-F]{6}); color: (#[0-9a-f]{6})"`)
	for r := 0; r < 256; r += 51 {
		for g := 0; g < 256; g += 51 {
			for b := 0; b < 256; b += 51 {
				color := fmt.Sprintf("#%02x%02x%02x", r, g, b)
				m, err := mail.Render(locale.English, mail.Brand{Name: "C", Color: color}, contents()["password"])
				if err != nil {
					t.Fatal(err)
				}
				found := style.FindStringSubmatch(m.HTML)
				if found == nil || found[1] != color {
					t.Fatalf("%s: no button in that colour\n%s", color, m.HTML)
				}
				if ratio := contrast(found[1], found[2]); ratio < 4.5 {
					t.Errorf("%s on %s: %.2f", found[2], color, ratio)
				}
			}
		}
	}
}
