// Package bench measures an installation under a bounded load of its own on the loopback, against references in the same
// run. It judges nothing: figures of one machine tell nothing about another, only ratios travel.
package bench

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// Load is a number of connections that each send one request after the other.
type Load struct {
	Address     string
	Paths       []string // asked for in turn, each connection beginning elsewhere
	Connections int
	During      time.Duration
	Most        int     // requests in all, when it is not 0
	Rate        float64 // requests a second in all; 0: as fast as they are answered
}

// Measured is what a load saw.
type Measured struct {
	Answered int
	Took     time.Duration
	CPU      time.Duration   // of this process
	waits    []time.Duration // of a sample of the requests
}

// Rate is answers per second.
func (m Measured) Rate() float64 { return float64(m.Answered) / m.Took.Seconds() }

// CPUEach is this process's time on the processors for one answer.
func (m Measured) CPUEach() time.Duration { return m.CPU / time.Duration(max(1, m.Answered)) }

// add counts another turn in.
func (m *Measured) add(other Measured) {
	m.Answered += other.Answered
	m.Took += other.Took
	m.CPU += other.CPU
	m.waits = append(m.waits, other.waits...)
}

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

// What is sent before and after the path.
const (
	before = "GET "
	after  = " HTTP/1.1\r\nHost: go.example\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0\r\n" +
		"Referer: https://blog.example/\r\nAccept: text/html,application/xhtml+xml\r\nAccept-Language: en-GB\r\n\r\n"
)

// Drive sends GET requests with as little work as a client can do, and expects a 302 to each.
func Drive(ctx context.Context, l Load) (Measured, error) {
	ctx, cancel := context.WithTimeout(ctx, l.During)
	defer cancel()
	var number atomic.Int64
	began, cpu := time.Now(), cpuTime()
	all, err := together(l.Connections, func() (Measured, error) { return l.drive(ctx, int(number.Add(1))-1) })
	all.Took, all.CPU = time.Since(began), cpuTime()-cpu
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

// drive is what one connection does. With a rate, a request that the answer before has made late is late from when it was due.
func (l Load) drive(ctx context.Context, number int) (m Measured, err error) {
	conn, err := net.Dial("tcp", l.Address)
	if err != nil {
		return m, err
	}
	defer conn.Close()
	var pace time.Duration
	if l.Rate > 0 {
		pace = time.Duration(float64(time.Second) * float64(l.Connections) / l.Rate)
	}
	due := time.Now().Add(pace * time.Duration(number) / time.Duration(l.Connections))
	r := bufio.NewReaderSize(conn, 4096)
	request := make([]byte, 0, 1024)
	for place := number * len(l.Paths) / l.Connections; ctx.Err() == nil && (l.Most == 0 || m.Answered < l.Most/l.Connections); m.Answered++ {
		request = append(append(append(request[:0], before...), l.Paths[place]...), after...)
		if place++; place == len(l.Paths) {
			place = 0
		}
		if wait := time.Until(due); wait > 0 {
			time.Sleep(wait)
			due = time.Now()
		}
		if _, err := conn.Write(request); err != nil {
			return m, err
		}
		if err := readRedirect(r); err != nil {
			return m, err
		}
		now := time.Now()
		if m.Answered%sampled == 0 {
			m.waits = append(m.waits, now.Sub(due))
		}
		if due = due.Add(pace); pace == 0 {
			due = now
		}
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
