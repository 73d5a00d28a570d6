package study

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The book: journeys and what each channel earns, worked out by hand or published with the model. Names in capital letters
// are channels; a path's numbers are its conversions and its nulls.
var book = []struct {
	name  string
	paths []string
	want  map[string]string
}{
	{"one touch has all", []string{"A 3 0"}, map[string]string{
		"first": "A 3", "last": "A 3", "linear": "A 3", "position": "A 3", "time_decay": "A 3", "shapley": "A 3", "markov_1": "A 3", "markov_2": "A 3", "markov_3": "A 3"}},
	{"two touches share by position in halves", []string{"X>Y 10 0"}, map[string]string{"position": "X 5 Y 5", "shapley": "X 5 Y 5", "markov_1": "X 5 Y 5"}},
	{"every touch counts in linear, every channel once in Shapley", []string{"A>A>B 6 0"}, map[string]string{
		"linear": "A 4 B 2", "shapley": "A 3 B 3", "position": "A 3.6 B 2.4"}},
	{"a pair and a loner", []string{"A 4 0", "A>B 6 0"}, map[string]string{"shapley": "A 7 B 3", "first": "A 10 B 0", "last": "A 4 B 6"}},
	{"three paths of three channels", []string{"A 2 0", "B>C 1 0", "C>A>B 5 0"}, map[string]string{
		"first": "A 2 B 1 C 5", "last": "A 2 B 5 C 1", "linear": "A 3.6666667 B 2.1666667 C 2.1666667", "shapley": "A 3.6666667 B 2.1666667 C 2.1666667",
		"position": "A 3 B 2.5 C 2.5"}},
	{"a week of steps back weighs half", []string{"A>B>B>B>B>B>B>C 1 0"}, map[string]string{
		// 2^-1 for A, 1 for C, the sum over 2^(-i/7)
		"time_decay": "A 0.0862 B 0.7415 C 0.1723"}},
	{"the chain whose removal effects are 1 and ½", []string{"A>B>A>B>B>A 1 0", "A>B>B>A>A 1 0", "A>A 1 0"}, map[string]string{
		"markov_1": "A 2 B 1", "first": "A 3 B 0", "last": "A 3 B 0"}},
	// start → A; A → B 4/6, C 2/6; B → win 3/4; C → win 1/2. All: 4/6·3/4 + 2/6·1/2 = 2/3. Without A none; without B 1/6, so 3/4
	// are lost; without C 1/2, so 1/4 is lost. Four conversions in the proportion 4:3:1.
	{"nulls count", []string{"A>B 3 1", "A>C 1 1"}, map[string]string{"markov_1": "A 2 B 1.5 C 0.5"}},
	// In the second order the way matters: B after A wins always, B alone never.
	{"a longer memory", []string{"A>B 2 0", "B 0 2"}, map[string]string{
		// order 1: start → A ½, B ½; B → win ½; A → B. All ½; without A ¼ (lost ½), without B 0 (lost 1).
		"markov_1": "A 0.6666667 B 1.3333333",
		// order 2: all ½; without A 0, without B 0.
		"markov_2": "A 1 B 1"}},
}

func TestBook(t *testing.T) {
	for _, c := range book {
		t.Run(c.name, func(t *testing.T) {
			s := studyOf(t, 3, c.paths)
			got := credits(t, s)
			for model, want := range c.want {
				words := strings.Fields(want)
				for i := 0; i < len(words); i += 2 {
					var conversions float64
					fmt.Sscan(words[i+1], &conversions)
					near := 1e-9
					if _, digits, _ := strings.Cut(words[i+1], "."); len(digits) > 2 { // rounded
						near = 0.51 * math.Pow10(-len(digits))
					}
					if math.Abs(got[model][words[i]]-conversions) > near {
						t.Errorf("under %s, %s earns %v, want %s", model, words[i], got[model][words[i]], words[i+1])
					}
				}
			}
		})
	}
}

func studyOf(t testing.TB, order int, paths []string) *Study {
	s := New(order)
	for _, line := range paths {
		var path string
		var conversions, nulls float64
		fmt.Sscan(line, &path, &conversions, &nulls)
		var touches []int32
		for name := range strings.SplitSeq(path, ">") {
			id, err := s.Channel(name)
			if err != nil {
				t.Fatal(err)
			}
			touches = append(touches, id)
		}
		s.Add(touches, Worth{conversions, 10 * conversions}, nulls)
	}
	return s
}

