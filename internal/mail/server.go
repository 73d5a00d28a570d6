package mail

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"time"

	smtp "github.com/wneessen/go-mail"
)

// server is a mail server that takes mails by SMTP (RFC 6409).
type server struct {
	host    string
	options []smtp.Option
}

// patience is how long one conversation with the server may take.
const patience = 30 * time.Second

// newServer reads an address. Passwords and mails go only over TLS, be it from the first byte (smtps) or after STARTTLS,
// except to this machine itself, or where ?starttls=no says that the way is safe.
func newServer(address string) (*server, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, fmt.Errorf("the address of the mail server is not of the form smtp://user:password@host:587 or smtps://user:password@host:465")
	}
	s := &server{host: u.Hostname(), options: []smtp.Option{smtp.WithTimeout(patience)}}
	port := 587
	open := isHere(s.host) || u.Query().Get("starttls") == "no"
	switch {
	case u.Scheme == "smtps":
		port = 465
		s.options = append(s.options, smtp.WithSSL())
	case open:
		s.options = append(s.options, smtp.WithTLSPolicy(smtp.NoTLS))
	default:
		s.options = append(s.options, smtp.WithTLSPolicy(smtp.TLSMandatory))
	}
	if u.Port() != "" {
		if port, err = strconv.Atoi(u.Port()); err != nil {
			return nil, fmt.Errorf("the port of the mail server: %w", err)
		}
	}
	s.options = append(s.options, smtp.WithPort(port))
	if user := u.User.Username(); user != "" {
		password, _ := u.User.Password()
		how := smtp.SMTPAuthAutoDiscover
		if open && u.Scheme == "smtp" {
			how = smtp.SMTPAuthPlainNoEnc
		}
		s.options = append(s.options, smtp.WithSMTPAuth(how), smtp.WithUsername(user), smtp.WithPassword(password))
	}
	_, err = smtp.NewClient(s.host, s.options...)
	return s, err
}

func isHere(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Send is one conversation with the server.
func (s *server) Send(ctx context.Context, m *smtp.Msg) error {
	client, err := smtp.NewClient(s.host, s.options...)
	if err != nil {
		return err
	}
	return client.DialAndSendWithContext(ctx, m)
}
