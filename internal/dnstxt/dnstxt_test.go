package dnstxt_test

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/restartix/platform/internal/dnstxt"
	"github.com/restartix/platform/internal/dnstxt/dnstest"
)

const name = "_restartix-verify.clinica.example"

func TestLookupTXT_answersAreExact(t *testing.T) {
	t.Parallel()
	server := dnstest.New(t)
	r := dnstxt.New(server.Address, dnstxt.Timeout)
	want := []string{
		"restartix-verify=0123456789abcdef0123456789abcdef", "v=spf1 -all", ` quoted "x" \ `, "", "Ște", strings.Repeat("long", 150),
	}
	server.SetTXT(name, want...)

	got, err := r.LookupTXT(t.Context(), strings.ToUpper(name)+".")

	slices.Sort(got)
	slices.Sort(want)
	if err != nil || !slices.Equal(got, want) {
		t.Fatalf("%q, %v", got, err)
	}
}

func TestLookupTXT_aLargeAnswerComesOverTCP(t *testing.T) {
	t.Parallel()
	server := dnstest.New(t)
	want := make([]string, 40)
	for i := range want {
		want[i] = strings.Repeat(string(rune('a'+i%26)), 250)
	}
	server.SetTXT(name, want...)

	got, err := dnstxt.New(server.Address, dnstxt.Timeout).LookupTXT(t.Context(), name)

	if err != nil || len(got) != len(want) {
		t.Fatalf("%d of %d records, %v", len(got), len(want), err)
	}
}

func TestLookupTXT_absenceIsAnAnswer(t *testing.T) {
	t.Parallel()
	server := dnstest.New(t)
	r := dnstxt.New(server.Address, dnstxt.Timeout)
	server.SetTXT("other.example", "x")
	server.SetTXT("empty.example")

	for _, absent := range []string{name, "empty.example"} {
		if got, err := r.LookupTXT(t.Context(), absent); err != nil || len(got) != 0 {
			t.Errorf("%s: %q, %v", absent, got, err)
		}
	}
	server.Delete("other.example")
	if got, err := r.LookupTXT(t.Context(), "other.example"); err != nil || len(got) != 0 {
		t.Errorf("after the record is gone: %q, %v", got, err)
	}
	if server.Asked("other.example") == 0 {
		t.Error("the answer was not asked for")
	}
}

func TestLookupTXT_notKnowingIsAnError(t *testing.T) {
	t.Parallel()
	failing, hanging := dnstest.New(t), dnstest.New(t)
	failing.Fail()
	hanging.Hang()

	if got, err := dnstxt.New(failing.Address, dnstxt.Timeout).LookupTXT(t.Context(), name); err == nil || got != nil {
		t.Errorf("SERVFAIL: %q, %v", got, err)
	}
	got, err := dnstxt.New(hanging.Address, 200*time.Millisecond).LookupTXT(t.Context(), name)
	var dnsError *net.DNSError
	if got != nil || !errors.As(err, &dnsError) || !dnsError.IsTimeout {
		t.Errorf("a resolver that hangs: %q, %v", got, err)
	}
	if hanging.Asked(name) == 0 {
		t.Error("the hanging resolver was not asked")
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := dnstxt.New(hanging.Address, dnstxt.Timeout).LookupTXT(gone, name); err == nil {
		t.Error("a caller that has gone away got an answer")
	}
}
