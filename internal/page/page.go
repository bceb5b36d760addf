// Package page is how lists are asked for and answered: numbered pages with a total for lists, opaque cursors for feeds,
// and sorting by declared fields only. It has no I/O and no SQL.
package page

import (
	"strings"

	"github.com/restartix/platform/internal/apperror"
)

// DefaultSize and MaxSize bound page_size (product/12 §2).
const (
	DefaultSize = 25
	MaxSize     = 100
)

// What a list refuses.
var (
	ErrSize   = apperror.New(apperror.BadRequest, "page_size_invalid", "page_size must be between 1 and 100.")
	ErrSort   = apperror.New(apperror.BadRequest, "sort_unknown", "This list cannot be sorted that way.")
	ErrFilter = apperror.New(apperror.BadRequest, "filter_unknown", "This list does not know that filter.")
)

// Query is embedded in the input of every numbered list. Zero values mean the defaults.
type Query struct {
	Page     int    `query:"page" doc:"Page number, from 1." default:"1"`
	PageSize int    `query:"page_size" doc:"Rows per page, at most 100." default:"25"`
	Sort     string `query:"sort" doc:"Comma-separated fields, a leading minus sorts descending."`
}

// Window is a checked Query: what SQL needs.
type Window struct {
	Page, Size int
	// OrderBy is a safe ORDER BY list that ends with the tie-break, made only from the columns that the list declared.
	OrderBy string
}

// Offset is the number of rows before the page.
func (w Window) Offset() int { return (w.Page - 1) * w.Size }

// Columns declares the sortable fields of a list: wire name to column expression. The default order is used when the
// caller does not ask for one. Both are constants of the source, never input.
type Columns struct {
	ByName   map[string]string
	Default  string
	TieBreak string
}

// Check turns the query into a window or answers page_size_invalid, bad_request or sort_unknown.
func (q Query) Check(c Columns) (Window, error) {
	if q.PageSize == 0 {
		q.PageSize = DefaultSize
	}
	if q.Page == 0 {
		q.Page = 1
	}
	if q.PageSize < 1 || q.PageSize > MaxSize {
		return Window{}, ErrSize.At("query.page_size", "must be between 1 and 100")
	}
	if q.Page < 1 || q.Page > 1_000_000 {
		return Window{}, apperror.ErrBadRequest.At("query.page", "must be between 1 and 1000000")
	}
	order, err := c.order(q.Sort)
	if err != nil {
		return Window{}, err
	}
	return Window{Page: q.Page, Size: q.PageSize, OrderBy: order}, nil
}

func (c Columns) order(sort string) (string, error) {
	if sort == "" {
		return c.Default + ", " + c.TieBreak, nil
	}
	var out []string
	for _, f := range strings.Split(sort, ",") {
		name, direction := strings.TrimPrefix(f, "-"), " ASC"
		if strings.HasPrefix(f, "-") {
			direction = " DESC"
		}
		column, ok := c.ByName[name]
		if !ok {
			return "", ErrSort.At("query.sort", "unknown field")
		}
		out = append(out, column+direction)
	}
	return strings.Join(append(out, c.TieBreak), ", "), nil
}

// Result is one page of rows with the number of rows that match in all.
type Result[T any] struct {
	Rows  []T
	Total int
	Window
}

// Map converts the rows of a page and keeps its numbers.
func Map[A, B any](r Result[A], f func(A) B) Result[B] {
	out := Result[B]{Rows: make([]B, len(r.Rows)), Total: r.Total, Window: r.Window}
	for i, a := range r.Rows {
		out.Rows[i] = f(a)
	}
	return out
}

// Slice is one stretch of a feed. An empty Next means that there is no more.
type Slice[T any] struct {
	Rows []T
	Next string
}
