package file

import (
	"context"
	"encoding/hex"
	"io"
	"net/http"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
)

const tag = "Files"

// Routes registers the endpoints of this package.
func (s *Service) Routes(api *httpapi.Server) {
	const path = "/v1/files"
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: path + "/policies", ID: "list-file-policies", Tag: tag,
		Summary:  "What may be uploaded for which purpose",
		Audience: httpapi.Member, Permission: auth.FileUpload,
	}, s.getPolicies)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: path, ID: "begin-upload", Tag: tag, Status: http.StatusCreated, Limit: "file.upload", Credential: true,
		Summary:  "Begin an upload: the answer holds a form that stores exactly this file, for five minutes",
		Audience: httpapi.Member, Permission: auth.FileUpload, Errors: []*apperror.Error{apperror.ErrInvalid, ErrTypeRefused, ErrTooLarge},
	}, s.postFile)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: path + "/{id}/confirm", ID: "confirm-upload", Tag: tag,
		Summary:  "Check what was uploaded; a file that is ready answers itself again",
		Audience: httpapi.Member, Permission: auth.FileUpload,
		Errors: append([]*apperror.Error{ErrNotFound, ErrMissing}, refusals()...),
	}, s.postConfirm)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: path + "/{id}", ID: "get-file", Tag: tag, Summary: "Read what is known about a file",
		Audience: httpapi.Member, Permission: auth.FileRead, Errors: []*apperror.Error{ErrNotFound},
	}, s.getFile)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: path + "/{id}/download", ID: "link-file", Tag: tag, Credential: true,
		Summary:  "Make an address for the content that serves this login session for five minutes",
		Audience: httpapi.Member, Permission: auth.FileRead, Errors: []*apperror.Error{ErrNotFound, ErrNotReady},
	}, s.getLink)
	httpapi.Download(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: path + "/{id}/content", ID: "download-file", Tag: tag,
		Summary:  "Read the content through an address that was made for this login session",
		Audience: httpapi.Member, Permission: auth.FileRead, Errors: []*apperror.Error{ErrNotFound, ErrNotReady, ErrLinkExpired, ErrLinkForeign},
	}, s.getContent)
	httpapi.Empty(api, httpapi.Endpoint{
		Method: http.MethodDelete, Path: path + "/{id}", ID: "delete-file", Tag: tag, Summary: "Delete a file that belongs to nothing",
		Audience: httpapi.Member, Permission: auth.FileUpload, Errors: []*apperror.Error{ErrNotFound, ErrInUse, ErrRetention},
	}, s.deleteFile)
	httpapi.Download(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/public/files/{id}", ID: "get-public-picture", Tag: tag,
		Summary:  "A picture of the clinic's public face",
		Audience: httpapi.Public, Permission: auth.PublicRead, Errors: []*apperror.Error{ErrNotFound},
	}, s.getPicture)
}

type policiesOutput struct {
	Policies []policyOutput `json:"policies" nullable:"false"`
}

type policyOutput struct {
	Purpose      Purpose  `json:"purpose"`
	ContentTypes []string `json:"content_types" nullable:"false"`
	MaxBytes     int64    `json:"max_bytes"`
	MaxSide      int      `json:"max_side" doc:"Longest side of a picture in pixels; 0 where there is no such limit."`
	MayUpload    bool     `json:"may_upload" doc:"Whether the caller's role may."`
}

func (s *Service) getPolicies(ctx context.Context, _ *struct{}) (policiesOutput, error) {
	p, _ := auth.From(ctx)
	var out policiesOutput
	for _, policy := range Policies() {
		out.Policies = append(out.Policies, policyOutput{
			Purpose: policy.Purpose, ContentTypes: policy.Types, MaxBytes: policy.MaxBytes, MaxSide: policy.MaxSide, MayUpload: policy.mayUpload(p.Role),
		})
	}
	return out, nil
}

type fileOutput struct {
	ID           string     `json:"id" format:"uuid"`
	Purpose      Purpose    `json:"purpose" enum:"org_logo,avatar,cover,signature_image,licence_scan,guardian_evidence,service_attachment"`
	Filename     string     `json:"filename"`
	ContentType  string     `json:"content_type" doc:"As declared."`
	DetectedType *string    `json:"detected_type" doc:"What is stored and served; null before the confirmation."`
	Size         *int64     `json:"size" doc:"Of what is stored: pictures are written anew."`
	SHA256       *string    `json:"sha256"`
	Width        *int32     `json:"width"`
	Height       *int32     `json:"height"`
	Status       Status     `json:"status" enum:"pending,ready,rejected,quarantined,deleted"`
	OwnerType    *string    `json:"owner_type"`
	OwnerID      *string    `json:"owner_id" format:"uuid"`
	ConfirmedAt  *time.Time `json:"confirmed_at"`
	CreatedAt    time.Time  `json:"created_at"`
	RowVersion   int64      `json:"row_version"`
}

// Version implements httpapi.Versioned.
func (o fileOutput) Version() int64 { return o.RowVersion }

