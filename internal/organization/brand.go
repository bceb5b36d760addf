package organization

import (
	"fmt"
	"math"
	"regexp"
	"strconv"

	"github.com/restartix/platform/internal/apperror"
)

// ErrContrast refuses a main colour on which the text of a button could not be read. It carries contrast, suggestion and
// suggestion_contrast.
var ErrContrast = apperror.New(apperror.Invalid, "contrast_too_low", "Text on the button could not be read with this colour.")

var hexColour = regexp.MustCompile(`^#[0-9a-f]{6}$`)

func checkHex(field string, colour *string, e *apperror.Error) *apperror.Error {
	if colour != nil && !hexColour.MatchString(*colour) {
		return at(e, field, "expected a colour as #rrggbb")
	}
	return e
}

// contrastFloor is WCAG's limit for text; contrastSpare keeps a suggestion clear of rounding.
const (
	contrastFloor = 4.5
	contrastSpare = 0.1
)

// judge tests a main colour against the light text that stands on it and answers the nearest colour of the same hue that passes.
func judge(hex string) error {
	paper := oklch{l: 0.99}.linear()
	colour := parseColour(hex)
	ratio := contrast(colour, paper)
	if ratio >= contrastFloor {
		return nil
	}
	better := colour.oklch()
	suggestion, reached := "#000000", contrast(rgb{}, paper)
	for ; better.l > 0; better.l -= 0.005 {
		candidate := better.linear().hex()
		if r := contrast(parseColour(candidate), paper); r >= contrastFloor+contrastSpare {
			suggestion, reached = candidate, r
			break
		}
	}
	message := fmt.Sprintf("contrast is %.1f, at least 4.5 is needed; use %s (%.1f) or choose a darker shade", floor1(ratio), suggestion, floor1(reached))
	return ErrContrast.At("body.color_primary", message).
		With("contrast", floor1(ratio)).With("suggestion", suggestion).With("suggestion_contrast", floor1(reached))
}

// floor1 cuts to one decimal, so that 4.49 is never shown as 4.5.
func floor1(x float64) float64 { return math.Floor(x*10) / 10 }

// rgb is linear light, each channel 0 to 1.
type rgb struct{ r, g, b float64 }

// oklch is lightness 0 to 1, chroma, and hue in radians.
type oklch struct{ l, c, h float64 }

// parseColour reads a colour that hexColour matched.
func parseColour(hex string) rgb {
	channel := func(s string) float64 {
		n, _ := strconv.ParseUint(s, 16, 8) // two hex digits
		x := float64(n) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return rgb{channel(hex[1:3]), channel(hex[3:5]), channel(hex[5:7])}
}

func (c rgb) hex() string {
	channel := func(x float64) int {
		if x <= 0.0031308 {
			x *= 12.92
		} else {
			x = 1.055*math.Pow(x, 1/2.4) - 0.055
		}
		return int(math.Round(x * 255))
	}
	return fmt.Sprintf("#%02x%02x%02x", channel(c.r), channel(c.g), channel(c.b))
}

// contrast is WCAG's ratio, 1 to 21.
func contrast(a, b rgb) float64 {
	luminance := func(c rgb) float64 { return 0.2126*c.r + 0.7152*c.g + 0.0722*c.b }
	low, high := luminance(a), luminance(b)
	return (max(low, high) + 0.05) / (min(low, high) + 0.05)
}

// oklch and linear are the two directions of the OKLab transform (public domain matrices of its author).
func (c rgb) oklch() oklch {
	l := math.Cbrt(0.4122214708*c.r + 0.5363325363*c.g + 0.0514459929*c.b)
	m := math.Cbrt(0.2119034982*c.r + 0.6806995451*c.g + 0.1073969566*c.b)
	s := math.Cbrt(0.0883024619*c.r + 0.2817188376*c.g + 0.6299787005*c.b)
	a := 1.9779984951*l - 2.428592205*m + 0.4505937099*s
	b := 0.0259040371*l + 0.7827717662*m - 0.808675766*s
	return oklch{l: 0.2104542553*l + 0.793617785*m - 0.0040720468*s, c: math.Hypot(a, b), h: math.Atan2(b, a)}
}

func (o oklch) linear() rgb {
	a, b := o.c*math.Cos(o.h), o.c*math.Sin(o.h)
	cube := func(x float64) float64 { return x * x * x }
	l := cube(o.l + 0.3963377774*a + 0.2158037573*b)
	m := cube(o.l - 0.1055613458*a - 0.0638541728*b)
	s := cube(o.l - 0.0894841775*a - 1.291485548*b)
	clip := func(x float64) float64 { return min(1, max(0, x)) }
	return rgb{
		clip(4.0767416621*l - 3.3077115913*m + 0.2309699292*s),
		clip(-1.2684380046*l + 2.6097574011*m - 0.3413193965*s),
		clip(-0.0041960863*l - 0.7034186147*m + 1.707614701*s),
	}
}
