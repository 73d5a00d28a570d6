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

// reader is one worker on a file of paths.
type reader struct {
	study   *Study
	columns []byte
	nulls   bool

	met     [1024]channelMet
	touches []int32
	unquote []byte
}

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
	touches, err := r.split(text)
	if err != nil {
		return 0, err
	}
	r.study.Add(touches, w, nulls)
	return at, nil
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
		met := &r.met[glance(name)%uint64(len(r.met))]
		if met.name != string(name) {
			id, err := r.study.Channel(string(name))
			if err != nil {
				return nil, err
			}
			*met = channelMet{r.study.names[id], id}
		}
		id := met.id
		if len(r.touches) == MaxTouches {
			return nil, fmt.Errorf("the path has more than %d touches", MaxTouches)
		}
		r.touches = append(r.touches, id)
	}
	return r.touches, nil
}

// channelMet is a channel whose name was split off lately.
type channelMet struct {
	name string
	id   int32
}

// glance hashes a name by its ends.
func glance(name []byte) uint64 {
	n := len(name)
	switch {
	case n >= 8:
		return mix(binary.LittleEndian.Uint64(name) ^ bits.RotateLeft64(binary.LittleEndian.Uint64(name[n-8:]), 17) ^ uint64(n))
	case n >= 4:
		return mix(uint64(binary.LittleEndian.Uint32(name))<<32 ^ uint64(binary.LittleEndian.Uint32(name[n-4:])) ^ uint64(n))
	}
	return mix(uint64(name[0])<<16 ^ uint64(name[n/2])<<8 ^ uint64(name[n-1]) ^ uint64(n)<<24)
}

func mix(h uint64) uint64 {
	high, low := bits.Mul64(h, 0xd6e8feb86659fd93)
	return high ^ low
}
