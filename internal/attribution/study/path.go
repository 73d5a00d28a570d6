package study

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"strconv"
)

// reader is one worker on a file of paths. It keeps what the first paths that it met came to by their text, so that a path
// that returns is neither split nor counted touch by touch again.
type reader struct {
	study   *Study
	columns []byte
	nulls   bool

	slots [slots]int32 // one more than the number of a known path; 0 is free
	known []known
	text  []byte
	ids   []int32

	touches []int32 // of a path that is not kept
	unquote []byte
}

// known is a path and what its lines came to.
type known struct {
	hash          uint64
	text, textEnd uint32
	ids, idsEnd   uint32
	lines         int64
	worth         Worth
	nulls         float64
}

// Bounds of the known paths; with them a worker stays within a few megabytes.
const (
	slots    = 1 << 13
	maxKnown = slots / 2
	maxText  = 1 << 20
	maxPath  = 256
)

func newReader(columns []byte, o Options) *reader {
	return &reader{study: New(o.Order), columns: columns, nulls: !o.WithoutNulls}
}

// read takes the records of a chunk whose first line has this number.
func (r *reader) read(b []byte, line int64) error {
	for at := 0; at < len(b); {
		if end := lineEnd(b[at:]); end > 0 { // an empty line
			at += end
			continue
		}
		n, err := r.record(b[at:])
		if err != nil {
			return &LineError{line + int64(bytes.Count(b[:at], []byte{'\n'})), err.Error()}
		}
		at += n
	}
	return nil
}

// lineEnd is the length of the line's end that b begins with, or 0.
func lineEnd(b []byte) int {
	switch {
	case b[0] == '\n':
		return 1
	case b[0] == '\r' && len(b) == 1:
		return 1
	case b[0] == '\r' && b[1] == '\n':
		return 2
	}
	return 0
}

var (
	errFewer = errors.New("there are fewer values than columns")
	errMore  = errors.New("there are more values than columns; a name with a comma needs quotation marks")
	errQuote = errors.New("a quotation mark stands where none may")
)

// record takes one record and tells its length.
func (r *reader) record(b []byte) (int, error) {
	var text []byte
	var w Worth
	var nulls float64
	at := 0
	for i, column := range r.columns {
		ends := i == len(r.columns)-1
		var n int
		var err error
		switch column {
		case path:
			text, n, err = r.field(b[at:], ends)
		case conversions:
			w.Conversions, n, err = number(b[at:], ends)
		case value:
			w.Value, n, err = number(b[at:], ends)
		case null:
			nulls, n, err = number(b[at:], ends)
		default:
			var other []byte
			if other, n, err = r.field(b[at:], ends); bytes.IndexByte(other, '\n') >= 0 && b[at] != '"' {
				err = errFewer
			}
		}
		if err != nil {
			return 0, err
		}
		at += n
		switch {
		case ends && at == len(b):
		case at == len(b):
			return 0, errFewer
		case b[at] == ',' && ends:
			return 0, errMore
		case b[at] == ',':
			at++
		case lineEnd(b[at:]) == 0:
			return 0, errQuote
		case !ends:
			return 0, errFewer
		default:
			at += lineEnd(b[at:])
		}
	}
	if w.Conversions == 0 && w.Value != 0 {
		return 0, errors.New("there is a value without a conversion")
	}
	if !r.nulls {
		nulls = 0
	}
	return at, r.take(text, w, nulls)
}

// field is the text of a value and its length with its quotes. What follows it is looked at by the caller, who also refuses a
// line's end inside of a text without quotes.
func (r *reader) field(b []byte, ends bool) ([]byte, int, error) {
	if len(b) == 0 || b[0] != '"' {
		end := bytes.IndexByte(b, ',')
		if ends || end < 0 {
			if line := bytes.IndexByte(b, '\n'); line >= 0 && (end < 0 || line < end) {
				end = line
				if end > 0 && b[end-1] == '\r' {
					end--
				}
			}
		}
		if end < 0 {
			end = len(b)
		}
		return b[:end], end, nil
	}
	end := bytes.IndexByte(b[1:], '"') + 1
	if end > 0 && (end+1 == len(b) || b[end+1] != '"') {
		return b[1:end], end + 1, nil
	}
	r.unquote = r.unquote[:0]
	for at := 1; at < len(b); at++ {
		if b[at] == '"' {
			if at+1 == len(b) || b[at+1] != '"' {
				return r.unquote, at + 1, nil
			}
			at++
		}
		r.unquote = append(r.unquote, b[at])
	}
	return nil, 0, errors.New("a quotation mark is missing")
}

