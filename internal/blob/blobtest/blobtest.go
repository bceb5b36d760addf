// Package blobtest gives tests the object store of `make services`.
package blobtest

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/restartix/platform/internal/blob"
)

const bucket = "restartix-test"

var makeBucket = sync.OnceValue(func() error { //nolint:gochecknoglobals // one bucket for all tests of a binary
	c := config()
	client := s3.New(s3.Options{
		BaseEndpoint: aws.String(c.Endpoint), Region: c.Region, UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(c.AccessKey, c.SecretKey, ""),
	})
	_, err := client.CreateBucket(context.Background(), &s3.CreateBucketInput{Bucket: aws.String(bucket)})
	if _, ours := errors.AsType[*types.BucketAlreadyOwnedByYou](err); ours {
		return nil
	}
	if _, there := errors.AsType[*types.BucketAlreadyExists](err); there {
		return nil
	}
	return err
})

func config() blob.Config {
	return blob.Config{
		Endpoint: os.Getenv("TEST_S3_ENDPOINT"), Region: os.Getenv("TEST_S3_REGION"), Bucket: bucket,
		AccessKey: os.Getenv("TEST_S3_ACCESS_KEY"), SecretKey: os.Getenv("TEST_S3_SECRET_KEY"),
	}
}

// New is the store, with one bucket that all tests share: keys hold ids of clinics, so they cannot meet.
func New(t testing.TB) *blob.Store {
	t.Helper()
	if os.Getenv("TEST_S3_ENDPOINT") == "" {
		t.Fatal("TEST_S3_ENDPOINT is not set: run `make services` in another terminal and source .data/test.env")
	}
	if err := makeBucket(); err != nil {
		t.Fatalf("make bucket: %v", err)
	}
	return blob.NewS3(config())
}
