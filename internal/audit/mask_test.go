package audit_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/restartix/platform/internal/audit"
)

func encoded(t *testing.T, changes map[string]audit.Change) string {
	t.Helper()
	out, err := audit.EncodeChanges(changes)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// Verifies AUD-04 in part: no value of these kinds reaches a row.
func TestEncodeChanges_holdsNoSecretsAndNoPlainContacts(t *testing.T) {
	t.Parallel()
	type integration struct {
		Service string `json:"service"`
		APIKey  string `json:"api_key"`
	}

	got := encoded(t, map[string]audit.Change{
		"password":       {nil, "hunter2hunter2"},
		"totp_secret":    {"JBSWY3DPEHPK3PXP", nil},
		"token_hash":     {"", "deadbeefdeadbeef"},
		"note":           {"pain since Monday", "less pain"},
		"signature_png":  {nil, "iVBORw0KGgo"},
		"email":          {"ana.popescu@example.ro", nil},
		"contact_phone":  {"+40722310450", "0722 310 451"},
		"cnp":            {nil, "2960707123456"},
		"phone_number":   {nil, json.Number("40722310452")},
		"integration":    {nil, integration{"sms", "plain-value-77"}},
		"settings":       {map[string]any{"webhook_secret": "s3cr3t-1", "hold_ttl_s": 60}, nil},
		"reason":         {nil, "called 0722-310-453 and ion@example.com, CNP 1960707123459, Bearer abcdefgh12345"},
		"tags":           {[]string{"0722.310.454"}, []string{"vip"}},
		"link":           {nil, "https://x.example/a?id=1&token=abcdef&x=2"},
		"pin":            {nil, 4711},
		"recovery_codes": {nil, []string{"aaaa-bbbb"}},
	})

	for _, plain := range []string{
		"hunter2", "JBSWY", "deadbeef", "pain", "iVBOR", "ana.popescu", "722310", "310 451", "2960707", "40722310452",
		"plain-value", "s3cr3t", "310-453", "ion@", "1960707", "abcdefgh", "310.454", "abcdef", "4711", "aaaa-bbbb",
	} {
		if strings.Contains(got, plain) {
			t.Errorf("%q is in %s", plain, got)
		}
	}
	for _, kept := range []string{
		`"email":["a***@***.ro",null]`, `"contact_phone":["***450","***451"]`, `"cnp":[null,"***56"]`,
		`"password":[null,"[masked]"]`, `"hold_ttl_s":60`, `"service":"sms"`, `"vip"`, `id=1\u0026token=[masked]\u0026x=2`,
	} {
		if !strings.Contains(got, kept) {
			t.Errorf("%q is not in %s", kept, got)
		}
	}
}

func TestEncodeChanges_leavesOrdinaryValues(t *testing.T) {
	t.Parallel()

	got := encoded(t, map[string]audit.Change{
		"start_at":    {"2026-11-24T10:00:00Z", "2026-11-24T10:30:00.123456Z"},
		"patient_id":  {nil, "07223104-5007-7223-8104-072231045000"},
		"price_minor": {20000, 30000},
		"status":      {"booked", "upcoming"},
		"slug":        {nil, "clinica-1234567890"},
		"confirmed":   {false, true},
		"big":         {int64(9007199254740993), 1.5},
	})

	want := `{"big":["9007199254740993",1.5],"confirmed":[false,true],"patient_id":[null,"07223104-5007-7223-8104-072231045000"],` +
		`"price_minor":[20000,30000],"slug":[null,"clinica-1234567890"],` +
		`"start_at":["2026-11-24T10:00:00Z","2026-11-24T10:30:00.123456Z"],"status":["booked","upcoming"]}`
	if got != want {
		t.Fatalf("got  %s\nwant %s", got, want)
	}
}

func TestEncodeChanges_emptyIsNull(t *testing.T) {
	t.Parallel()

	if out, err := audit.EncodeChanges(nil); out != nil || err != nil {
		t.Fatalf("%s, %v", out, err)
	}
	if _, err := audit.EncodeChanges(map[string]audit.Change{"f": {nil, func() {}}}); err == nil {
		t.Fatal("a function was encoded")
	}
}

func TestMaskText_shortNumbersKeepNothing(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"sk_live_51H8abcdefgh":                   "[masked]",
		"eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.x": "[masked]",
		"-----BEGIN EC PRIVATE KEY-----\nabc":    "[masked]",
		"sună la 0040 722 310 450 azi":           "sună la ***450 azi",
		"021 310 45 67":                          "***567",
		"0722 31 04 50":                          "***450",
		"021.310.4567":                           "***567",
		"07.11.2026 10:30":                       "07.11.2026 10:30",
		"room 12, floor 3":                       "room 12, floor 3",
		"ștefan@clinică.ro":                      "ș***@***.ro",
	} {
		if got := audit.MaskText(in); got != want {
			t.Errorf("%q gave %q, want %q", in, got, want)
		}
	}
}
