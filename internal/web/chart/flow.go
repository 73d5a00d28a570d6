package chart

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"
)

// Journey is a way that so many people went: whom they met in turn, and whether they bought in the end.
type Journey struct {
	Stops  []string
	Bought bool
	Weight int64
}

// Names are the words of a flow for what is no stop's own name.
type Names struct {
	Other  string // the stops that have no colour
	More   string // what is left out in the middle of a long journey
	Bought string
	Lost   string
}

// The bounds of a flow: of longer journeys the middle is one stop, and the names beyond the first are one.
const (
	stopsMost = 4
	namesMost = PartsMost - 1
)

// Flow is how journeys run: layers of stops from left to right, and ribbons between them. Every journey ends in the last
// layer; one with fewer stops than others passes by theirs.
type Flow struct {
	Nodes   []*Node
	Ribbons []*Ribbon
	Total   int64 // of all journeys
}

// Node is a stop, or an end, at its place in the journeys.
type Node struct {
	Name   string
	Layer  int
	Weight int64
	Title  string // for the pointer; the page's to fill in

	part  int  // its colour: 1 to 6
	lane  bool // not a stop: where ended journeys pass by
	last  bool
	order int
	y, h  float64
	in    float64 // how much of its height is taken by ribbons, on each side
	out   float64
}

// Ribbon is how many went from one node to the next.
type Ribbon struct {
	From, To *Node
	Weight   int64
	Title    string
}

// Passing tells whether the ribbon only goes on with journeys that have already ended.
func (r *Ribbon) Passing() bool { return r.From.lane }

// Run lays out journeys; those without a stop or a weight are left out. The same journeys in any order are the same flow.
func Run(journeys []Journey, names Names) Flow {
	var flow Flow
	part := colours(journeys)
	layers := 0
	var ways [][]Node
	var weights []int64
	for _, j := range journeys {
		if len(j.Stops) == 0 || j.Weight <= 0 {
			continue
		}
		way := shorten(j.Stops, part, names)
		layers = max(layers, len(way))
		ways, weights = append(ways, append(way, ending(j.Bought, names))), append(weights, j.Weight)
	}
	nodes, ribbons := map[[2]int]*Node{}, map[[2]*Node]*Ribbon{}
	for n, way := range ways {
		flow.Total = sum(flow.Total, weights[n])
		end := way[len(way)-1]
		var before *Node
		for layer := range layers + 1 {
			at := end
			if layer < len(way)-1 {
				at = way[layer]
			} else if layer < layers {
				at.lane, at.last = true, false
			}
			at.Layer = layer
			key := [2]int{layer, at.order}
			if nodes[key] == nil {
				nodes[key] = &at
				flow.Nodes = append(flow.Nodes, &at)
			}
			node := nodes[key]
			node.Weight = sum(node.Weight, weights[n])
			if before != nil {
				pair := [2]*Node{before, node}
				if ribbons[pair] == nil {
					ribbons[pair] = &Ribbon{From: before, To: node}
					flow.Ribbons = append(flow.Ribbons, ribbons[pair])
				}
				ribbons[pair].Weight = sum(ribbons[pair].Weight, weights[n])
			}
			before = node
		}
	}
	flow.arrange()
	return flow
}

// colours gives the names that journeys meet most a colour each.
func colours(journeys []Journey) map[string]int {
	met := map[string]int64{}
	for _, j := range journeys {
		for _, stop := range j.Stops {
			met[stop] = sum(met[stop], j.Weight)
		}
	}
	var list []string
	for name := range met {
		list = append(list, name)
	}
	slices.SortFunc(list, func(a, b string) int { return cmp.Or(cmp.Compare(met[b], met[a]), strings.Compare(a, b)) })
	part := map[string]int{}
	for i, name := range list[:min(len(list), namesMost)] {
		part[name] = i + 1
	}
	return part
}

// shorten is a journey's stops as nodes: no more than fit.
func shorten(stops []string, part map[string]int, names Names) []Node {
	var way []Node
	for i, stop := range stops {
		node := Node{Name: stop, part: part[stop], order: part[stop]}
		if node.part == 0 {
			node = Node{Name: names.Other, part: PartsMost, order: PartsMost}
		}
		if len(stops) > stopsMost && i >= stopsMost-2 && i < len(stops)-1 {
			if i > stopsMost-2 {
				continue
			}
			node = Node{Name: names.More, part: PartsMost, order: PartsMost + 1}
		}
		way = append(way, node)
	}
	return way
}

// ending is the node at which a journey ends; those who bought are on top.
func ending(bought bool, names Names) Node {
	if bought {
		return Node{Name: names.Bought, order: 0, last: true}
	}
	return Node{Name: names.Lost, order: PartsMost + 2, last: true}
}

