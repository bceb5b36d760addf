// Package redisdb is the connection to Redis and the one key prefix that everything of the product stands under.
//
// Redis holds only what may be lost: rate limits, slot holds, caches and pushes. Every key has a time to live, and no
// key or value is personal in the clear. Who cannot go on without Redis has used it for the wrong thing.
package redisdb

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// Prefix is what every key of an installation starts with.
const Prefix = "rx:"

// Client is a pool of connections with a key prefix. It is safe for concurrent use.
type Client struct {
	*redis.Client
	prefix string
}

// Open reads a redis://, rediss:// or unix:// address and answers a client that connects when it is first used; an
// absent server is noticed by Ping, not here. The error never quotes the address, which holds a password.
func Open(address string) (*Client, error) { return OpenWithPrefix(address, Prefix) }

// OpenWithPrefix is Open for a test that wants a key space of its own.
func OpenWithPrefix(address, prefix string) (*Client, error) {
	silence()
	options, err := redis.ParseURL(address)
	if err != nil {
		return nil, errors.New("redis address is not a redis://, rediss:// or unix:// URL")
	}
	// Nobody waits long for what may be lost: a request must not hang because Redis does.
	options.DialTimeout = time.Second
	options.ReadTimeout = time.Second
	options.WriteTimeout = time.Second
	// One retry at once, for the pooled connection that a restarted server has forgotten; none after a wait.
	options.MaxRetries = 1
	options.MinRetryBackoff = -1
	options.MaxRetryBackoff = -1
	options.DialerRetries = 1
	options.ContextTimeoutEnabled = true
	options.DisableIdentity = true
	options.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	if options.TLSConfig != nil {
		options.TLSConfig.MinVersion = tls.VersionTLS12
	}
	return &Client{Client: redis.NewClient(options), prefix: prefix}, nil
}

// silence keeps the driver from writing lines of its own to standard error: they are no JSON, and every error reaches its caller.
var silence = sync.OnceFunc(func() { redis.SetLogger(quiet{}) }) //nolint:gochecknoglobals // the driver has one logger for the process

type quiet struct{}

// Printf implements the driver's logger.
func (quiet) Printf(context.Context, string, ...any) {}

// Key joins the parts behind the prefix with colons. Parts must not be personal in the clear; hash them first.
func (c *Client) Key(parts ...string) string { return c.prefix + strings.Join(parts, ":") }

// Healthy asks Redis for an answer. An error means that Redis is away, not that the product is down.
func (c *Client) Healthy(ctx context.Context) error {
	if err := c.Ping(ctx).Err(); err != nil {
		return fmt.Errorf("asking redis: %w", err)
	}
	return nil
}

// CheckTLS refuses an address whose traffic somebody on the way could read: anything but rediss://, a unix socket or a
// loopback address. A name is not loopback, whatever it resolves to today, except localhost itself.
func CheckTLS(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return errors.New("redis address is not a URL")
	}
	switch u.Scheme {
	case "rediss", "unix":
		return nil
	case "redis":
		ip, err := netip.ParseAddr(u.Hostname())
		if u.Hostname() == "localhost" || err == nil && ip.Unmap().IsLoopback() {
			return nil
		}
		return errors.New("redis needs TLS (rediss://) when it is not on this machine")
	}
	return errors.New("redis address is not a redis://, rediss:// or unix:// URL")
}
