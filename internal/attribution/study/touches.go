package study

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"
)

// decayByTime is the half-life of time decay where the touches have times.
const decayByTime = 7 * 24 * time.Hour

// readTouches studies a file with a line for each touch. The column journey says which touches belong together, wherever
// they stand in the file; time orders them, else the file does; conversions and value stand on any one line of a journey, and
// a journey without them is a null. All of the file is held in memory.
func readTouches(r io.Reader, o Options) (*Study, error) {
	c := csv.NewReader(r)
	c.ReuseRecord = true
	head, err := c.Read()
	if err != nil {
		return nil, csvFault(err)
	}
	columns := map[string]int{}
	for i, name := range head {
		columns[strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))] = i
	}
	if _, here := columns["journey"]; !here {
		return nil, &LineError{1, `there is no column "journey", which says what touches belong together`}
	}
	s := New(o.Order)
	at, timed := columns["time"]
	var journeys []*journey
	byName := map[string]*journey{}
	for {
		record, err := c.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, csvFault(err)
		}
		line, _ := c.FieldPos(0)
		refuse := func(reason string, values ...any) (*Study, error) {
			return nil, &LineError{int64(line), fmt.Sprintf(reason, values...)}
		}
		name := strings.TrimSpace(record[columns["journey"]])
		if name == "" {
			return refuse("the touch belongs to no journey")
		}
		j := byName[name]
		if j == nil {
			j = &journey{}
			byName[strings.Clone(name)] = j
			journeys = append(journeys, j)
		}
		channel := strings.TrimSpace(record[columns["channel"]])
		if channel == "" {
			return refuse("the touch has no channel")
		}
		id, err := s.Channel(strings.Clone(channel))
		if err != nil {
			return refuse("%s", err)
		}
		t := touch{channel: id}
		if timed {
			if t.at, err = moment(record[at]); err != nil {
				return refuse("%s", err)
			}
		}
		if len(j.touches) == MaxTouches {
			return refuse("journey %q has more than %d touches", name, MaxTouches)
		}
		j.touches = append(j.touches, t)
		for column, to := range map[string]*float64{"conversions": &j.worth.Conversions, "value": &j.worth.Value} {
			if i, here := columns[column]; here && strings.TrimSpace(record[i]) != "" {
				n, _, err := anyNumber([]byte(record[i]))
				if err != nil {
					return refuse("%s", err)
				}
				*to += n
			}
		}
	}
	if len(journeys) == 0 {
		return nil, &LineError{2, "there is no touch after the names of the columns"}
	}
	for _, j := range journeys {
		j.add(s, timed, o)
	}
	return s, nil
}

// csvFault says what the library found in our words.
func csvFault(err error) error {
	var fault *csv.ParseError
	switch {
	case !errors.As(err, &fault):
		return fmt.Errorf("read the journeys: %w", err)
	case errors.Is(err, csv.ErrFieldCount):
		return &LineError{int64(fault.StartLine), "there are more or fewer values than columns"}
	}
	return &LineError{int64(fault.StartLine), errQuote.Error()}
}

type journey struct {
	touches []touch
	worth   Worth
}

type touch struct {
	channel int32
	at      time.Time
}

func (j *journey) add(s *Study, timed bool, o Options) {
	nulls := 0.0
	if j.worth.Conversions == 0 && !o.WithoutNulls {
		nulls = 1
	}
	if timed {
		slices.SortStableFunc(j.touches, func(a, b touch) int { return a.at.Compare(b.at) })
	}
	ids, weights := make([]int32, len(j.touches)), make([]float64, len(j.touches))
	last := j.touches[len(j.touches)-1].at
	for i, t := range j.touches {
		ids[i] = t.channel
		weights[i] = math.Exp2(-float64(last.Sub(t.at)) / float64(decayByTime))
	}
	if timed {
		s.AddTimed(ids, weights, j.worth, nulls)
	} else {
		s.Add(ids, j.worth, nulls)
	}
}

// moment reads a time as files have it.
func moment(text string) (time.Time, error) {
	text = strings.TrimSpace(text)
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%.40q is no time such as 2026-05-03T14:00:00Z", text)
}
