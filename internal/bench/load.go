// Package bench measures an installation under a bounded load of its own on the loopback, against references in the same
// run. It judges nothing: figures of one machine tell nothing about another, only ratios travel.
package bench

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Load is a number of connections that each send one request after the other.
type Load struct {
	Address     string
	Path        string
	Connections int
	During      time.Duration
	Most        int // requests in all, when it is not 0
}

// Measured is what a load saw.
type Measured struct {
	Answered int
	Took     time.Duration
	waits    []time.Duration // of a sample of the requests
}

// Rate is answers per second.
func (m Measured) Rate() float64 { return float64(m.Answered) / m.Took.Seconds() }

// Percentile is the time within which so many of a hundred requests were answered.
func (m Measured) Percentile(p int) time.Duration {
	if len(m.waits) == 0 {
		return 0
	}
	slices.Sort(m.waits)
	return m.waits[(len(m.waits)-1)*p/100]
}

// sampled is one in how many requests is timed.
const sampled = 16

// Drive sends GET requests with as little work as a client can do, and expects a 302 to each.
func Drive(ctx context.Context, l Load) (Measured, error) {
	request := "GET " + l.Path + " HTTP/1.1\r\nHost: go.example\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0\r\n" +
		"Referer: https://blog.example/\r\nAccept: text/html,application/xhtml+xml\r\nAccept-Language: en-GB\r\n\r\n"
	ctx, cancel := context.WithTimeout(ctx, l.During)
	defer cancel()
	began := time.Now()
	all, err := together(l.Connections, func() (Measured, error) {
		return drive(ctx, l.Address, request, l.Most/l.Connections)
	})
	all.Took = time.Since(began)
	return all, err
}

// together runs the same work in many goroutines and adds up what they measured.
func together(n int, work func() (Measured, error)) (Measured, error) {
	var mu sync.Mutex
	var all Measured
	var first error
	var running sync.WaitGroup
	for range n {
		running.Go(func() {
			m, err := work()
			mu.Lock()
			defer mu.Unlock()
			all.Answered += m.Answered
			all.waits = append(all.waits, m.waits...)
			if first == nil {
				first = err
			}
		})
	}
	running.Wait()
	return all, first
}

func drive(ctx context.Context, address, request string, most int) (m Measured, err error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return m, err
	}
	defer conn.Close()
	r := bufio.NewReaderSize(conn, 4096)
	for last := time.Now(); ctx.Err() == nil && (most == 0 || m.Answered < most); m.Answered++ {
		if _, err := io.WriteString(conn, request); err != nil {
			return m, err
		}
		if err := readRedirect(r); err != nil {
			return m, err
		}
		now := time.Now()
		if m.Answered%sampled == 0 {
			m.waits = append(m.waits, now.Sub(last))
		}
		last = now
	}
	return m, nil
}

var lengthHeader = []byte("Content-Length: ")

// readRedirect reads one answer without building it: the status line, the headers, and as much body as they announce.
func readRedirect(r *bufio.Reader) error {
	status, err := r.ReadSlice('\n')
	if err != nil {
		return err
	}
	if len(status) < 12 || string(status[9:12]) != "302" {
		return fmt.Errorf("answered %q", status)
	}
	body := 0
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return err
		}
		if len(line) == 2 {
			_, err = r.Discard(body)
			return err
		}
		if len(line) > len(lengthHeader) && bytes.EqualFold(line[:len(lengthHeader)], lengthHeader) {
			if body, err = strconv.Atoi(string(bytes.TrimSpace(line[len(lengthHeader):]))); err != nil {
				return err
			}
		}
	}
}
