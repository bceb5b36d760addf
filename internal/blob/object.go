package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
)

// ErrAbsent means that there is no object under the key.
var ErrAbsent = errors.New("no such object")

// Form is what a browser posts as multipart/form-data, its fields before the file. It is a secret until it ends.
type Form struct {
	URL    string
	Fields map[string]string
}

// Upload pins what a signed form may store.
type Upload struct {
	Key, ContentType string
	// Size is exact: the store refuses a longer and a shorter body.
	Size int64
	// For is how long the form may be used, counted from the signing.
	For time.Duration
}

// Object describes what is stored under a key.
type Object struct {
	Size        int64
	ContentType string
}

// SignUpload signs a form that stores one object of exactly this key, type and size. It contacts nobody.
func (s *Store) SignUpload(ctx context.Context, u Upload) (Form, error) {
	signed, err := s.sign.PresignPostObject(ctx, &s3.PutObjectInput{Bucket: aws.String(s.bucket), Key: aws.String(u.Key)},
		func(o *s3.PresignPostOptions) {
			o.Expires = u.For
			o.Conditions = []any{
				[]any{"content-length-range", u.Size, u.Size},
				[]any{"eq", "$Content-Type", u.ContentType},
			}
		})
	if err != nil {
		return Form{}, fmt.Errorf("sign upload: %w", err)
	}
	signed.Values["Content-Type"] = u.ContentType
	return Form{URL: signed.URL, Fields: signed.Values}, nil
}

// Head answers what is stored under the key, or ErrAbsent.
func (s *Store) Head(ctx context.Context, key string) (Object, error) {
	out, err := s.client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: aws.String(s.bucket), Key: aws.String(key)})
	if err != nil {
		return Object{}, fmt.Errorf("look for object: %w", absent(err))
	}
	return Object{Size: aws.ToInt64(out.ContentLength), ContentType: aws.ToString(out.ContentType)}, nil
}

// Get opens the bytes from first to last, both included; a negative last reads to the end. The caller closes the reader. It answers
// ErrAbsent where nothing is stored.
func (s *Store) Get(ctx context.Context, key string, first, last int64) (io.ReadCloser, error) {
	in := &s3.GetObjectInput{Bucket: aws.String(s.bucket), Key: aws.String(key)}
	switch {
	case last >= 0:
		in.Range = aws.String(fmt.Sprintf("bytes=%d-%d", first, last))
	case first > 0:
		in.Range = aws.String(fmt.Sprintf("bytes=%d-", first))
	}
	out, err := s.client.GetObject(ctx, in)
	if err != nil {
		return nil, fmt.Errorf("open object: %w", absent(err))
	}
	return out.Body, nil
}

// Put stores the bytes under the key and replaces what was there.
func (s *Store) Put(ctx context.Context, key, contentType string, content []byte) error {
	_, err := s.client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: aws.String(s.bucket), Key: aws.String(key), ContentType: aws.String(contentType), Body: bytes.NewReader(content),
		ContentLength: aws.Int64(int64(len(content))),
	})
	if err != nil {
		return fmt.Errorf("store object: %w", err)
	}
	return nil
}

// Delete removes the object; one that is not there is no error.
func (s *Store) Delete(ctx context.Context, key string) error {
	_, err := s.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String(s.bucket), Key: aws.String(key)})
	if err = absent(err); err != nil && !errors.Is(err, ErrAbsent) {
		return fmt.Errorf("delete object: %w", err)
	}
	return nil
}

// absent turns the store's two words for "nothing there" into ErrAbsent.
func absent(err error) error {
	if known, ok := errors.AsType[smithy.APIError](err); ok && (known.ErrorCode() == "NoSuchKey" || known.ErrorCode() == "NotFound") {
		return ErrAbsent
	}
	return err
}
