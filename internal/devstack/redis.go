package devstack

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// startRedis serves an empty-password Redis on the loopback and answers where its program came from: redis-server or
// valkey-server when installed, else, unless realOnly, one inside this process.
func (s *supervisor) startRedis(ctx context.Context, port int, realOnly, keep bool) (source string, err error) {
	path, err := exec.LookPath("redis-server")
	if err != nil {
		path, err = exec.LookPath("valkey-server")
	}
	if err != nil && realOnly {
		return "", errors.New("redis-server is not installed: install the Debian package redis-server (scripts/apt.sh does)")
	}
	if err != nil {
		return "in-process miniredis", s.startMiniredis(port)
	}
	dir := filepath.Join(s.opts.Data, "redis")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("making %s: %w", dir, err)
	}
	appendOnly := "no"
	if keep {
		appendOnly = "yes"
	}
	server, err := s.launch(layerServices, program{
		name: "redis", path: path, dir: "/", env: childEnv(s.opts.Env, nil),
		args: []string{
			"--port", strconv.Itoa(port), "--bind", "127.0.0.1", "--protected-mode", "yes", "--dir", dir,
			"--appendonly", appendOnly, "--save", "", "--maxmemory-policy", "noeviction",
		},
		stop: syscall.SIGTERM, death: syscall.SIGTERM,
	})
	if err != nil {
		return "", err
	}
	return "installed, " + filepath.Base(path), server.ready(ctx, 20*time.Second, func(ctx context.Context) error {
		return redisPing(ctx, address(port))
	})
}

// startMiniredis serves Redis from this process. Its keys expire only when told how much time went by.
func (s *supervisor) startMiniredis(port int) error {
	server := miniredis.NewMiniRedis()
	if err := server.StartAddr(address(port)); err != nil {
		return fmt.Errorf("starting the in-process Redis: %w", err)
	}
	stop := make(chan struct{})
	go func() {
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		last := s.opts.Now()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				now := s.opts.Now()
				server.FastForward(now.Sub(last))
				last = now
			}
		}
	}()
	s.atEnd(layerServices, func() {
		close(stop)
		server.Close()
	})
	return nil
}

func redisPing(ctx context.Context, addr string) error {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			return err
		}
	}
	if _, err := conn.Write([]byte("PING\r\n")); err != nil {
		return err
	}
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return err
	}
	if line != "+PONG\r\n" { // -LOADING while a large file is read in
		return fmt.Errorf("redis answered %q", line)
	}
	return nil
}
