package study

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
)

// Options say how a file of journeys is studied.
type Options struct {
	Order        int  // Markov chains up to this order, 1 to 3
	WithoutNulls bool // leave out the journeys that ended in no conversion
	Workers      int  // how many read at the same time
}

// LineError says what is wrong with one line of a file; the first line is 1.
type LineError struct {
	Line   int64
	Reason string
}

func (e *LineError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }

// Bounds of a file's lines.
const (
	chunk     = 256 << 10
	maxRecord = 8 << 20
)

// Read studies a file of journeys as comma-separated values, told by the names in its first line:
//
//   - path, total_conversions and, where known, total_conversion_value and total_null: a line for each path, its touches
//     joined by " > ";
//   - journey, channel and, where known, time, conversions and value: a line for each touch (see [readTouches]).
//
// A fault in the file is a [LineError], and nothing is studied.
func Read(r io.Reader, o Options) (*Study, error) {
	c := &cutter{from: r, line: 1}
	buffer := make([]byte, chunk)
	head, _, err := c.next(&buffer)
	if err == io.EOF {
		return nil, &LineError{1, "the file is empty"}
	}
	if err != nil {
		return nil, err
	}
	names, width, rest, err := header(head)
	if err != nil {
		return nil, err
	}
	if _, perTouch := names["channel"]; perTouch {
		return readTouches(io.MultiReader(bytes.NewReader(head), bytes.NewReader(c.rest), r), o)
	}
	columns, err := pathColumns(names, width)
	if err != nil {
		return nil, err
	}
	return readPaths(c, rest, columns, o)
}

// header is the first line's names and where they stand, how many values it has, and what follows the line.
func header(head []byte) (names map[string]int, width int, rest []byte, err error) {
	line, rest, _ := bytes.Cut(bytes.TrimPrefix(head, []byte("\ufeff")), []byte("\n"))
	names = map[string]int{}
	for name := range strings.SplitSeq(string(line), ",") {
		name = strings.ToLower(strings.Trim(strings.TrimSpace(name), `"`))
		if _, twice := names[name]; twice && name != "" {
			return nil, 0, nil, &LineError{1, fmt.Sprintf("two columns are named %q", name)}
		}
		names[name] = width
		width++
	}
	return names, width, rest, nil
}

// The columns of a file of paths.
const (
	ignored = iota
	path
	conversions
	value
	null
)

func pathColumns(names map[string]int, width int) ([]byte, error) {
	columns := make([]byte, width)
	for i, name := range [...]string{"path", "total_conversions", "total_conversion_value", "total_null"} {
		column := path + byte(i)
		at, here := names[name]
		if here {
			columns[at] = column
		} else if column <= conversions {
			return nil, &LineError{1, fmt.Sprintf("there is no column %q; the first line names the columns: path,total_conversions,total_conversion_value,total_null, or journey,time,channel,conversions,value", name)}
		}
	}
	return columns, nil
}

// readPaths lets the workers read chunk by chunk and joins what they found.
func readPaths(c *cutter, rest []byte, columns []byte, o Options) (*Study, error) {
	workers := make([]*reader, max(1, o.Workers))
	failed := make([]error, len(workers))
	var all sync.WaitGroup
	for i := range workers {
		w := newReader(columns, o)
		workers[i] = w
		if i == 0 { // the first chunk has lost its first line
			if err := w.read(rest, 2); err != nil {
				return nil, err
			}
		}
		all.Go(func() {
			buffer := make([]byte, chunk)
			for failed[i] == nil {
				part, line, err := c.next(&buffer)
				if err == nil {
					err = w.read(part, line)
				}
				if err != nil {
					c.stop()
				}
				failed[i] = err
			}
		})
	}
	all.Wait()
	if err := firstFault(failed); err != nil {
		return nil, err
	}
	whole := workers[0].study
	for i, w := range workers {
		if i > 0 {
			if err := whole.Join(w.study); err != nil {
				return nil, err
			}
		}
	}
	if whole.journeys == 0 {
		return nil, &LineError{2, "there is no journey after the names of the columns"}
	}
	return whole, nil
}

// firstFault is the fault of the first line that has one, whoever read it.
func firstFault(failed []error) error {
	var first *LineError
	for _, err := range failed {
		var fault *LineError
		switch {
		case errors.As(err, &fault):
			if first == nil || fault.Line < first.Line {
				first = fault
			}
		case err != io.EOF:
			return err
		}
	}
	if first == nil {
		return nil
	}
	return first
}

// cutter cuts a file into chunks of whole records for several workers. A record's end is a line's end outside of quotes.
type cutter struct {
	mu   sync.Mutex
	from io.Reader
	rest []byte // what was read of the next chunk
	line int64  // the first line of the next chunk
	err  error
}

// stop lets no worker have another chunk.
func (c *cutter) stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.err, c.rest = io.EOF, nil
}

// next reads a chunk into the buffer, which it may replace by a larger one, and tells its first line.
func (c *cutter) next(buffer *[]byte) (part []byte, line int64, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	b := *buffer
	n := copy(b, c.rest)
	line = c.line
	for {
		for n < len(b) && c.err == nil {
			var more int
			more, c.err = c.from.Read(b[n:])
			n += more
		}
		if c.err != nil && c.err != io.EOF {
			return nil, 0, fmt.Errorf("read the journeys: %w", c.err)
		}
		end := n
		if c.err == nil {
			end = recordsEnd(b[:n])
		}
		if end > 0 || n == 0 {
			c.rest = append(c.rest[:0], b[end:n]...)
			c.line += int64(bytes.Count(b[:end], []byte{'\n'}))
			if end == 0 {
				return nil, 0, io.EOF
			}
			return b[:end], line, nil
		}
		if len(b) >= maxRecord {
			c.err, c.rest = io.EOF, nil // what was read is lost for the others
			return nil, 0, &LineError{line, "the line does not end within 8 MiB; a quotation mark may be missing"}
		}
		b = append(b, make([]byte, len(b))...)
		*buffer = b
	}
}

// recordsEnd is where the last whole record of a chunk ends: after a line's end with an even number of quotes before it.
func recordsEnd(b []byte) int {
	odd := bytes.Count(b, []byte{'"'})&1 == 1
	for end := bytes.LastIndexByte(b, '\n'); end >= 0; end = bytes.LastIndexByte(b[:end], '\n') {
		if tail := bytes.Count(b[end:], []byte{'"'})&1 == 1; tail == odd { // even before it
			return end + 1
		}
	}
	return 0
}
