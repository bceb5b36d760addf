package ident_test

import (
	"strings"
	"testing"

	"github.com/restartix/platform/internal/ident"
)

func TestSlug(t *testing.T) {
	t.Parallel()
	free := func(string) bool { return false }
	for name, want := range map[string]string{
		"Dr. Ștefan Țîrlea": "dr-stefan-tirlea", "  Kinetoterapie 10 x 30  ": "kinetoterapie-10-x-30", "ĂÂÎŞŢ": "aaist", "東京": "item", "": "item",
	} {
		if got := ident.Slug(name, "item", free); got != want || !ident.IsSlug(got) {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
	used := map[string]bool{"ana-pop": true, "ana-pop-2": true}
	if got := ident.Slug("Ana Pop", "item", func(s string) bool { return used[s] }); got != "ana-pop-3" {
		t.Errorf("the third Ana Pop is %q", got)
	}
	if got := ident.Slug(strings.Repeat("ab ", 60), "item", free); !ident.IsSlug(got) {
		t.Errorf("a long name becomes %q", got)
	}
	for _, s := range []string{"", "-a", "a-", "a--b", "A", "a b", strings.Repeat("a", 81)} {
		if ident.IsSlug(s) {
			t.Errorf("%q passes as a slug", s)
		}
	}
}
