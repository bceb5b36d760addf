package devstack

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"
)

// row is one line of the table that a started stack prints.
type row struct {
	name   string
	url    string // without a password
	source string
	took   time.Duration
}

func table(rows []row, total time.Duration) string {
	var text strings.Builder
	w := tabwriter.NewWriter(&text, 0, 0, 3, ' ', 0)
	fmt.Fprintln(w, "NAME\tADDRESS\tSOURCE\tREADY IN")
	for _, r := range rows {
		took := "-" // given, not started
		if r.took > 0 {
			took = seconds(r.took)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", r.name, r.url, r.source, took)
	}
	w.Flush() // a strings.Builder takes everything
	fmt.Fprintf(&text, "\nReady in %s.", seconds(total))
	return text.String()
}
