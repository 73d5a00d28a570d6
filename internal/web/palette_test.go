package web

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// rgb is a colour in linear light.
type rgb [3]float64

// seen is what eyes make of a colour: the usual ones, and those that lack a kind of cone (Machado, Oliveira and Fernandes, 2009).
var seen = map[string][3]rgb{
	"all cones":         {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"without long ones": {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"without middling":  {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"without short":     {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

func product(m [3]rgb, c rgb) (out rgb) {
	for i := range m {
		out[i] = min(max(m[i][0]*c[0]+m[i][1]*c[1]+m[i][2]*c[2], 0), 1)
	}
	return out
}

// fromOKLCH and oklab follow Ottosson's definition.
func fromOKLCH(l, chroma, hue float64) rgb {
	a, b := chroma*math.Cos(hue*math.Pi/180), chroma*math.Sin(hue*math.Pi/180)
	cone := rgb{math.Pow(l+0.3963377774*a+0.2158037573*b, 3), math.Pow(l-0.1055613458*a-0.0638541728*b, 3), math.Pow(l-0.0894841775*a-1.2914855480*b, 3)}
	return product([3]rgb{{4.0767416621, -3.3077115913, 0.2309699292}, {-1.2684380046, 2.6097574011, -0.3413193965}, {-0.0041960863, -0.7034186147, 1.7076147010}}, cone)
}

func oklab(c rgb) (lab rgb) {
	cone := product([3]rgb{{0.4122214708, 0.5363325363, 0.0514459929}, {0.2119034982, 0.6806995451, 0.1073969566}, {0.0883024619, 0.2817188376, 0.6299787005}}, c)
	for i := range cone {
		cone[i] = math.Cbrt(cone[i])
	}
	for i, row := range [3]rgb{{0.2104542553, 0.7936177850, -0.0040720468}, {1.9779984951, -2.4285922050, 0.4505937099}, {0.0259040371, 0.7827717662, -0.8086757660}} {
		lab[i] = row[0]*cone[0] + row[1]*cone[1] + row[2]*cone[2]
	}
	return lab
}

func contrast(a, b rgb) float64 {
	light := func(c rgb) float64 { return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2] + 0.05 }
	return max(light(a), light(b)) / min(light(a), light(b))
}

var shaded = regexp.MustCompile(`--([a-z0-9-]+): light-dark\(oklch\(([\d. ]+)\), oklch\(([\d. ]+)\)\)`)

// colours are the tokens of a style sheet, light and dark.
func colours(t *testing.T, file string) (tokens [2]map[string]rgb) {
	t.Helper()
	tokens = [2]map[string]rgb{{}, {}}
	for _, m := range shaded.FindAllStringSubmatch(string(must(staticFiles.ReadFile(file))), -1) {
		for mode := range tokens {
			var n [3]float64
			for i, text := range strings.Fields(m[mode+2]) {
				var err error
				if n[i], err = strconv.ParseFloat(text, 64); err != nil {
					t.Fatal(err)
				}
			}
			tokens[mode][m[1]] = fromOKLCH(n[0], n[1], n[2])
		}
	}
	return tokens
}

func TestEveryEyeTellsTheChartsColoursApart(t *testing.T) {
	names := []string{"chart-1", "chart-2", "chart-3", "chart-4", "chart-5", "chart-6"}
	for mode, tokens := range colours(t, "static/css/tokens.css") {
		for i, name := range names {
			if got := contrast(tokens[name], tokens["paper"]); got < 3 { // WCAG 1.4.11
				t.Errorf("%s of mode %d has a contrast of %.2f with the paper", name, mode, got)
			}
			for _, other := range names[:i] {
				for eye, m := range seen {
					a, b := oklab(product(m, tokens[name])), oklab(product(m, tokens[other]))
					if apart := math.Hypot(math.Hypot(a[0]-b[0], a[1]-b[1]), a[2]-b[2]); apart < 0.08 {
						t.Errorf("%s and %s of mode %d are %.3f apart for eyes %s", name, other, mode, apart, eye)
					}
				}
			}
		}
	}
}

func TestACohortsShadesCarryItsNumbers(t *testing.T) {
	shades, tokens := colours(t, "static/css/charts.css"), colours(t, "static/css/tokens.css")
	for mode := range shades {
		for _, ground := range []rgb{shades[mode]["shade"], tokens[mode]["paper"]} {
			if got := contrast(ground, tokens[mode]["ink"]); got < 4.5 { // WCAG 1.4.3
				t.Errorf("numbers of mode %d have a contrast of %.2f", mode, got)
			}
		}
	}
}
