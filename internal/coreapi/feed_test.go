package coreapi_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/restartix/platform/internal/coreapi/apitest"
)

// feeds are the operations that answer a stretch and a cursor, by the document.
func (c contract) feeds() []operation {
	var out []operation
	for _, o := range c.operations() {
		answer := c.resolve(at(o.node, "responses", "200", "content", "application/json", "schema"))
		if at(c.resolve(at(answer, "properties", "pagination")), "properties", "next_cursor") != nil {
			out = append(out, o)
		}
	}
	return out
}

// stretch is one page of a feed.
type stretch struct {
	Data []struct {
		ID string `json:"id"`
	} `json:"data"`
	Pagination struct {
		Next *string `json:"next_cursor"`
	} `json:"pagination"`
}

// pageThrough reads a feed to its end, letting between run after every page, and answers the ids in their order.
func pageThrough(c apitest.Client, path string, between func()) []string {
	var ids []string
	separator := "?"
	if strings.Contains(path, "?") {
		separator = "&"
	}
	next := ""
	for range 500 {
		page := apitest.JSON[stretch](c.Get(path + separator + "page_size=7" + next).Must(http.StatusOK))
		for _, row := range page.Data {
			ids = append(ids, row.ID)
		}
		if page.Pagination.Next == nil {
			return ids
		}
		next = "&cursor=" + url.QueryEscape(*page.Pagination.Next)
		between()
	}
	return append(ids, "endless", "endless")
}

// lost compares what was read with what was there before and is wrong with duplicates and with rows that nobody read.
func lost(before, read []string) (twice, missing int) {
	seen := map[string]int{}
	for _, id := range read {
		if seen[id]++; seen[id] == 2 {
			twice++
		}
	}
	return twice, len(onlyIn(before, read))
}

// I-6 for feeds: every feed of the document is read page by page while rows come in between; no row is doubled and none that was there at the
// start is lost. Forged and foreign cursors are refused. Seen red: a doubled and a lost row are counted.
// Verifies API-03
func TestFeeds_pagesAreStableUnderInserts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, generous(t, apitest.Options{Quiet: true}))
	doc, twice, missing, read := contractOf(t, w.api), 0, 0, 0
	grow := func() {
		for range 3 {
			w.a.AsAdmin().Get("/v1/admin/users") // refused, which the trail notes
			w.a.AsAdmin().Post(w.path(w.a, "members"), object{"email": unique() + "@example.test", "role": "specialist"}).Must(http.StatusCreated)
			w.securityEvent(w.a.ID)
		}
	}
	for range 12 {
		grow()
	}
	feeds := doc.feeds()
	for _, o := range feeds {
		path := w.right(o.method, o.path, o.id, w.a).path
		admin := w.a.AsAdmin()
		before := pageThrough(admin, path, func() {})
		got := pageThrough(admin, path, grow)
		doubled, gone := lost(before, got)
		twice, missing, read = twice+doubled, missing+gone, read+len(got)
		if doubled+gone > 0 || len(before) < 8 {
			t.Errorf("%s: %d rows, %d twice, %d lost", o.id, len(before), doubled, gone)
		}
		cursor := *apitest.JSON[stretch](admin.Get(path + "?page_size=1").Must(http.StatusOK)).Pagination.Next
		for _, forged := range []string{"x", cursor + "x", cursor[:len(cursor)-2], strings.ToUpper(cursor), strings.Repeat("A", 500)} {
			admin.Get(path + "?cursor=" + url.QueryEscape(forged)).Expect(http.StatusBadRequest)
		}
		for _, size := range []string{"101", "-1", "1000000000"} {
			admin.Get(path+"?page_size="+size).Expect(http.StatusBadRequest, "page_size_invalid")
		}
		admin.Get(path+"?foo=1").Expect(http.StatusBadRequest, "filter_unknown")
		if theirs := pageThrough(w.b.AsAdmin(), path, func() {}); slices.ContainsFunc(theirs, func(id string) bool { return slices.Contains(before, id) }) {
			t.Errorf("%s: two clinics read the same row", o.id)
		}
	}
	if a, b := lost([]string{"1", "2"}, []string{"1", "1"}); a != 1 || b != 1 {
		t.Errorf("red proof: %d twice, %d lost", a, b)
	}
	printFigure(t, "I-6/feeds", fmt.Sprintf("twice=%d,lost=%d,feeds=%d,rows=%d", twice, missing, len(feeds), read), twice+missing == 0 && len(feeds) >= 2)
}
