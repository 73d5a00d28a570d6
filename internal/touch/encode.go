package touch

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// A journal row's body is a version byte, then touch after touch: each is its time (varint, milliseconds), then its texts
// in the order of texts, each with one more than its length before it (uvarint); a zero stands for the text that the touch
// before had in this place, for many come by the same link. The fsync of a row takes the longer the more bytes it has.
// Later versions have more texts, after those of the earlier ones: rows that an earlier version wrote are read as they are.
const journalVersion = 2

// textsOf is how many texts a touch has, by version.
var textsOf = map[byte]int{1: 18, journalVersion: 23}

var errJournal = errors.New("the journal row is damaged")

// texts are the texts of a touch in the order of the journal.
func (t *Touch) texts() [23]*string {
	return [...]*string{&t.ID, &t.Program, (*string)(&t.Kind), &t.Partnership, &t.Link, &t.Who, (*string)(&t.Mark), &t.URL, &t.Referrer,
		&t.Agent, &t.Address, &t.Sub[0], &t.Sub[1], &t.Sub[2], &t.Sub[3], &t.Sub[4], &t.Shared, &t.Click, &t.Country, &t.Region, &t.ASN,
		&t.Sent, &t.Variant}
}

// appendTouch writes a touch after another one, which is empty for the first of a row.
func appendTouch(body []byte, before, t *Touch) []byte {
	body = binary.AppendVarint(body, t.At.UnixMilli())
	texts := before.texts()
	for i, text := range t.texts() {
		if *text == *texts[i] {
			body = append(body, 0)
			continue
		}
		body = binary.AppendUvarint(body, uint64(len(*text))+1)
		body = append(body, *text...)
	}
	return body
}

// decode reads a journal row's body whole.
func decode(body []byte) ([]Touch, error) {
	if len(body) == 0 || textsOf[body[0]] == 0 {
		return nil, fmt.Errorf("%w: no version of ours", errJournal)
	}
	most := textsOf[body[0]]
	rest := string(body[1:]) // one piece of memory for all texts
	var touches []Touch
	var t Touch
	for len(rest) > 0 {
		ms, n := varint(rest)
		if n <= 0 {
			return nil, errJournal
		}
		t.At, rest = time.UnixMilli(ms).UTC(), rest[n:]
		texts := t.texts()
		for _, text := range texts[:most] {
			size, n := uvarint(rest)
			if n <= 0 || size > uint64(len(rest)-n)+1 {
				return nil, errJournal
			}
			if rest = rest[n:]; size > 0 {
				*text, rest = rest[:size-1], rest[size-1:]
			}
		}
		touches = append(touches, t)
	}
	return touches, nil
}

// uvarint is binary.Uvarint for a string.
func uvarint(s string) (uint64, int) {
	return binary.Uvarint([]byte(s[:min(len(s), binary.MaxVarintLen64)]))
}

func varint(s string) (int64, int) {
	return binary.Varint([]byte(s[:min(len(s), binary.MaxVarintLen64)]))
}