func output(f File) fileOutput {
	out := fileOutput{
		ID: f.ID.String(), Purpose: f.Purpose, Filename: f.Filename, ContentType: f.ContentType, DetectedType: f.DetectedType, Size: f.Size,
		Width: f.Width, Height: f.Height, Status: f.Status, OwnerType: f.OwnerType, ConfirmedAt: f.ConfirmedAt, CreatedAt: f.CreatedAt,
		RowVersion: f.RowVersion,
	}
	if f.SHA256 != nil {
		sum := hex.EncodeToString(f.SHA256)
		out.SHA256 = &sum
	}
	if f.OwnerID != nil {
		id := f.OwnerID.String()
		out.OwnerID = &id
	}
	return out
}

type newFileInput struct {
	Body struct {
		Purpose     Purpose `json:"purpose" minLength:"1" maxLength:"40"`
		Filename    string  `json:"filename" minLength:"1" maxLength:"1024" doc:"At most 255 characters are kept of it; folders before the name are dropped."`
		ContentType string  `json:"content_type" minLength:"1" maxLength:"100"`
		Size        int64   `json:"size" minimum:"1" doc:"Bytes; the form stores exactly as many."`
		SHA256      string  `json:"sha256" pattern:"^[0-9a-f]{64}$"`
	}
}

type uploadOutput struct {
	fileOutput
	Upload formOutput `json:"upload"`
}

type formOutput struct {
	URL       string            `json:"url" doc:"Where to post the fields and then the bytes, as multipart/form-data with the bytes last in a part named file."`
	Fields    map[string]string `json:"fields"`
	ExpiresAt time.Time         `json:"expires_at"`
}

func (s *Service) postFile(ctx context.Context, in *newFileInput) (uploadOutput, error) {
	b := in.Body
	sum, err := hex.DecodeString(b.SHA256)
	if err != nil {
		return uploadOutput{}, apperror.ErrInvalid.At("body.sha256", "expected 64 hexadecimal digits")
	}
	u, err := s.Begin(ctx, NewUpload{Purpose: b.Purpose, Filename: b.Filename, ContentType: b.ContentType, Size: b.Size, SHA256: sum})
	if err != nil {
		return uploadOutput{}, err
	}
	return uploadOutput{output(u.File), formOutput{URL: u.Form.URL, Fields: u.Form.Fields, ExpiresAt: u.FormExpiresAt}}, nil
}

// Path is the file that an endpoint is about. It is exported because embedded path fields are part of what makes two keyed requests equal.
type Path struct {
	ID ID `path:"id" format:"uuid" doc:"Id of the file."`
}

func (s *Service) postConfirm(ctx context.Context, in *Path) (fileOutput, error) {
	f, err := s.Confirm(ctx, in.ID)
	if err != nil {
		return fileOutput{}, err
	}
	return output(f), nil
}

func (s *Service) getFile(ctx context.Context, in *Path) (fileOutput, error) {
	f, err := s.Get(ctx, in.ID)
	if err != nil {
		return fileOutput{}, err
	}
	return output(f), nil
}

type linkOutput struct {
	URL       string    `json:"url" doc:"Path of this API, with its query; the caller's own login session is needed beside it."`
	ExpiresAt time.Time `json:"expires_at"`
}

func (s *Service) getLink(ctx context.Context, in *Path) (linkOutput, error) {
	l, err := s.Link(ctx, in.ID)
	return linkOutput{URL: l.Path, ExpiresAt: l.ExpiresAt}, err
}

type contentInput struct {
	Path
	Expires   int64  `query:"expires" required:"true"`
	Signature string `query:"signature" required:"true" maxLength:"100"`
}

func (s *Service) getContent(ctx context.Context, in *contentInput) (httpapi.Bytes, error) {
	f, err := s.Open(ctx, in.ID, in.Expires, in.Signature)
	if err != nil {
		return httpapi.Bytes{}, err
	}
	b := s.bytesOf(f)
	b.Filename = f.Filename
	return b, nil
}

type pictureInput struct {
	Path
	Organization string `query:"organization" doc:"Slug of the clinic, where headers cannot be set."`
}

func (s *Service) getPicture(ctx context.Context, in *pictureInput) (httpapi.Bytes, error) {
	f, err := s.Picture(ctx, in.ID)
	if err != nil {
		return httpapi.Bytes{}, err
	}
	b := s.bytesOf(f)
	b.Shared = true
	return b, nil
}

// bytesOf expects a ready file, whose type, size and sum are known.
func (s *Service) bytesOf(f File) httpapi.Bytes {
	return httpapi.Bytes{
		ContentType: *f.DetectedType, Size: *f.Size, Tag: hex.EncodeToString(f.SHA256),
		Open: func(ctx context.Context, first, last int64) (io.ReadCloser, error) {
			p, _ := auth.From(ctx)
			if err := checkKey(p.OrgID, f.StorageKey); err != nil {
				return nil, err
			}
			return s.Objects.Get(ctx, f.StorageKey, first, last)
		},
	}
}

func (s *Service) deleteFile(ctx context.Context, in *Path) error { return s.Delete(ctx, in.ID) }
