package file

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/postgres"
)

// Link is an address under which Core API serves one file to one login session.
type Link struct {
	// Path begins with /v1; the app that shows it puts its own way to Core API before it.
	Path      string
	ExpiresAt time.Time
}

// Link makes an address for whoever asks, who must see the file; the read is recorded, because the bytes are.
func (s *Service) Link(ctx context.Context, id ID) (Link, error) {
	p, _ := auth.From(ctx)
	var out Link
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		f, err := byID(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := f.readable(); err != nil {
			return err
		}
		out.ExpiresAt = tx.Now.Add(uploadFor).Truncate(time.Second)
		query := url.Values{
			"expires": {strconv.FormatInt(out.ExpiresAt.Unix(), 10)}, "signature": {s.signature(p, id, out.ExpiresAt.Unix())},
		}
		out.Path = "/v1/files/" + id.String() + "/content?" + query.Encode()
		s.Trail.RecordTx(ctx, tx, audit.Entry{Action: "read", EntityType: "file", EntityID: id.String()})
		return nil
	})
	return out, err
}

// readable refuses what has no bytes to show.
func (f File) readable() error {
	switch f.Status {
	case Deleted:
		return ErrNotFound
	case Ready:
		return nil
	case Pending, Rejected, Quarantined:
	}
	return ErrNotReady
}

// signature binds a link to a file, an end, a clinic, a person and that person's login session, with a key that is derived for the clinic.
func (s *Service) signature(p auth.Principal, id ID, expires int64) string {
	bound := fmt.Sprintf("%s\x00%d\x00%s\x00%s\x00%s", id, expires, p.UserID, p.LoginSessionID, p.ImpersonationID)
	return base64.RawURLEncoding.EncodeToString(s.Ring.BlindIndex(p.OrgID.String(), "file_link", bound))
}

// Open answers the file behind a link. The caller must be the one it was made for and must still see the file.
func (s *Service) Open(ctx context.Context, id ID, expires int64, signature string) (File, error) {
	p, _ := auth.From(ctx)
	if !hmac.Equal([]byte(s.signature(p, id, expires)), []byte(signature)) {
		return File{}, ErrLinkForeign
	}
	if !s.DB.Now().Before(time.Unix(expires, 0)) {
		return File{}, ErrLinkExpired
	}
	f, err := s.Get(ctx, id)
	if err == nil {
		err = f.readable()
	}
	return f, err
}

// Picture answers a picture of the clinic's public face; visitors read it as long as its owner is published.
func (s *Service) Picture(ctx context.Context, id ID) (File, error) {
	f, err := s.Get(ctx, id)
	if err == nil && (!f.Purpose.isPublic() || f.Status != Ready || f.OwnerID == nil) {
		return File{}, ErrNotFound
	}
	return f, err
}
