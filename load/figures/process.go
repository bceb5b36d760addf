package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a child that serves HTTP, with its counters of the kernel.
type process struct {
	cmd    *exec.Cmd
	base   string
	client *http.Client
	// began is when the program was started, ready when it first answered.
	began, ready time.Time
}

// limitsFile lifts the rate limits, which would otherwise shape the load.
func limitsFile(dir string) (string, error) {
	file := filepath.Join(dir, "limits.json")
	doc := map[string]any{}
	for _, name := range []string{"user", "ip", "login.account", "login.ip", "auth.login", "public.availability", "public.booking", "public.hold"} {
		doc[name] = map[string]any{"requests": 1_000_000, "per": "1s"}
	}
	raw, err := json.Marshal(doc)
	if err != nil {
		return "", fmt.Errorf("write limits: %w", err)
	}
	return file, os.WriteFile(file, raw, 0o600)
}

func freeAddress(ctx context.Context) (string, error) {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a port: %w", err)
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// start runs a program and waits until path answers 200. extra is added to this process's environment.
func start(ctx context.Context, path string, extra []string, program string, args ...string) (*process, error) {
	addr, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	for i, a := range args {
		args[i] = strings.ReplaceAll(a, "{addr}", addr)
	}
	p := &process{base: "http://" + addr, client: &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 16}}}
	p.cmd = exec.CommandContext(ctx, program, args...) //nolint:gosec // the programs of this repository
	p.cmd.Env = append(append(os.Environ(), "API_ADDR="+addr, "LOG_LEVEL=info"), extra...)
	var noise bytes.Buffer
	p.cmd.Stderr = &noise
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(syscall.SIGTERM) }
	p.began = time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	for {
		if r, err := p.client.Get(p.base + path); err == nil { //nolint:noctx // bounded by the client's timeout
			drain(r)
			if r.StatusCode == http.StatusOK {
				p.ready = time.Now()
				return p, nil
			}
		}
		if time.Since(p.began) > 20*time.Second {
			return nil, errors.Join(fmt.Errorf("%s is not ready after 20 s: %s", program, noise.String()), p.stop())
		}
		time.Sleep(time.Millisecond)
	}
}

func drain(r *http.Response) {
	_, _ = io.Copy(io.Discard, r.Body)
	_ = r.Body.Close()
}

func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("stop process: %w", err)
	}
	// A child that was told to stop may answer with its signal; it has ended either way.
	_ = p.cmd.Wait()
	return nil
}

// cpu is the processor time that the process has used, in user and kernel mode.
func (p *process) cpu() (time.Duration, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("read processor time: %w", err)
	}
	_, rest, _ := strings.Cut(string(raw), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, errors.New("processor time is not where it should be")
	}
	user, err1 := strconv.ParseInt(fields[11], 10, 64)
	kernel, err2 := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+kernel) * 10 * time.Millisecond, errors.Join(err1, err2)
}

// memory is the resident set in bytes: now, and the highest so far.
func (p *process) memory() (now, peak int64, err error) {
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, 0, fmt.Errorf("read memory: %w", err)
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		fields := strings.Fields(s.Text())
		if len(fields) < 2 {
			continue
		}
		kilobytes, err := strconv.ParseInt(fields[1], 10, 64)
		switch {
		case fields[0] == "VmRSS:" && err == nil:
			now = kilobytes << 10
		case fields[0] == "VmHWM:" && err == nil:
			peak = kilobytes << 10
		}
	}
	return now, peak, nil
}

// login signs the account in and answers its access token.
func (p *process) login(ctx context.Context, s signIn) (string, error) {
	body, err := json.Marshal(map[string]string{"email": s.Email, "password": s.Password, "app": "clinic"})
	if err != nil {
		return "", fmt.Errorf("encode sign-in: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.base+"/v1/auth/login", bytes.NewReader(body))
	if err != nil {
		return "", fmt.Errorf("make request: %w", err)
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := p.client.Do(r)
	if err != nil {
		return "", fmt.Errorf("sign in: %w", err)
	}
	defer answer.Body.Close()
	var out struct {
		Data struct {
			AccessToken string `json:"access_token"`
		} `json:"data"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&out); err != nil || out.Data.AccessToken == "" {
		return "", fmt.Errorf("sign in: status %d, no token: %w", answer.StatusCode, err)
	}
	return out.Data.AccessToken, nil
}
