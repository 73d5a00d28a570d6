package client

import (
	"context"
	"encoding/json"
	"iter"
	"time"
)

// Event is a fact that has become true.
type Event struct {
	Seq     int64           `json:"seq" doc:"1, 2, 3, …: the order in which facts became true. It is the cursor of the list." example:"1042"`
	ID      string          `json:"id" doc:"Id of the event." example:"evt_06a1b2c3d4e5f6g7h8j9kmnp"`
	Type    string          `json:"type" doc:"What happened: noun.verb." example:"conversion.created"`
	Program string          `json:"program,omitempty" doc:"Id of the program." example:"prg_06a1b2c3d4e5f6g7h8j9kmnp"`
	Subject string          `json:"subject" doc:"Id of what it is about." example:"cnv_06a1b2c3d4e5f6g7h8j9kmnp"`
	At      time.Time       `json:"at" doc:"When."`
	Data    json.RawMessage `json:"data" doc:"More about it, by type."`
}

// EventFilter narrows a list of events. What is empty narrows nothing.
type EventFilter struct {
	After   int64 // the seq of the last event seen
	Type    string
	Program string
	Subject string
}

// Events are the brand's events, the oldest first.
func (c *Client) Events(ctx context.Context, f EventFilter) iter.Seq2[Event, error] {
	return list[Event](ctx, c, path("events"), values("after", number(int(f.After)), "type", f.Type, "program", f.Program, "subject", f.Subject))
}
