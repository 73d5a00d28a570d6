package client

import (
	"context"
	"iter"
	"time"
)

// AuditEntry is a change that somebody made.
type AuditEntry struct {
	ID        string        `json:"id" doc:"Id of the entry." example:"aud_06a1b2c3d4e5f6g7h8j9kmnp"`
	At        time.Time     `json:"at" doc:"When."`
	Program   string        `json:"program,omitempty" doc:"Id of the program. Left out for what belongs to no one program." example:"prg_06a1b2c3d4e5f6g7h8j9kmnp"`
	ActorKind string        `json:"actor_kind" enum:"person,token,command,system" doc:"What sort of actor: a person, a token of the API, the command line, or the product itself."`
	Actor     string        `json:"actor" doc:"Id of the person, partner or token; command or system." example:"per_06a1b2c3d4e5f6g7h8j9kmnp"`
	ActorName string        `json:"actor_name" doc:"Their name at that time." example:"Marta Lindqvist"`
	From      string        `json:"from,omitempty" doc:"The network that they asked from: an address without its last part (IPv4 /24, IPv6 /48)." example:"203.0.113.0"`
	Action    string        `json:"action" doc:"What was done: noun.verb." example:"partnership.pause"`
	Subject   string        `json:"subject" doc:"Id of what it was done to." example:"pts_06a1b2c3d4e5f6g7h8j9kmnp"`
	Title     string        `json:"title" doc:"What that was called at that time." example:"Trail & Peak"`
	Changes   []AuditChange `json:"changes" doc:"The fields that are not what they were. No secrets; accounts are masked."`
}

// AuditChange is one field before and after.
type AuditChange struct {
	Field  string `json:"field" doc:"Name of the field." example:"status"`
	Before string `json:"before" doc:"What it was; empty for what was added." example:"approved"`
	After  string `json:"after" doc:"What it is; empty for what was taken away." example:"paused"`
}

// AuditFilter narrows the log. What is empty narrows nothing.
type AuditFilter struct {
	Actor, Action, Subject, Program string
	From, To                        time.Time // not before the first, and before the second
}

// Audit is the log of all changes that were made for the brand, the newest first.
func (c *Client) Audit(ctx context.Context, f AuditFilter) iter.Seq2[AuditEntry, error] {
	return list[AuditEntry](ctx, c, path("audit"), values("actor", f.Actor, "action", f.Action, "subject", f.Subject, "program", f.Program,
		"from", moment(f.From), "to", moment(f.To)))
}