type failer interface {
	Helper()
	Fatal(...any)
}

func credits(t failer, s *Study) map[string]map[string]float64 {
	t.Helper()
	all, err := s.Credits()
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]map[string]float64{}
	for _, c := range all {
		by[c.Model] = map[string]float64{}
		for _, credit := range c.Channels {
			by[c.Model][credit.Channel] = credit.Conversions
		}
	}
	return by
}

// someJourneys draws a few journeys over a few channels.
func someJourneys(t *rapid.T) []string {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
		path := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"A", "B", "C", "D", "E"}), 1, 7).Draw(t, "path"), ">")
		return fmt.Sprintf("%s %d %d", path, rapid.IntRange(0, 5).Draw(t, "conversions"), rapid.IntRange(0, 5).Draw(t, "nulls"))
	}), 1, 12).Draw(t, "journeys")
}

func TestCreditsSumToTheWholeInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		journeys := someJourneys(t)
		s := studyOf(nil, 3, journeys)
		got := credits(t, s)
		cut := rapid.IntRange(0, len(journeys)).Draw(t, "cut")
		mixed := rapid.Permutation(journeys).Draw(t, "mixed")
		parts, rest := studyOf(nil, 3, mixed[:cut]), studyOf(nil, 3, mixed[cut:])
		if err := parts.Join(rest); err != nil {
			t.Fatal(err)
		}
		again := credits(t, parts)
		for model, channels := range got {
			sum := 0.0
			for channel, conversions := range channels {
				sum += conversions
				if math.Abs(again[model][channel]-conversions) > 1e-9 {
					t.Fatalf("under %s, %s earns %v, and in another order %v", model, channel, conversions, again[model][channel])
				}
				if conversions < 0 {
					t.Fatalf("under %s, %s earns %v", model, channel, conversions)
				}
			}
			if math.Abs(sum-s.Total().Conversions) > 1e-9 {
				t.Fatalf("under %s the credits sum to %v of %v", model, sum, s.Total().Conversions)
			}
		}
	})
}

// TestShapleyIsTheMeanOverAllOrders holds the closed form against the definition: a channel's part is what it adds when it
// comes after those before it, in the mean over all orders in which the channels can come.
func TestShapleyIsTheMeanOverAllOrders(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		journeys := someJourneys(t)
		s := studyOf(nil, 1, journeys)
		n := len(s.names)
		v := make([]float64, 1<<n) // by set of channels
		for _, line := range journeys {
			var path string
			var conversions float64
			fmt.Sscan(line, &path, &conversions)
			var uses uint
			for name := range strings.SplitSeq(path, ">") {
				uses |= 1 << s.ids[name]
			}
			for set := range v {
				if uint(set)&uses == uses {
					v[set] += conversions
				}
			}
		}
		factorial := []float64{1, 1, 2, 6, 24, 120}
		got := credits(t, s)["shapley"]
		for i, name := range s.names {
			want := 0.0
			for set := range v {
				if set>>i&1 == 0 {
					before := bits.OnesCount(uint(set))
					want += factorial[before] * factorial[n-1-before] / factorial[n] * (v[set|1<<i] - v[set])
				}
			}
			if math.Abs(got[name]-want) > 1e-9 {
				t.Fatalf("%s earns %v, and %v by the definition", name, got[name], want)
			}
		}
	})
}

func TestLinearIsShapleyWhereNoChannelReturns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		got := credits(t, studyOf(nil, 1, []string{strings.Join(rapid.Permutation([]string{"A", "B", "C", "D", "E"}).Draw(t, "path")[:3], ">") + " 7 1"}))
		for name, conversions := range got["linear"] {
			if math.Abs(got["shapley"][name]-conversions) > 1e-12 {
				t.Fatalf("%s earns %v and %v", name, conversions, got["shapley"][name])
			}
		}
	})
}

