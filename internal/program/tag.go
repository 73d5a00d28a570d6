package program

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
)

// Consent is how much the browser tag may do before a visitor has said anything.
type Consent string

// The modes of consent.
const (
	Full       Consent = "full"       // the visitor is remembered on the shop's own site
	Cookieless Consent = "cookieless" // visits are told, nothing is stored in the browser
	Silent     Consent = "none"       // nothing is told and nothing is stored
)

// Consents are all modes, the freest first.
var Consents = []Consent{Full, Cookieless, Silent}

// RefParams are the parameters in which links without a redirect name their partner, in every program.
var RefParams = []string{"ref", "via", "a_aid"}

// Tag is what a program's browser tag reads and when it may remember.
type Tag struct {
	Params  []string // the program's own names beside RefParams
	Consent Consent
}

const paramsMost = 8

// TagOf is a program's, or the usual one.
func TagOf(ctx context.Context, r db.Reader, program string) (Tag, error) {
	t, err := db.One(ctx, r, func(row db.Row) (Tag, error) {
		var t Tag
		var params string
		err := row.Scan(&params, &t.Consent)
		return t, errors.Join(err, json.Unmarshal([]byte(params), &t.Params))
	}, `/* program.TagOf */ select params, consent from tag_setting where program = $1`, program)
	if errors.Is(err, db.ErrNone) {
		return Tag{Consent: Full}, nil
	}
	return t, err
}

// SetTag writes a program's tag anew.
func SetTag(ctx context.Context, tx *db.Tx, p Program, t Tag) error {
	var faults []*problem.Problem
	names := []string{}
	for _, name := range t.Params {
		switch {
		case !paramForm.MatchString(name):
			faults = append(faults, problem.Wrong("params", "click_param_invalid", "%q is not a parameter's name", name))
		case name == p.ClickParam:
			faults = append(faults, problem.Wrong("params", "params_taken", "%q carries the click id already", name))
		case !slices.Contains(RefParams, name) && !slices.Contains(names, name):
			names = append(names, name)
		}
	}
	if len(names) > paramsMost {
		faults = append(faults, problem.Wrong("params", "params_too_many", "a program has at most %d parameters of its own", paramsMost))
	}
	if !slices.Contains(Consents, t.Consent) {
		faults = append(faults, problem.Invalid("consent", "%q is not a mode of consent", t.Consent))
	}
	if err := problem.Join(faults...); err != nil {
		return err
	}
	text, err := json.Marshal(names)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `/* program.SetTag */ insert into tag_setting (program, params, consent, changed) values ($1, $2, $3, $4)
		on conflict (program) do update set params = excluded.params, consent = excluded.consent, changed = excluded.changed`,
		p.ID, string(text), string(t.Consent), tx.Now.UnixMilli())
	return err
}
