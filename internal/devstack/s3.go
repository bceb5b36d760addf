package devstack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/embedgw"
)

const (
	s3Region = "eu-central-1"
	s3Bucket = "restartix"
	s3Access = "restartix"
)

// gateway is a running S3 endpoint.
type gateway struct {
	endpoint, secretKey string
}

// startS3 serves a folder as S3 from this process. The gateway changes the working directory of the process, so
// every path in this package is absolute; a process can hold one gateway.
func (s *supervisor) startS3(ctx context.Context, port int) (gateway, error) {
	g := gateway{endpoint: "http://" + address(port), secretKey: s.secret.password("s3")}
	base := filepath.Join(s.opts.Data, "s3")
	objects, attributes := filepath.Join(base, "objects"), filepath.Join(base, "attributes")
	for _, dir := range []string{objects, attributes} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return g, fmt.Errorf("making %s: %w", dir, err)
		}
	}
	sidecar, err := meta.NewSideCar(attributes) // extended attributes do not exist on every file system
	if err != nil {
		return g, fmt.Errorf("opening the object attributes: %w", err)
	}
	// Without a threshold every copy is refused as too large.
	backend, err := posix.New(objects, sidecar, posix.PosixOpts{CopyObjectThreshold: 5 << 30})
	if err != nil {
		return g, fmt.Errorf("opening the object folder: %w", err)
	}
	serve, cancel := context.WithCancel(context.WithoutCancel(ctx)) // it ends in its turn, after the APIs
	gone := make(chan struct{})
	go func() {
		err := embedgw.RunVersityGW(serve, backend, &embedgw.Config{
			RootUserAccess: s3Access, RootUserSecret: g.secretKey, Region: s3Region, Ports: []string{address(port)},
			HealthPath: "/health", MaxConnections: 4096, MaxRequests: 1024, MultipartMaxParts: 10000,
			Quiet: true, KeepAlive: true,
		})
		close(gone)
		if serve.Err() == nil {
			s.fail(fmt.Errorf("the S3 gateway ended by itself: %w", err))
		}
	}()
	s.atEnd(layerServices, func() {
		cancel()
		<-gone
	})
	return g, poll(ctx, 20*time.Second, gone, answers(g.endpoint+"/health", 300))
}

// makeBucket creates the platform's bucket if it is new and lets the web apps upload into it from the browser.
func (g gateway) makeBucket(ctx context.Context, origins []string) error {
	client := s3.New(s3.Options{
		BaseEndpoint: aws.String(g.endpoint), Region: s3Region, UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(s3Access, g.secretKey, ""),
	})
	_, err := client.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: aws.String(s3Bucket)})
	if _, absent := errors.AsType[*types.NotFound](err); absent {
		_, err = client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String(s3Bucket)})
	}
	if err != nil {
		return fmt.Errorf("making the bucket %s: %w", s3Bucket, err)
	}
	_, err = client.PutBucketCors(ctx, &s3.PutBucketCorsInput{
		Bucket: aws.String(s3Bucket),
		CORSConfiguration: &types.CORSConfiguration{CORSRules: []types.CORSRule{{
			AllowedOrigins: origins, AllowedMethods: []string{"GET", "HEAD", "POST", "PUT"},
			AllowedHeaders: []string{"*"}, ExposeHeaders: []string{"ETag"}, MaxAgeSeconds: aws.Int32(600),
		}}},
	})
	if err != nil {
		return fmt.Errorf("allowing uploads from the web apps: %w", err)
	}
	return nil
}