// TestRemovalIsWhatAWalkFinds holds each order's solution against walking all ways of the chain, step by step, until next to
// nothing is still on its way.
func TestRemovalIsWhatAWalkFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := studyOf(nil, 3, someJourneys(t))
		if s.Total().Conversions == 0 {
			return
		}
		for order := 1; order <= Order; order++ {
			g := s.chains[order-1].graph(order, len(s.names))
			whole := walk(g, -1)
			effects, err := s.Removal(order)
			if err != nil {
				t.Fatal(err)
			}
			one, err := g.removedOneByOne()
			if err != nil {
				t.Fatal(err)
			}
			for i, effect := range effects {
				if want := 1 - walk(g, int32(i))/whole; math.Abs(effect-want) > 1e-9 || math.Abs(one[i]-want) > 1e-9 || effect < 0 || effect > 1 {
					t.Fatalf("order %d: without %s the part %v or %v is lost, and a walk loses %v", order, s.names[i], effect, one[i], want)
				}
			}
		}
	})
}

func walk(g *graph, removed int32) float64 {
	here, won := make([]float64, len(g.last)), 0.0
	here[0] = 1
	for left := 1.0; left > 1e-13; {
		next := make([]float64, len(here))
		left = 0
		for from, chance := range here {
			won += chance * g.wins[from]
			for _, s := range g.steps[from] {
				if removed < 0 || g.last[s.to] != removed {
					next[s.to] += chance * s.chance
					left += chance * s.chance
				}
			}
		}
		here = next
	}
	return won
}

func TestSlowChainsAreSolvedToo(t *testing.T) {
	long := strings.Repeat("A>B>", 20_000) + "A"
	s := studyOf(t, 2, []string{long + " 1 0", "B 1 1"})
	effects, err := s.Removal(2)
	if err != nil {
		t.Fatal(err)
	}
	g := s.chains[1].graph(2, 2)
	want := 1 - walk(g, 0)/walk(g, -1)
	if math.Abs(effects[0]-want) > 1e-6 {
		t.Errorf("without A the part %v is lost, and a walk loses %v", effects[0], want)
	}
}

func TestFilesAreReadAsTheyAreInLife(t *testing.T) {
	for name, file := range map[string]string{
		"plain":              "path,total_conversions,total_conversion_value,total_null\nA > B,2,10.50,1\nB,1,3,0\n",
		"no last line's end": "path,total_conversions,total_conversion_value,total_null\nA > B,2,10.50,1\nB,1,3,0",
		"windows":            "\ufeffpath,total_conversions,total_conversion_value,total_null\r\nA > B,2,10.50,1\r\n\r\nB,1,3,0\r\n",
		"quoted":             `"path","total_conversions","total_conversion_value","total_null"` + "\n" + `"A > B",2,10.50,1` + "\n" + `"B","1","3.00",0` + "\n",
		"other columns":      "id,total_null,note,path,total_conversions,total_conversion_value\n1,1,\"x, \"\"y\"\"\",A>B,2,1.05e1\n2,0,,  B  ,1,3\n",
		"touches":            "journey,channel,conversions,value\n1,A,,\n2,B,1,3\n1,B,2,10.5\n3,A,0,\n3,B,,\n",
	} {
		t.Run(name, func(t *testing.T) {
			for workers := 1; workers <= 3; workers++ {
				s, err := Read(strings.NewReader(file), Options{Order: 2, Workers: workers})
				if err != nil {
					t.Fatal(err)
				}
				if s.Total() != (Worth{3, 13.5}) || s.Nulls() != 1 {
					t.Errorf("the total is %v with %v nulls", s.Total(), s.Nulls())
				}
				if got := credits(t, s)["first"]; got["A"] != 2 || got["B"] != 1 {
					t.Errorf("the first touches earn %v", got)
				}
			}
		})
	}
}

func TestTimesOrderAndWeighTouches(t *testing.T) {
	s, err := Read(strings.NewReader("journey,time,channel,conversions\nx,2026-05-08T00:00:00Z,B,1\nx,2026-05-01,A,\n"), Options{Order: 1})
	if err != nil {
		t.Fatal(err)
	}
	got := credits(t, s)
	if got["first"]["A"] != 1 || math.Abs(got["time_decay"]["A"]-1./3) > 1e-12 {
		t.Errorf("a week before the other, A earns %v first and %v by decay", got["first"]["A"], got["time_decay"]["A"])
	}
}

