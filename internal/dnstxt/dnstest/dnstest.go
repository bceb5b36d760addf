// Package dnstest is a name server of the test's own on a loopback port. It knows only what the test tells it.
package dnstest

import (
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/miekg/dns"
)

// Server answers TXT questions. Its methods may be called while it serves.
type Server struct {
	// Address is host:port, for udp and tcp.
	Address string

	mu      sync.Mutex
	texts   map[string][][]string
	hang    bool
	fail    bool
	asked   map[string]int
	release chan struct{}
}

// New starts a server that stops with the test.
func New(t testing.TB) *Server {
	t.Helper()
	s := &Server{texts: map[string][][]string{}, asked: map[string]int{}, release: make(chan struct{})}
	udp, tcp := listen(t)
	s.Address = udp.LocalAddr().String()
	for _, server := range []*dns.Server{{PacketConn: udp, Handler: s}, {Listener: tcp, Handler: s}} {
		started, stopped := make(chan struct{}), make(chan error, 1)
		server.NotifyStartedFunc = func() { close(started) }
		go func() { stopped <- server.ActivateAndServe() }()
		<-started
		t.Cleanup(func() {
			s.stopHanging()
			if err := server.Shutdown(); err != nil {
				t.Errorf("stopping name server: %v", err)
			}
			if err := <-stopped; err != nil {
				t.Errorf("name server: %v", err)
			}
		})
	}
	return s
}

// listen finds a port that is free for both protocols.
func listen(t testing.TB) (net.PacketConn, net.Listener) {
	t.Helper()
	for range 20 {
		udp, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		tcp, err := net.Listen("tcp", udp.LocalAddr().String())
		if err == nil {
			return udp, tcp
		}
		_ = udp.Close()
	}
	t.Fatal("no port is free for udp and tcp")
	return nil, nil
}

// SetTXT replaces the records of a name; each text is one record. Texts longer than 255 bytes are sent in parts.
func (s *Server) SetTXT(name string, texts ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	records := make([][]string, len(texts))
	for i, text := range texts {
		for len(text) > 255 {
			records[i], text = append(records[i], text[:255]), text[255:]
		}
		records[i] = append(records[i], text)
	}
	s.texts[canonical(name)] = records
}

// Delete makes the name unknown.
func (s *Server) Delete(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.texts, canonical(name))
}

// Hang makes the server take questions and answer none until the test ends.
func (s *Server) Hang() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hang = true
}

// Fail makes the server answer every question with SERVFAIL.
func (s *Server) Fail() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = true
}

// Asked counts the questions for a name so far.
func (s *Server) Asked(name string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[canonical(name)]
}

// ServeDNS implements dns.Handler.
func (s *Server) ServeDNS(w dns.ResponseWriter, question *dns.Msg) {
	answer, release := s.answer(question)
	if answer == nil {
		<-release
		return
	}
	if w.LocalAddr().Network() == "udp" {
		size := dns.MinMsgSize
		if opt := question.IsEdns0(); opt != nil {
			size = int(opt.UDPSize())
		}
		answer.Truncate(size)
	}
	_ = w.WriteMsg(answer) // a client that has gone away is its own business
}

func (s *Server) answer(question *dns.Msg) (*dns.Msg, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	answer := new(dns.Msg)
	answer.RecursionAvailable = true // a client takes an empty answer of any other server for a misconfigured one
	if len(question.Question) != 1 {
		return answer.SetRcode(question, dns.RcodeFormatError), nil
	}
	q := question.Question[0]
	name := canonical(q.Name)
	s.asked[name]++
	texts, known := s.texts[name]
	switch {
	case s.hang:
		return nil, s.release
	case s.fail:
		return answer.SetRcode(question, dns.RcodeServerFailure), nil
	case !known:
		return answer.SetRcode(question, dns.RcodeNameError), nil
	}
	answer.SetReply(question)
	for _, parts := range texts {
		if q.Qtype == dns.TypeTXT {
			head := dns.RR_Header{Name: q.Name, Rrtype: dns.TypeTXT, Class: dns.ClassINET}
			answer.Answer = append(answer.Answer, &dns.TXT{Hdr: head, Txt: escaped(parts)})
		}
	}
	return answer, nil
}

// escaped writes backslash and quote in the presentation form that the library reads.
func escaped(parts []string) []string {
	out := make([]string, len(parts))
	for i, part := range parts {
		out[i] = strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(part)
	}
	return out
}

func (s *Server) stopHanging() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.release != nil {
		close(s.release)
		s.release = nil
	}
}

func canonical(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }
