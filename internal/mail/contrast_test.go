package mail_test

import (
	"fmt"
	"math"
)

// contrast is WCAG's ratio, written again so that the product is not measured with its own rule.
func contrast(a, b string) float64 {
	x, y := light(a)+0.05, light(b)+0.05
	return max(x, y) / min(x, y)
}

func light(color string) float64 {
	var r, g, b int
	if _, err := fmt.Sscanf(color, "#%02x%02x%02x", &r, &g, &b); err != nil {
		return math.NaN()
	}
	linear := func(n int) float64 {
		c := float64(n) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}
