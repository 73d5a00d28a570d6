package demo

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
)

// The brand's colours, as the shop has them.
var (
	paper  = color.RGBA{0xf7, 0xf1, 0xe6, 0xff}
	pine   = color.RGBA{0x2e, 0x4b, 0x3d, 0xff}
	rust   = color.RGBA{0xa8, 0x48, 0x1f, 0xff}
	ochre  = color.RGBA{0xe3, 0xb0, 0x4b, 0xff}
	dusk   = color.RGBA{0xf0, 0xd3, 0xa4, 0xff}
	far    = color.RGBA{0x9d, 0xb0, 0x9f, 0xff}
	middle = color.RGBA{0x63, 0x83, 0x70, 0xff}
)

// canvas is a picture that is drawn by asking of each point whether it is inside of something.
type canvas struct {
	*image.RGBA
	w, h float64
}

// samples is how many points of a pixel are asked in each direction.
const samples = 3

// fill paints what is inside, between two columns and two rows, with soft edges.
func (c canvas) fill(ink color.RGBA, x0, y0, x1, y1 float64, inside func(x, y float64) bool) {
	for y := max(0, int(y0)); y < min(int(c.h), int(math.Ceil(y1))); y++ {
		for x := max(0, int(x0)); x < min(int(c.w), int(math.Ceil(x1))); x++ {
			n := 0
			for i := range samples * samples {
				if inside(float64(x)+(float64(i%samples)+0.5)/samples, float64(y)+(float64(i/samples)+0.5)/samples) {
					n++
				}
			}
			if n > 0 {
				c.blend(x, y, ink, n)
			}
		}
	}
}

func (c canvas) blend(x, y int, ink color.RGBA, n int) {
	const all = samples * samples
	at := c.RGBAAt(x, y)
	mix := func(old, new uint8) uint8 { return uint8((int(old)*(all-n) + int(new)*n) / all) }
	c.SetRGBA(x, y, color.RGBA{mix(at.R, ink.R), mix(at.G, ink.G), mix(at.B, ink.B), 0xff})
}

// ridge paints hills from a height down, their crest a sum of waves.
func (c canvas) ridge(ink color.RGBA, crest, swing, phase float64) {
	scale := 2 * math.Pi / max(c.h*1.6, c.w/3)
	tops := make([]float64, int(c.w)*samples) // of each column of points
	for i := range tops {
		x := (float64(i) + 0.5) / samples * scale
		tops[i] = crest + swing*(0.6*math.Sin(x+phase)+0.3*math.Sin(2.3*x+2*phase)+0.1*math.Sin(7*x))
	}
	c.fill(ink, 0, crest-2*swing, c.w, c.h, func(x, y float64) bool { return y > tops[int(x*samples)] })
}

// tent paints a tent whose foot is in the middle of its ground.
func (c canvas) tent(x, ground, size float64) {
	triangle := func(left, top, right float64) func(px, py float64) bool {
		return func(px, py float64) bool {
			share := (py - (ground - top)) / top
			return share > 0 && py < ground && px > x+left*share && px < x+right*share
		}
	}
	c.fill(rust, x-size, ground-size, x+size, ground, triangle(-0.8*size, 0.9*size, 0.8*size))
	c.fill(dusk, x-size, ground-size, x+size, ground, triangle(-0.22*size, 0.62*size, 0.22*size))
}

// strokes are letters as lines in a field that is six wide and ten high, x and y of each end by turns.
var strokes = map[rune][]float64{
	'A': {0, 10, 3, 0, 3, 0, 6, 10, 1.2, 6.4, 4.8, 6.4},
	'B': {0, 0, 0, 10, 0, 0, 3.6, 0, 3.6, 0, 5, 1.4, 5, 1.4, 5, 3.4, 5, 3.4, 3.6, 4.8, 0, 4.8, 3.8, 4.8, 3.8, 4.8, 5.6, 6.4, 5.6, 6.4, 5.6, 8.4, 5.6, 8.4, 3.8, 10, 3.8, 10, 0, 10},
	'D': {0, 0, 0, 10, 0, 0, 3, 0, 3, 0, 6, 3, 6, 3, 6, 7, 6, 7, 3, 10, 3, 10, 0, 10},
	'E': {0, 0, 0, 10, 0, 0, 5, 0, 0, 5, 4.2, 5, 0, 10, 5, 10},
	'F': {0, 0, 0, 10, 0, 0, 5, 0, 0, 5, 4.2, 5},
	'I': {0, 0, 0, 10},
	'K': {0, 0, 0, 10, 5.4, 0, 0, 6, 1.8, 4.2, 5.6, 10},
	'L': {0, 0, 0, 10, 0, 10, 4.6, 10},
	'M': {0, 10, 0, 0, 0, 0, 3.5, 6, 3.5, 6, 7, 0, 7, 0, 7, 10},
	'N': {0, 10, 0, 0, 0, 0, 5.6, 10, 5.6, 10, 5.6, 0},
	'O': {2, 0, 4.4, 0, 4.4, 0, 6.4, 2, 6.4, 2, 6.4, 8, 6.4, 8, 4.4, 10, 4.4, 10, 2, 10, 2, 10, 0, 8, 0, 8, 0, 2, 0, 2, 2, 0},
	'P': {0, 0, 0, 10, 0, 0, 3.8, 0, 3.8, 0, 5.4, 1.6, 5.4, 1.6, 5.4, 4, 5.4, 4, 3.8, 5.6, 3.8, 5.6, 0, 5.6},
	'R': {0, 0, 0, 10, 0, 0, 3.8, 0, 3.8, 0, 5.4, 1.6, 5.4, 1.6, 5.4, 4, 5.4, 4, 3.8, 5.6, 3.8, 5.6, 0, 5.6, 2.6, 5.6, 5.6, 10},
	'T': {0, 0, 6, 0, 3, 0, 3, 10},
	'U': {0, 0, 0, 8, 0, 8, 2, 10, 2, 10, 3.8, 10, 3.8, 10, 5.8, 8, 5.8, 8, 5.8, 0},
	'W': {0, 0, 2, 10, 2, 10, 4, 3, 4, 3, 6, 10, 6, 10, 8, 0},
}

