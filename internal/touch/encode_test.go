package touch

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"
)

var someTouches = []Touch{
	{ID: "a", Program: "prg_1", Kind: Click, Partnership: "pts_1", Link: "lnk_1", Who: "c:a", At: noon, Mark: Bot, URL: "https://shop.example/", Referrer: "https://blog.example/é",
		Agent: firefox, Address: "192.0.2.0", Sub: [5]string{"one", "", "three", "", "five"}, Shared: "s",
		Country: "FR", Region: "FR-IDF", ASN: "AS3215 Orange", Sent: "rul_1", Variant: "b"},
	{ID: "b", Program: "prg_1", Kind: Landing, Who: "v:1", At: time.UnixMilli(-5).UTC(), Click: "a"},
	{At: time.UnixMilli(0).UTC()},
	{ID: "c", Program: "prg_1", At: noon},
	{ID: "d", Program: "prg_1", At: noon},
}

func encode(touches []Touch) []byte {
	body := []byte{journalVersion}
	var before Touch
	for _, t := range touches {
		body = appendTouch(body, &before, &t)
		before = t
	}
	return body
}

func TestJournalComesBack(t *testing.T) {
	got, err := decode(encode(someTouches))
	if err != nil || !reflect.DeepEqual(got, someTouches) {
		t.Errorf("got %+v, %v", got, err)
	}
}

// TestJournalHasEveryField fails when a field is added to Touch and forgotten in the journal.
func TestJournalHasEveryField(t *testing.T) {
	const others = 3 // At, which is a number; Turn, which comes later; Sub, which is five
	var touch Touch
	if fields := reflect.TypeFor[Touch]().NumField(); fields-others+len(touch.Sub) != len(touch.texts()) {
		t.Errorf("%d fields, %d texts in the journal", fields, len(touch.texts()))
	}
}

// TestJournalOfBefore reads a row as version 1 wrote it: 18 texts to a touch.
func TestJournalOfBefore(t *testing.T) {
	body := []byte{1}
	var before Touch
	for _, n := range someTouches {
		n.Country, n.Region, n.ASN, n.Sent, n.Variant = "", "", "", "", ""
		whole := appendTouch(nil, &before, &n)
		body = append(body, whole[:len(whole)-5]...) // five zeros: as before, which is nothing
		before = n
	}
	got, err := decode(body)
	want := slices.Clone(someTouches)
	want[0].Country, want[0].Region, want[0].ASN, want[0].Sent, want[0].Variant = "", "", "", "", ""
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestJournalDamaged(t *testing.T) {
	body := encode(someTouches[:1])
	for n := range len(body) {
		if n == 1 {
			continue // a row without touches is whole
		}
		if _, err := decode(body[:n]); !errors.Is(err, errJournal) {
			t.Errorf("the first %d bytes: %v", n, err)
		}
	}
	if _, err := decode(append([]byte{journalVersion + 1}, body[1:]...)); !errors.Is(err, errJournal) {
		t.Errorf("another version: %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(encode(someTouches))
	f.Add([]byte{journalVersion, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01})
	f.Fuzz(func(t *testing.T, body []byte) {
		touches, err := decode(body)
		if err != nil {
			return
		}
		again, err := decode(encode(touches))
		if err != nil || len(again) != len(touches) {
			t.Errorf("%x: %d touches, then %d, %v", body, len(touches), len(again), err)
		}
	})
}
