package patient_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/locale"
	"github.com/restartix/platform/internal/patient"
)

func TestContact_storedForm(t *testing.T) {
	t.Parallel()
	c, err := patient.RawContact{FirstName: "  Ana\tMaria ", LastName: "Ţepeş", Phone: "0722 123 456", Email: " ana@example.ro ", Locale: "en"}.Check("body")

	if err != nil || c.Name() != "Ana Maria Țepeș" || c.Phone.E164() != "+40722123456" || c.Email != "ana@example.ro" || c.Locale != locale.English {
		t.Fatalf("contact is %s, %s, %s, %v", c.Name(), c.Email, c.Locale, err)
	}
	if text := fmt.Sprintf("%v %s %q %+v", c.Phone, c.Phone, c.Phone, c); strings.Contains(text, "722") {
		t.Errorf("a phone number prints as %s", text)
	}
}

func TestContact_refusedPlaces(t *testing.T) {
	t.Parallel()
	for place, raw := range map[string]patient.RawContact{
		"body.contact.phone":      {FirstName: "Ana", LastName: "Pop", Phone: "0722"},
		"body.contact.first_name": {FirstName: " \x01 ", LastName: "Pop", Phone: "0722123456"},
		"body.contact.last_name":  {FirstName: "Ana", LastName: strings.Repeat("x", 101), Phone: "0722123456"},
		"body.contact.email":      {FirstName: "Ana", LastName: "Pop", Phone: "0722123456", Email: "Ana <ana@example.ro>"},
	} {
		_, err := raw.Check("body.contact")
		var refused *apperror.Error
		if !errors.As(err, &refused) || len(refused.Fields) != 1 || refused.Fields[0].Location != place {
			t.Errorf("%s: %v", place, err)
		}
	}
}
