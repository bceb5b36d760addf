package organization

import (
	"context"
	"reflect"
	"strconv"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
)

// ErrStatusReserved keeps the state of a clinic out of its own hands.
var ErrStatusReserved = apperror.New(apperror.Forbidden, "status_reserved", "Only the platform's operators change the state of a clinic.")

func quoted(version int64) string { return strconv.Quote(strconv.FormatInt(version, 10)) }

// Update loads the clinic, lets change edit it, checks the result and writes both tables as one version. expected is the
// version that the caller saw; another one answers precondition_failed with the current one. Id, slug and times cannot be
// changed; the state only by a superadmin.
func (s *Service) Update(ctx context.Context, org ident.OrgID, expected int64, change func(*Organization)) (Organization, error) {
	var after Organization
	err := s.InClinic(ctx, org, func(tx *postgres.Tx) error {
		before, err := lockedByID(ctx, tx, org)
		if err != nil {
			return err
		}
		if before.RowVersion != expected {
			return errVersion(before.RowVersion)
		}
		edited := before
		settings := *before.Settings
		edited.Settings = &settings
		change(&edited)
		edited.ID, edited.Slug = before.ID, before.Slug
		if edited.Status != before.Status && !tx.Platform() {
			return ErrStatusReserved
		}
		if err := edited.check(&before); err != nil {
			return err
		}
		if after, err = s.write(ctx, tx, before, edited); err != nil {
			return err
		}
		return s.forget(ctx, tx, after)
	})
	return after, err
}

// write stores an edited clinic and its audit row; without a difference nothing happens and the version stays.
func (s *Service) write(ctx context.Context, tx *postgres.Tx, before, edited Organization) (Organization, error) {
	changes := differences(before, edited)
	if len(changes) == 0 {
		return before, nil
	}
	after, err := update(ctx, tx, edited)
	if err != nil {
		return Organization{}, err
	}
	action := "update"
	if before.Status != edited.Status {
		action = "transition"
	}
	s.Trail.RecordTx(ctx, tx, audit.Entry{Action: action, EntityType: "organization", EntityID: before.ID.String(), Changes: changes})
	return after, nil
}

// differences are the changed columns by name, before and after; changed settings are listed one by one.
func differences(before, after Organization) map[string]audit.Change {
	out := map[string]audit.Change{}
	b, a := reflect.ValueOf(before), reflect.ValueOf(after)
	for i := range b.NumField() {
		name := b.Type().Field(i).Tag.Get("db")
		if name == "settings" || reflect.DeepEqual(b.Field(i).Interface(), a.Field(i).Interface()) {
			continue
		}
		out[name] = audit.Change{b.Field(i).Interface(), a.Field(i).Interface()}
	}
	if before.Settings == nil || after.Settings == nil {
		return out
	}
	b, a = reflect.ValueOf(*before.Settings), reflect.ValueOf(*after.Settings)
	for i := range b.NumField() {
		if !reflect.DeepEqual(b.Field(i).Interface(), a.Field(i).Interface()) {
			out["settings."+b.Type().Field(i).Tag.Get("json")] = audit.Change{b.Field(i).Interface(), a.Field(i).Interface()}
		}
	}
	return out
}