// The units of a flow's drawing.
const (
	flowWidth  = 1000
	flowHeight = 340
	flowGap    = 16
	nodeWidth  = 12
)

// arrange puts nodes and ribbons in order and gives each node its place.
func (f *Flow) arrange() {
	slices.SortFunc(f.Nodes, func(a, b *Node) int { return cmp.Or(cmp.Compare(a.Layer, b.Layer), cmp.Compare(a.order, b.order)) })
	slices.SortFunc(f.Ribbons, func(a, b *Ribbon) int {
		return cmp.Or(cmp.Compare(a.From.Layer, b.From.Layer), cmp.Compare(a.From.order, b.From.order), cmp.Compare(a.To.order, b.To.order))
	})
	count := map[int]int{}
	for _, n := range f.Nodes {
		count[n.Layer]++
	}
	crowd := 1
	for _, n := range count {
		crowd = max(crowd, n)
	}
	scale := float64(flowHeight-flowGap*(crowd-1)) / float64(max(1, f.Total))
	y := map[int]float64{}
	for _, n := range f.Nodes {
		n.h = float64(n.Weight) * scale
		n.y = y[n.Layer]
		y[n.Layer] += n.h + flowGap
	}
	for _, n := range f.Nodes { // each layer in the middle of the height
		n.y += (flowHeight - (y[n.Layer] - flowGap)) / 2
	}
}

func (f Flow) x(layer int) float64 {
	last := 1
	for _, n := range f.Nodes {
		last = max(last, n.Layer)
	}
	return float64(layer) * (flowWidth - nodeWidth) / float64(last)
}

// SVG is the drawing.
func (f Flow) SVG() template.HTML {
	if len(f.Nodes) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="flow-plot" viewBox="0 -12 %d %d" aria-hidden="true" focusable="false">`, flowWidth, flowHeight+24)
	for _, n := range f.Nodes {
		n.in, n.out = 0, 0
	}
	scale := f.Nodes[0].h / float64(max(1, f.Nodes[0].Weight))
	for _, r := range f.Ribbons {
		f.drawRibbon(&b, r, float64(r.Weight)*scale)
	}
	for _, n := range f.Nodes {
		if !n.lane {
			f.drawNode(&b, n)
		}
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}

func (f Flow) drawRibbon(b *strings.Builder, r *Ribbon, h float64) {
	x0, x1 := f.x(r.From.Layer)+nodeWidth, f.x(r.To.Layer)
	if r.From.lane {
		x0 -= nodeWidth
	}
	y0, y1 := r.From.y+r.From.out, r.To.y+r.To.in
	r.From.out, r.To.in = r.From.out+h, r.To.in+h
	middle := (x0 + x1) / 2
	d := fmt.Sprintf("M%.1f,%.1f C%.1f,%.1f %.1f,%.1f %.1f,%.1f V%.1f C%.1f,%.1f %.1f,%.1f %.1f,%.1f Z",
		x0, y0, middle, y0, middle, y1, x1, y1, y1+h, middle, y1+h, middle, y0+h, x0, y0+h)
	if r.Passing() {
		fmt.Fprintf(b, `<path class="flow-ribbon %s" d="%s"/>`, r.From.class(), d)
		return
	}
	fmt.Fprintf(b, `<g class="chart-hit"><title>%s</title><path class="flow-ribbon %s" d="%s"/></g>`, template.HTMLEscapeString(r.Title), r.From.class(), d)
}

func (f Flow) drawNode(b *strings.Builder, n *Node) {
	x := f.x(n.Layer)
	fmt.Fprintf(b, `<g class="chart-hit"><title>%s</title><rect class="flow-node %s" x="%.1f" y="%.1f" width="%d" height="%.1f" rx="2"/>`,
		template.HTMLEscapeString(n.Title), n.class(), x, n.y, nodeWidth, max(n.h, 1))
	at, anchor := x+nodeWidth+6, "start"
	if n.last {
		at, anchor = x-6, "end"
	}
	fmt.Fprintf(b, `<text class="flow-name" x="%.1f" y="%.1f" dy=".35em" text-anchor="%s">%s</text></g>`, at, n.y+n.h/2, anchor, template.HTMLEscapeString(short(n.Name)))
}

func (n *Node) class() string {
	switch {
	case n.part > 0:
		return fmt.Sprintf("part-%d", n.part)
	case n.order == 0:
		return "flow-bought"
	}
	return "flow-lost"
}

// short is a name cut to what fits between two layers.
func short(name string) string {
	const most = 20
	if letters := []rune(name); len(letters) > most {
		return strings.TrimSpace(string(letters[:most-1])) + "…"
	}
	return name
}
