package web

import "github.com/tributary-hq/tributary/internal/web/chart"

// cohort is how many of those who began together came back in each period since, as a grid of shares and as a table of counts.
type cohort struct {
	ID    string
	Title string
	About string
	Empty bool
	Heads []string // the periods since
	Rows  []cohortRow
}

type cohortRow struct {
	Name  string
	Size  int64
	Cells []cohortCell // one of each period
}

type cohortCell struct {
	Count int64
	Share string // empty: the period is yet to come
	Shade int64
	Words string // the cell in a few lines, for the pointer
}

// group are those who began together. Its counts end where the present begins.
type group struct {
	Name   string
	Size   int64
	Counts []int64
}

func (v *visit) cohort(id, title string, periods []string, groups []group) cohort {
	c := cohort{ID: id, Title: title, Heads: periods, Empty: true}
	var largest int64
	for _, g := range groups {
		c.Empty = c.Empty && g.Size <= 0
		for _, n := range g.Counts {
			largest = max(largest, chart.Thousandths(n, g.Size))
		}
	}
	for _, g := range groups {
		row := cohortRow{Name: g.Name, Size: g.Size}
		for i, period := range periods {
			cell := cohortCell{Words: v.line(g.Name, period) + "\n" + v.text("chart.to_come")}
			if i < len(g.Counts) {
				share := chart.Thousandths(g.Counts[i], g.Size)
				cell = cohortCell{Count: g.Counts[i], Share: v.lang.Percent(share), Shade: chart.Shade(share, largest)}
				cell.Words = v.line(g.Name, period) + "\n" + v.text("chart.part_of", "part", g.Counts[i], "whole", g.Size, "share", cell.Share)
			}
			row.Cells = append(row.Cells, cell)
		}
		c.Rows = append(c.Rows, row)
	}
	return c
}
