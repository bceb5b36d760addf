package mail

import (
	"embed"
	"fmt"
	htmltemplate "html/template"
	"math"
	"regexp"
	"strconv"
	"strings"
	"text/template"
	"time"

	"github.com/restartix/platform/internal/locale"
)

//go:embed templates
var files embed.FS

// Brand is whose message it is.
type Brand struct {
	// Name is the clinic's, or the platform's for messages of the Console.
	Name string
	// Color is #RRGGBB; anything else takes the platform's colour.
	Color string
}

const platformColor = "#0f6e66"

// Render writes the message in one language; the caller adds the recipient. It refuses contents with missing facts, an
// unknown role or event, and links that are not web addresses.
func Render(tag locale.Tag, brand Brand, c Content) (Message, error) {
	if tag != locale.Romanian {
		tag = locale.English
	}
	if err := c.check(); err != nil {
		return Message{}, fmt.Errorf("rendering %s: %w", c.name(), err)
	}
	p, err := newPage(tag, brand, c)
	if err != nil {
		return Message{}, fmt.Errorf("rendering %s: %w", c.name(), err)
	}
	var text, html strings.Builder
	if err := textLayout.Execute(&text, p); err != nil {
		return Message{}, fmt.Errorf("rendering %s: %w", c.name(), err)
	}
	if err := htmlLayout.Execute(&html, p); err != nil {
		return Message{}, fmt.Errorf("rendering %s: %w", c.name(), err)
	}
	return Message{Subject: p.Subject, Text: text.String(), HTML: html.String(), FromName: p.Brand}, nil
}

// page is a message in words, before layout. Every field is plain text; the HTML layout escapes it.
type page struct {
	Lang, Subject, Title, Preview string
	Paragraphs                    []string
	Code                          string
	Facts                         []fact
	Button, Link                  string
	After                         []string
	Footer                        string

	Brand        string
	Color, OnTop htmltemplate.CSS
}

type fact struct{ Label, Value string }

// newPage runs the words of a content. Words are lines of a file: "subject", "title" and "button" are one line each, "body"
// and "after" are paragraphs between blank lines, "facts" are lines "label|value".
func newPage(tag locale.Tag, brand Brand, c Content) (page, error) {
	p := page{Lang: string(tag), Brand: oneLine(brand.Name), Link: c.link()}
	if p.Brand == "" {
		return page{}, fmt.Errorf("name of the clinic is missing")
	}
	p.Color, p.OnTop = colors(brand.Color)
	words := wordsOf[tag][c.name()]
	block := func(name string) (string, error) {
		if words.Lookup(name) == nil {
			return "", nil
		}
		var out strings.Builder
		err := words.ExecuteTemplate(&out, name, map[string]any{"Clinic": p.Brand, "C": c})
		return strings.TrimSpace(out.String()), err
	}
	var failure error
	get := func(name string) string {
		s, err := block(name)
		if err != nil && failure == nil {
			failure = err
		}
		return s
	}
	p.Subject, p.Title, p.Button, p.Code = oneLine(get("subject")), oneLine(get("title")), get("button"), get("code")
	p.Paragraphs, p.After = paragraphs(get("body")), paragraphs(get("after"))
	for line := range strings.Lines(get("facts")) {
		if label, value, ok := strings.Cut(strings.TrimSpace(line), "|"); ok {
			p.Facts = append(p.Facts, fact{label, value})
		}
	}
	p.Footer = footers[tag] + " " + p.Brand + "."
	if len(p.Paragraphs) > 0 {
		p.Preview = p.Paragraphs[0]
	}
	return p, failure
}

var footers = map[locale.Tag]string{ //nolint:gochecknoglobals // never written
	locale.Romanian: "Mesaj automat, trimis prin RestartiX pentru",
	locale.English:  "Automatic message, sent through RestartiX for",
}

func paragraphs(s string) []string {
	var out []string
	for _, p := range strings.Split(s, "\n\n") {
		if p = strings.Join(strings.Fields(p), " "); p != "" {
			out = append(out, p)
		}
	}
	return out
}

var (
	textLayout = template.Must(template.ParseFS(files, "templates/layout.txt"))          //nolint:gochecknoglobals // parsed once from the embedded files
	htmlLayout = htmltemplate.Must(htmltemplate.ParseFS(files, "templates/layout.html")) //nolint:gochecknoglobals // parsed once from the embedded files
	wordsOf    = map[locale.Tag]map[string]*template.Template{                           //nolint:gochecknoglobals // never written
		locale.Romanian: loadWords(locale.Romanian), locale.English: loadWords(locale.English),
	}
)

func loadWords(tag locale.Tag) map[string]*template.Template {
	functions := template.FuncMap{
		"line":    oneLine,
		"moment":  func(t time.Time) string { return moment(tag, t) },
		"minutes": func(n int) string { return minutes(tag, n) },
	}
	out := map[string]*template.Template{}
	for _, c := range []Content{
		StaffInvitation{}, PatientInvitation{}, BookingReceived{}, EmailCode{}, PasswordReset{}, EmailVerify{}, SecurityNotice{}, BreakGlassNotice{},
	} {
		path := "templates/" + string(tag) + "/" + c.name() + ".txt"
		out[c.name()] = template.Must(template.New(c.name()).Option("missingkey=error").Funcs(functions).ParseFS(files, path))
	}
	return out
}

var hexColor = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// colors answers the brand's colour and the text colour that is easier to read on it. Of black and white one always
// has a contrast of at least 4.5:1.
func colors(brand string) (color, onTop htmltemplate.CSS) {
	if !hexColor.MatchString(brand) {
		brand = platformColor
	}
	if luminance(brand) > 0.179 {
		return htmltemplate.CSS(brand), "#000000"
	}
	return htmltemplate.CSS(brand), "#ffffff"
}

// luminance is WCAG's relative luminance of #RRGGBB.
func luminance(color string) float64 {
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(color[1+2*i:3+2*i], 16, 8)
		if err != nil {
			return 0 // the caller has checked the form
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
