package client

import "time"

// Health is what is missing in a program's tracking, the most serious first.
type Health struct {
	State    string          `json:"state" enum:"bad,watch,fine,idle" doc:"That of the worst finding."`
	At       time.Time       `json:"at" doc:"When this was read."`
	Findings []HealthFinding `json:"findings" doc:"What was looked at, one by one."`
}

// HealthFinding is one thing that was looked at.
type HealthFinding struct {
	Name  string       `json:"name" enum:"clicks,conversions,tag,unseen,unclicked,refused,clock,codes,pages,postbacks,domains" doc:"What was looked at. unseen: clicks whose visitor the tag did not see; unclicked: conversions without a click id; clock: conversions from the future; codes: promo codes that no partner has."`
	State string       `json:"state" enum:"bad,watch,fine,idle" doc:"bad: money is lost. watch: something is odd. idle: there is nothing to judge by."`
	Last  *time.Time   `json:"last" doc:"When it was last heard of."`
	Since *time.Time   `json:"since" doc:"How long it has been so, where that is known."`
	N     int64        `json:"n" doc:"How many are concerned."`
	Of    int64        `json:"of" doc:"Of how many lately."`
	Parts []HealthPart `json:"parts" doc:"The ways in which conversions came, the reasons of refusals, the pages or the domains."`
}

// HealthPart is a detail of a finding.
type HealthPart struct {
	Name   string    `json:"name" doc:"The way of a report, the address of a page, or a domain."`
	Reason string    `json:"reason,omitempty" doc:"The code of the refusal, or why a page or a domain does not answer."`
	Field  string    `json:"field,omitempty" doc:"The field of the report that was wrong."`
	N      int64     `json:"n" doc:"How many; of a page, the status of its answer."`
	At     time.Time `json:"at" doc:"When it was last so."`
}
