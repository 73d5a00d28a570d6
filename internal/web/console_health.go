package web

import (
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/health"
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
		data.Rows = append(data.Rows, row)
	}
	return s.page("console/health", v.text("health.title"), data), nil
}

// PartName is what a part is called.
func (r healthRow) PartName(p health.Part) string { return "sources." + p.Name }

// Ways tells whether the parts are ways of reporting, and not addresses.
func (r healthRow) Ways() bool { return r.Name == "conversions" || r.Name == "refused" }
