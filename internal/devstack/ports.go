package devstack

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
)

// Ports are the listening ports of a stack, all on 127.0.0.1.
type Ports struct {
	API, Telemetry                   int
	Clinic, Portal, Console          int
	Postgres, Redis, S3, SMTP, Inbox int
}

// DefaultPorts are the ports that the documentation names.
func DefaultPorts() Ports {
	return Ports{
		API: 9000, Telemetry: 4000,
		Clinic: 9100, Portal: 9200, Console: 9300,
		Postgres: 9432, Redis: 9379, S3: 9800, SMTP: 9025, Inbox: 9080,
	}
}

// Shift moves every port by offset, so that a second checkout can run beside the first.
func (p Ports) Shift(offset int) Ports {
	for _, port := range []*int{
		&p.API, &p.Telemetry, &p.Clinic, &p.Portal, &p.Console, &p.Postgres, &p.Redis, &p.S3, &p.SMTP, &p.Inbox,
	} {
		*port += offset
	}
	return p
}

func address(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

// claim is a port that a part is about to use, with the words for the person whose port is taken.
type claim struct {
	port int
	part string // as people know it: "PostgreSQL"
	way  string // what to set instead, or empty
}

// checkFree fails on the first claimed port that something else holds, before anything is started.
func checkFree(ctx context.Context, claims []claim) error {
	for _, c := range claims {
		var config net.ListenConfig
		listener, err := config.Listen(ctx, "tcp", address(c.port))
		if errors.Is(err, syscall.EADDRINUSE) {
			advice := fmt.Sprintf("stop the program that holds it (find it with `lsof -i :%d`)", c.port)
			if c.way != "" {
				advice += ", set " + c.way
			}
			return fmt.Errorf("port %d for %s is already in use: %s, or move all ports with --port-offset", c.port, c.part, advice)
		}
		if err != nil {
			return fmt.Errorf("trying port %d for %s: %w", c.port, c.part, err)
		}
		if err := listener.Close(); err != nil {
			return fmt.Errorf("closing the trial of port %d: %w", c.port, err)
		}
	}
	return nil
}

// freePorts asks the system for n ports that nobody holds now.
func freePorts(ctx context.Context, n int) ([]int, error) {
	ports := make([]int, 0, n)
	for range n {
		var config net.ListenConfig
		// All listeners stay open until the end, so that no port is given twice.
		listener, err := config.Listen(ctx, "tcp", address(0))
		if err != nil {
			return nil, fmt.Errorf("finding a free port: %w", err)
		}
		defer listener.Close()
		ports = append(ports, listener.Addr().(*net.TCPAddr).Port) //nolint:errcheck // a TCP listener has no other address
	}
	return ports, nil
}
