// Package blob is the object store: any S3 endpoint, the embedded gateway included. It moves bytes by key and signs the form with which
// a browser sends an upload straight to the store; which keys exist and who may read them is decided elsewhere.
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
	// PublicEndpoint is where browsers find the store; empty means Endpoint.
	PublicEndpoint       string
	AccessKey, SecretKey string
}

// Store is one bucket. Safe for concurrent use.
type Store struct {
	client *s3.Client
	sign   *s3.PresignClient
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
	seen := func(o *s3.PresignOptions) {
		if c.PublicEndpoint != "" {
			o.ClientOptions = append(o.ClientOptions, func(o *s3.Options) { o.BaseEndpoint = aws.String(c.PublicEndpoint) })
		}
	}
	return &Store{client: client, sign: s3.NewPresignClient(client, seen), bucket: c.Bucket}
}

// Healthy asks for the bucket; an error means that files cannot be stored or read now.
func (s *Store) Healthy(ctx context.Context) error {
	if _, err := s.client.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: aws.String(s.bucket)}); err != nil {
		return fmt.Errorf("ask object store: %w", err)
	}
	return nil
}