// gap is between letters, and a word's between words, in the letters' own measure.
const gap, wordGap = 2.6, 4.5

func widthOf(letter rune) float64 {
	width := 0.0
	for i := 0; i < len(strokes[letter]); i += 2 {
		width = max(width, strokes[letter][i])
	}
	return width
}

// measure is how wide words are in letters of a height.
func measure(words string, height float64) float64 {
	width := 0.0
	for _, letter := range words {
		if letter == ' ' {
			width += wordGap
		} else {
			width += widthOf(letter) + gap
		}
	}
	return (width - gap) * height / 10
}

// write paints words from their left upper corner on.
func (c canvas) write(words string, ink color.RGBA, x, y, height, weight float64) {
	unit := height / 10
	for _, letter := range words {
		if letter == ' ' {
			x += wordGap * unit
			continue
		}
		lines, half := strokes[letter], height*weight/2
		c.fill(ink, x-half, y-half, x+widthOf(letter)*unit+half, y+height+half, func(px, py float64) bool {
			for i := 0; i+3 < len(lines); i += 4 {
				if near(px, py, x+lines[i]*unit, y+lines[i+1]*unit, x+lines[i+2]*unit, y+lines[i+3]*unit, half) {
					return true
				}
			}
			return false
		})
		x += (widthOf(letter) + gap) * unit
	}
}

// near tells whether a point is at most so far from a line.
func near(px, py, x0, y0, x1, y1, most float64) bool {
	dx, dy := x1-x0, y1-y0
	t := min(1, max(0, ((px-x0)*dx+(py-y0)*dy)/(dx*dx+dy*dy)))
	return math.Hypot(px-x0-t*dx, py-y0-t*dy) <= most
}

// banner draws hills, a tent, the brand's name and a slogan, in a size of the trade.
func banner(width, height int, slogan string) ([]byte, error) {
	c := canvas{image.NewRGBA(image.Rect(0, 0, width, height)), float64(width), float64(height)}
	c.fill(paper, 0, 0, c.w, c.h, func(_, _ float64) bool { return true })
	flat, tall := c.w > 3*c.h, c.h > 2*c.w
	horizon, left, letters := c.h*0.52, c.w*0.08, min(c.w, c.h)*0.105
	switch {
	case flat:
		horizon, left, letters = c.h*0.72, c.h*0.4, c.h*0.24
	case tall:
		horizon, letters = c.h*0.6, c.w*0.115
	}
	sun := min(c.w, c.h) * 0.17
	sunX, sunY := c.w*0.75, horizon-sun*0.1
	c.fill(ochre, sunX-sun, sunY-sun, sunX+sun, sunY+sun, func(x, y float64) bool { return math.Hypot(x-sunX, y-sunY) < sun })
	swing, step := min(c.h, c.w)*0.12, 0.15
	if flat {
		swing, step = c.h*0.06, 0.1
	}
	c.ridge(far, horizon, swing, 0.4)
	c.ridge(middle, horizon+step*c.h, 0.9*swing, 2.1)
	c.ridge(pine, horizon+2*step*c.h, 0.5*swing, 4)
	c.tent(c.w*0.84, min(horizon+0.36*c.h, 0.95*c.h), min(c.h, c.w)*0.17)
	top := c.h * 0.1
	if flat {
		top = c.h * 0.15
	}
	c.write("BIRKWILD", pine, left, top, letters, 0.16)
	small := letters * 0.52
	small = min(small, small*(c.w-2*left)/measure(slogan, small))
	c.write(slogan, rust, left, top+letters*1.55, small, 0.15)
	var b bytes.Buffer
	err := png.Encode(&b, c)
	return b.Bytes(), err
}
