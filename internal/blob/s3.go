// Package blob is the object store: any S3 endpoint, the embedded gateway included. So far the product asks it only whether it
// is there; uploads and downloads by presigned address come with the files.
package blob

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Config says where the bucket is and with which key it is used.
type Config struct {
	Endpoint, Region, Bucket string
	AccessKey, SecretKey     string
}

// Store is one bucket. Safe for concurrent use.
type Store struct {
	client *s3.Client
	bucket string
}

// NewS3 prepares a store without connecting.
func NewS3(c Config) *Store {
	client := s3.New(s3.Options{
		BaseEndpoint: aws.String(c.Endpoint),
		Region:       c.Region,
		UsePathStyle: true,
		Credentials:  credentials.NewStaticCredentialsProvider(c.AccessKey, c.SecretKey, ""),
		HTTPClient:   &http.Client{Timeout: 30 * time.Second},
		Retryer:      aws.NopRetryer{},
	})
	return &Store{client: client, bucket: c.Bucket}
}

// Healthy asks for the bucket; an error means that files cannot be stored or read now.
func (s *Store) Healthy(ctx context.Context) error {
	if _, err := s.client.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: aws.String(s.bucket)}); err != nil {
		return fmt.Errorf("ask object store: %w", err)
	}
	return nil
}
