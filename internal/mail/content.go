package mail

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/locale"
)

// Content is one kind of message with its facts. Free text inside is put on one line and escaped; times are shown in
// the zone that they carry, so callers convert them to the clinic's first.
type Content interface {
	// name is the file of the words.
	name() string
	// check refuses what would make a message that cannot be used.
	check() error
	// link is where the button leads; empty for none.
	link() string
}

// StaffInvitation asks somebody to join the staff of a clinic.
type StaffInvitation struct {
	// Inviter is the name of the person who invites.
	Inviter string
	// Role is specialist, customer_support or admin.
	Role    string
	Link    string
	Expires time.Time
}

// PatientInvitation offers a patient an account in the portal of the clinic.
type PatientInvitation struct {
	FirstName string
	Link      string
	Expires   time.Time
}

// BookingReceived tells a guest what was booked, and where to look at it.
type BookingReceived struct {
	FirstName string
	// Service and Specialist are names.
	Service, Specialist string
	Start               time.Time
	Reference           string
	Link                string
}

// EmailCode carries a code for signing in or for confirming an address.
type EmailCode struct {
	Code string
	// Minutes is how long the code is good.
	Minutes int
}

// PasswordReset carries the link for a new password.
type PasswordReset struct {
	Link    string
	Minutes int
}

// EmailVerify carries the link that confirms an address.
type EmailVerify struct {
	Link    string
	Minutes int
}

// SecurityNotice tells a person what happened to their account.
type SecurityNotice struct {
	// Event is one of the constants below.
	Event string
	At    time.Time
	// Device is a short description ("Firefox, Windows"); empty when it is not known.
	Device string
	// Link leads to the page of the person's own devices.
	Link string
}

// Events of a SecurityNotice.
const (
	NewDevice       = "new_device"
	PasswordChanged = "password_changed"
	EmailChanged    = "email_changed"
	FactorAdded     = "factor_added"
	FactorRemoved   = "factor_removed"
	SessionsRevoked = "sessions_revoked"
)

// BreakGlassNotice tells the administrators of a clinic that an operator of the platform has opened its data.
type BreakGlassNotice struct {
	// Operator is the name of the person who opened it.
	Operator string
	Reason   string
	From     time.Time
	Until    time.Time
	// Link leads to the page where the access can be ended.
	Link string
}

func (StaffInvitation) name() string   { return "staff_invitation" }
func (PatientInvitation) name() string { return "patient_invitation" }
func (BookingReceived) name() string   { return "booking_received" }
func (EmailCode) name() string         { return "email_code" }
func (PasswordReset) name() string     { return "password_reset" }
func (EmailVerify) name() string       { return "email_verify" }
func (SecurityNotice) name() string    { return "security_notice" }
func (BreakGlassNotice) name() string  { return "break_glass" }

func (c StaffInvitation) link() string   { return c.Link }
func (c PatientInvitation) link() string { return c.Link }
func (c BookingReceived) link() string   { return c.Link }
func (EmailCode) link() string           { return "" }
func (c PasswordReset) link() string     { return c.Link }
func (c EmailVerify) link() string       { return c.Link }
func (c SecurityNotice) link() string    { return c.Link }
func (c BreakGlassNotice) link() string  { return c.Link }

func (c StaffInvitation) check() error {
	if c.Role != "specialist" && c.Role != "customer_support" && c.Role != "admin" {
		return errors.New("role is not one of the staff")
	}
	return errors.Join(needTime(c.Expires), needText(c.Inviter), needLink(c.Link))
}

func (c PatientInvitation) check() error {
	return errors.Join(needTime(c.Expires), needText(c.FirstName), needLink(c.Link))
}

func (c BookingReceived) check() error {
	return errors.Join(needText(c.FirstName), needText(c.Service), needText(c.Specialist), needText(c.Reference), needTime(c.Start), needLink(c.Link))
}

func (c EmailCode) check() error { return errors.Join(needText(c.Code), needMinutes(c.Minutes)) }

func (c PasswordReset) check() error { return errors.Join(needLink(c.Link), needMinutes(c.Minutes)) }

func (c EmailVerify) check() error { return errors.Join(needLink(c.Link), needMinutes(c.Minutes)) }

func (c SecurityNotice) check() error {
	switch c.Event {
	case NewDevice, PasswordChanged, EmailChanged, FactorAdded, FactorRemoved, SessionsRevoked:
		return errors.Join(needTime(c.At), needLink(c.Link))
	}
	return errors.New("security event is unknown")
}

func (c BreakGlassNotice) check() error {
	return errors.Join(needText(c.Operator), needText(c.Reason), needTime(c.From), needTime(c.Until), needLink(c.Link))
}

func needText(s string) error {
	if oneLine(s) == "" {
		return errors.New("a text is missing")
	}
	return nil
}

func needMinutes(n int) error {
	if n < 1 {
		return errors.New("minutes are missing")
	}
	return nil
}

func needTime(t time.Time) error {
	if t.IsZero() {
		return errors.New("a time is missing")
	}
	return nil
}

// needLink accepts what a browser opens, and nothing that runs.
func needLink(s string) error {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || !isOneLine(s) {
		return errors.New("a link is missing or not a web address")
	}
	return nil
}

// oneLine makes foreign text harmless in a line: white space and controls become single spaces.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r <= ' ' || !isOneLine(string(r)) }), " ")
}

var months = map[locale.Tag][12]string{ //nolint:gochecknoglobals // never written
	locale.Romanian: {
		"ianuarie", "februarie", "martie", "aprilie", "mai", "iunie", "iulie", "august", "septembrie", "octombrie", "noiembrie", "decembrie",
	},
	locale.English: {
		"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
	},
}

// moment writes a time in words, in the zone that it carries. A time that the clock shows twice on that day says which of the two it is.
func moment(tag locale.Tag, t time.Time) string {
	day, clock := fmt.Sprintf("%d %s %d", t.Day(), months[tag][t.Month()-1], t.Year()), t.Format("15:04")
	if civil.Doubled(t) {
		clock += t.Format(" (UTC-07:00)")
	}
	if tag == locale.Romanian {
		return day + ", ora " + clock
	}
	return day + ", " + clock
}

// minutes counts with the plural of the language: in Romanian "1 minut", "19 minute", "20 de minute", "101 minute".
func minutes(tag locale.Tag, n int) string {
	rest := n % 100
	switch {
	case tag == locale.Romanian && n == 1:
		return "1 minut"
	case tag == locale.Romanian && (n == 0 || rest >= 1 && rest <= 19):
		return fmt.Sprintf("%d minute", n)
	case tag == locale.Romanian:
		return fmt.Sprintf("%d de minute", n)
	case n == 1:
		return "1 minute"
	}
	return fmt.Sprintf("%d minutes", n)
}
