package audit

import "reflect"

// Differences are the changed columns of two versions of a row by the name of their db tag, for Entry.Changes. Fields without a
// tag or with "-", and the columns of the row's own keeping, are left out.
func Differences[T any](before, after T) map[string]Change {
	out := map[string]Change{}
	b, a := reflect.ValueOf(before), reflect.ValueOf(after)
	for i := range b.NumField() {
		switch name := b.Type().Field(i).Tag.Get("db"); name {
		case "", "-", "created_at", "updated_at", "row_version":
		default:
			if was, is := b.Field(i).Interface(), a.Field(i).Interface(); !reflect.DeepEqual(was, is) {
				out[name] = Change{was, is}
			}
		}
	}
	return out
}

// Created are all columns of a new row, for Entry.Changes.
func Created[T any](row T) map[string]Change {
	out := map[string]Change{}
	v := reflect.ValueOf(row)
	for i := range v.NumField() {
		switch name := v.Type().Field(i).Tag.Get("db"); name {
		case "", "-", "created_at", "updated_at", "row_version":
		default:
			if !v.Field(i).IsZero() {
				out[name] = Change{nil, v.Field(i).Interface()}
			}
		}
	}
	return out
}
