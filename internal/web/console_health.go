package web

import (
	"time"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/deliver"
	"github.com/tributary-hq/tributary/internal/health"
	"github.com/tributary-hq/tributary/internal/lang"
)

// healthRoutes say what is missing in a program's tracking.
var healthRoutes = []route{
	{"GET /console/{program}/health", auth.Read, (*site).health},
}

// healthRow is a finding and where something can be done about it.
type healthRow struct {
	health.Finding
	Share   string
	Address string
	Words   string // what is found, in a sentence
	Todo    string // what to do about it; empty when it is well
	Details []healthDetail
}

// healthDetail is a part of a finding in words.
type healthDetail struct {
	Name   string
	Plain  bool // it is an address
	Reason string
	Code   string // of a refusal
	Field  string // of a report, as its sender calls it
	Count  string
	At     time.Time
}

// detailOf says what is wrong with one way of reporting, page or domain.
func (v *visit) detailOf(finding string, p health.Part) healthDetail {
	d := healthDetail{Name: p.Name, Plain: true, Field: p.Field, At: p.At}
	switch finding {
	case "pages":
		if d.Reason = v.text("delivery_faults."+p.Reason, "status", p.N); p.Reason == string(deliver.Status) {
			d.Reason = v.text("health.answer", "status", p.N)
		}
	case "domains":
		d.Reason = v.text("states.domain." + p.Reason)
	default:
		d.Name, d.Plain = v.text("sources."+p.Name), false
		d.Reason, d.Code = refusalWords(v.lang, p.Reason), p.Reason
		if p.N > 0 {
			d.Count = v.lang.Number(p.N)
		}
	}
	return d
}

// refusalWords say why a report was refused. A code may have none: it is shown besides.
func refusalWords(l *lang.Language, code string) string {
	if key := "refusals." + code; l.Has(key) {
		return l.Text(key)
	}
	return detail(l, code, "")
}

// doing are the pages, below the console's base, on which findings are mended.
var doing = map[string]string{"clicks": "/partners", "conversions": "/setup", "tag": "/settings/tracking", "unseen": "/settings/tracking", "unclicked": "/settings/tracking",
	"refused": "/settings/tracking", "clock": "/conversions", "codes": "/conversions", "pages": "/links", "postbacks": "/settings/postbacks", "domains": "/settings/domains"}

type healthPage struct {
	consolePage
	Rows  []healthRow
	Worst health.State
}

func (s *site) health(v *visit) (answer, error) {
	report, err := health.Of(v.Context(), v.read(), v.program, v.now())
	if err != nil {
		return nil, err
	}
	data := healthPage{consolePage: v.console(), Worst: report.Worst()}
	for _, f := range report.Findings {
		row := healthRow{Finding: f, Address: consoleBase(v.program) + doing[f.Name]}
		if f.Of > 0 {
			row.Share = v.lang.Percent((f.N*1000 + f.Of/2) / f.Of)
		}
		said := "health." + f.Name + "."
		if f.State == health.Bad || f.State == health.Watch {
			row.Todo = v.text(said + "todo")
			said += "wrong"
		} else {
			said += string(f.State)
		}
		row.Words = v.text(said, "n", f.N, "of", f.Of, "share", row.Share)
		for _, p := range f.Parts {
			row.Details = append(row.Details, v.detailOf(f.Name, p))
		}
		data.Rows = append(data.Rows, row)
	}
	return s.page("console/health", v.text("health.title"), data), nil
}