// number reads a number that is not negative and tells the length of its text.
func number(b []byte, ends bool) (float64, int, error) {
	var whole uint64
	digits, point := 0, -1
	n := 0
	for ; n < len(b); n++ {
		if c := b[n] - '0'; c <= 9 {
			whole = whole*10 + uint64(c)
			digits++
		} else if b[n] == '.' && point < 0 {
			point = digits
		} else {
			break
		}
	}
	if plain := n == len(b) || b[n] == ',' || b[n] == '\n' || b[n] == '\r'; plain && digits > 0 && digits <= 15 {
		if point < 0 {
			return float64(whole), n, nil
		}
		return float64(whole) / tens[digits-point], n, nil // of two exact numbers: rounded once
	}
	return anyNumber(b)
}

var tens = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// most is the largest number of a file: sums of such stay exact enough.
const most = 1e15

func anyNumber(b []byte) (float64, int, error) {
	end := bytes.IndexAny(b, ",\n")
	if end < 0 {
		end = len(b)
	}
	text := bytes.TrimSpace(b[:end])
	if len(text) > 1 && text[0] == '"' && text[len(text)-1] == '"' {
		text = bytes.TrimSpace(text[1 : len(text)-1])
	}
	v, err := strconv.ParseFloat(string(text), 64)
	switch {
	case len(text) == 0:
		return 0, 0, errors.New("a number is missing; write 0 for none")
	case err != nil || math.IsNaN(v) || math.IsInf(v, 0):
		return 0, 0, fmt.Errorf("%.40q is not a number", text)
	case v < 0:
		return 0, 0, fmt.Errorf("%s is less than nothing", text)
	case v > most:
		return 0, 0, fmt.Errorf("%s is too large", text)
	}
	if end > 0 && end < len(b) && b[end] == '\n' && b[end-1] == '\r' {
		end--
	}
	return v, end, nil
}

// take counts one line of a path.
func (r *reader) take(text []byte, w Worth, nulls float64) error {
	if len(text) <= maxPath {
		hash := sum(text)
		for at := hash % slots; ; at = (at + 1) % slots {
			if r.slots[at] == 0 {
				if len(r.known) == maxKnown || len(r.text) > maxText {
					break
				}
				touches, err := r.split(text)
				if err != nil {
					return err
				}
				k := known{hash: hash, text: uint32(len(r.text)), ids: uint32(len(r.ids)), lines: 1, worth: w, nulls: nulls}
				r.text, r.ids = append(r.text, text...), append(r.ids, touches...)
				k.textEnd, k.idsEnd = uint32(len(r.text)), uint32(len(r.ids))
				r.known = append(r.known, k)
				r.slots[at] = int32(len(r.known))
				return nil
			}
			k := &r.known[r.slots[at]-1]
			if k.hash == hash && bytes.Equal(r.text[k.text:k.textEnd], text) {
				k.lines++
				k.worth.add(1, w)
				k.nulls += nulls
				return nil
			}
		}
	}
	touches, err := r.split(text)
	if err == nil {
		r.study.Add(touches, w, nulls)
	}
	return err
}

// flush brings what the known paths came to into the study.
func (r *reader) flush() {
	for _, k := range r.known {
		r.study.Add(r.ids[k.ids:k.idsEnd], k.worth, k.nulls)
		r.study.journeys += k.lines - 1
	}
	r.known, r.text, r.ids = nil, nil, nil
}

// split is the channels of a path, which stay until the next call.
func (r *reader) split(text []byte) ([]int32, error) {
	r.touches = r.touches[:0]
	if bytes.IndexByte(text, '\n') >= 0 {
		return nil, errFewer
	}
	for more := true; more; {
		name := text
		end := bytes.IndexByte(text, '>')
		if more = end >= 0; more {
			name, text = text[:end], text[end+1:]
		}
		name = bytes.TrimSpace(name)
		if len(name) == 0 {
			return nil, fmt.Errorf("touch %d of the path has no name", len(r.touches)+1)
		}
		id, known := r.study.ids[string(name)]
		if !known {
			var err error
			if id, err = r.study.Channel(string(name)); err != nil {
				return nil, err
			}
		}
		if len(r.touches) == MaxTouches {
			return nil, fmt.Errorf("the path has more than %d touches", MaxTouches)
		}
		r.touches = append(r.touches, id)
	}
	return r.touches, nil
}

// sum hashes a text.
func sum(text []byte) uint64 {
	h := uint64(len(text)) * 0x9e3779b97f4a7c15
	for ; len(text) >= 8; text = text[8:] {
		h = mix(h ^ binary.LittleEndian.Uint64(text))
	}
	var rest uint64
	for i, c := range text {
		rest |= uint64(c) << (8 * i)
	}
	return mix(h ^ rest)
}

func mix(h uint64) uint64 {
	high, low := bits.Mul64(h, 0xd6e8feb86659fd93)
	return high ^ low
}