func TestChunksChangeNothing(t *testing.T) {
	file := journeysLikeLife(20_000) // several chunks
	file = append(file, "\"A\n > B\",1,2,0\n"...)
	if _, err := Read(strings.NewReader(string(file)), Options{Order: 1, Workers: 2}); faultLine(err) != 20_002 {
		t.Errorf("a line break in a path, on line 20002, gives %v", err)
	}
	file = journeysLikeLife(20_000)
	one, err := Read(strings.NewReader(string(file)), Options{Order: 3, Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	many, err := Read(strings.NewReader(string(file)), Options{Order: 3, Workers: 4})
	if err != nil {
		t.Fatal(err)
	}
	if one.Journeys() != 20_000 || many.Journeys() != 20_000 || len(one.names) != 12 {
		t.Fatalf("%d and %d journeys of %q", one.Journeys(), many.Journeys(), one.names)
	}
	again := credits(t, many)
	for model, channels := range credits(t, one) {
		for name, conversions := range channels {
			if math.Abs(conversions-again[model][name]) > 1e-6 {
				t.Errorf("under %s, %s earns %v of one reader and %v of four", model, name, conversions, again[model][name])
			}
		}
	}
}

func faultLine(err error) int64 {
	var fault *LineError
	if errors.As(err, &fault) {
		return fault.Line
	}
	return 0
}

func TestBadFilesAreRefusedByLine(t *testing.T) {
	const head = "path,total_conversions,total_conversion_value,total_null\n"
	for _, c := range []struct {
		file string
		line int64
		says string
	}{
		{"", 1, "empty"},
		{"\n", 1, "no column"},
		{"a,b\n1,2\n", 1, `no column "path"`},
		{"path,path,total_conversions\n", 1, "two columns"},
		{head, 2, "no journey"},
		{head + "\n\n", 2, "no journey"},
		{head + "A > B,1,1,0\nA,1,1\n", 3, "fewer"},
		{head + "A\nB,1,1,0\n", 2, "fewer"},
		{head + "A,1,1,0,9\n", 2, "more"},
		{head + "TV, Radio,1,1,0\n", 2, "not a number"},
		{head + "A,one,1,0\n", 2, "not a number"},
		{head + "A,NaN,1,0\n", 2, "not a number"},
		{head + "A,1e999,1,0\n", 2, "not a number"},
		{head + "A,1e16,1,0\n", 2, "too large"},
		{head + "A,-1,1,0\n", 2, "less than nothing"},
		{head + "A,,1,0\n", 2, "missing"},
		{head + "A,0,1,0\n", 2, "value without a conversion"},
		{head + ",1,1,0\n", 2, "no name"},
		{head + "A > > B,1,1,0\n", 2, "touch 2 of the path has no name"},
		{head + "A >,1,1,0\n", 2, "no name"},
		{head + "\"A,1,1,0\nB,1,1,0\n", 2, "quotation mark"},
		{head + "\"A\"B,1,1,0\n", 2, "quotation mark"},
		{head + strings.Repeat("A>", MaxTouches) + "A,1,1,0\n", 2, "more than 100000 touches"},
		{head + "\"" + strings.Repeat("A>", 5<<20), 2, "8 MiB"},
		{"journey,time,channel\n1,yesterday,A\n", 2, "no time"},
		{"journey,channel\n1,A\n,B\n", 3, "no journey"},
		{"journey,channel\n1,\n", 2, "no channel"},
		{"journey,channel\n1,A,9\n", 2, "more or fewer"},
		{"journey,channel\n", 2, "no touch"},
		{"channel,conversions\nA,1\n", 1, `no column "journey"`},
	} {
		_, err := Read(strings.NewReader(c.file), Options{Order: 1, Workers: 2})
		if faultLine(err) != c.line || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%.60q gives %v, want line %d and %q", c.file, err, c.line, c.says)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("path,total_conversions,total_conversion_value,total_null\nA > B,2,10.50,1\n\"B\",1,3,0\n")
	f.Add("journey,time,channel,conversions,value\n1,2026-05-08,B,1,2\n")
	f.Add(",,total_null")
	f.Fuzz(func(t *testing.T, file string) {
		one, err := Read(strings.NewReader(file), Options{Order: 2, Workers: 1})
		two, again := Read(strings.NewReader(file), Options{Order: 2, Workers: 2})
		if (err == nil) != (again == nil) || faultLine(err) != faultLine(again) {
			t.Fatalf("one reader says %v, two say %v", err, again)
		}
		if err != nil {
			if faultLine(err) == 0 {
				t.Fatalf("a fault without a line: %v", err)
			}
			return
		}
		if one.Journeys() != two.Journeys() || !slices.Equal(one.names, two.names) {
			t.Fatalf("%d of %q and %d of %q", one.Journeys(), one.names, two.Journeys(), two.names)
		}
	})
}
