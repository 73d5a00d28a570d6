package evidence

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.Abs(got-want) > within {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestKnownValues(t *testing.T) {
	near(t, "z of 97.5 %", Quantile(0.975), 1.959963984540054, 1e-12)
	near(t, "z of 80 %", Quantile(0.8), 0.8416212335729143, 1e-12)
	near(t, "z of 90 %", Quantile(0.9), 1.2815515655446004, 1e-12)
	for _, c := range []struct {
		plan Plan
		want int64 // clicks of each variant
	}{
		// Of one half against 0.6, Fleiss' formula gives 387.3; of 0.1 against 0.15, 685.6; of 0.01 against 0.012, 42 691.
		{Plan{0.05, 0.5, 0.2}, 388},
		{Plan{0.05, 0.1, 0.5}, 686},
		{Plan{0.05, 0.01, 0.2}, 42_693},
	} {
		if got := c.plan.OneLook(); got < c.want-2 || got > c.want+2 {
			t.Errorf("%+v: %d, want %d", c.plan, got, c.want)
		}
	}
}

// TestLooksAtNothingRarelyFindSomething tests pages against themselves, looks a hundred times at each test and stops at the first look
// that calls a difference real: at most one test in twenty may. A test that is made for one look fails here by far.
func TestLooksAtNothingRarelyFindSomething(t *testing.T) {
	const tests, looks = 1500, 100
	r := rand.New(rand.NewPCG(7, 11))
	for _, c := range []struct {
		plan  Plan
		rate  float64 // the true one
		share float64 // of the variant
		step  int     // clicks between two looks
	}{
		{Plan{0.05, 0.05, 0.1}, 0.05, 0.5, 200},
		{Plan{0.05, 0.02, 0.5}, 0.02, 0.5, 60},
		{Plan{0.05, 0.02, 0.2}, 0.02, 0.1, 300},
		{Plan{0.05, 0.03, 0.3}, 0.3, 0.5, 50}, // the plan was far off
		{Plan{0.05, 0.10, 0.3}, 0.005, 0.5, 300},
	} {
		wrong, fixed := 0, 0
		for range tests {
			var a, b Arm
			called, calledOnce := false, false
			for range looks {
				toB := int64(0)
				for range c.step / 50 { // the number that go to b, by fiftieths: nearly binomial and quick
					toB += int64(math.Round(50*c.share + r.NormFloat64()*math.Sqrt(50*c.share*(1-c.share))))
				}
				toB = min(max(toB, 0), int64(c.step))
				a.add(r, int64(c.step)-toB, c.rate)
				b.add(r, toB, c.rate)
				v := c.plan.Compare(a, b)
				called = called || v.Real
				pooled := Arm{a.Clicks + b.Clicks, a.Conversions + b.Conversions}.Rate()
				z := v.Difference / math.Sqrt(pooled*(1-pooled)*(1/float64(a.Clicks)+1/float64(b.Clicks)))
				calledOnce = calledOnce || v.Enough && math.Abs(z) > Quantile(0.975)
			}
			if called {
				wrong++
			}
			if calledOnce {
				fixed++
			}
		}
		t.Logf("%+v: %.1f %% called real, %.1f %% by a test for one look", c, 100*float64(wrong)/tests, 100*float64(fixed)/tests)
		if float64(wrong) > tests*c.plan.Alpha {
			t.Errorf("%+v: %d of %d tests of nothing are called real", c, wrong, tests)
		}
		if float64(fixed) < tests*0.15 {
			t.Errorf("%+v: looking often does no harm here, so nothing is tested: %d of %d", c, fixed, tests)
		}
	}
}

// add lets clicks come, of which each converts with the rate.
func (a *Arm) add(r *rand.Rand, clicks int64, rate float64) {
	a.Clicks += clicks
	// The next conversion is so many clicks away: geometric, by inversion.
	for left := clicks; ; {
		away := int64(math.Log(1-r.Float64())/math.Log(1-rate)) + 1
		if left -= away; left < 0 {
			return
		}
		a.Conversions++
	}
}

// TestWhatIsThereIsFound lets a variant be as much better as the plan says, and as many clicks come as the plan asks for.
func TestWhatIsThereIsFound(t *testing.T) {
	const tests, looks = 600, 50
	r := rand.New(rand.NewPCG(3, 5))
	for _, p := range []Plan{{0.05, 0.05, 0.2}, {0.05, 0.1, 0.1}, {0.025, 0.02, 0.5}} {
		found, wrongWay := 0, 0
		for range tests {
			var a, b Arm
			for range looks {
				a.add(r, p.Clicks()/looks+1, p.Rate)
				b.add(r, p.Clicks()/looks+1, p.Rate*(1+p.Lift))
				if v := p.Compare(a, b); v.Real {
					found++
					if v.Difference < 0 {
						wrongWay++
					}
					break
				}
			}
		}
		t.Logf("%+v: %d clicks (%d for one look), %.1f %% found", p, p.Clicks(), p.OneLook(), 100*float64(found)/tests)
		if float64(found) < tests*Power || wrongWay > tests/100 {
			t.Errorf("%+v: %d of %d found, %d the wrong way round", p, found, tests, wrongWay)
		}
	}
}

func TestVerdictsHoldTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		arm := func(name string) Arm {
			n := rapid.Int64Range(0, 1_000_000).Draw(t, name)
			return Arm{n, rapid.Int64Range(0, n).Draw(t, name+" converted")}
		}
		p := Plan{0.05, rapid.Float64Range(0.001, 0.5).Draw(t, "rate"), rapid.Float64Range(0.01, 1).Draw(t, "lift")}
		a, b := arm("a"), arm("b")
		v, back := p.Compare(a, b), p.Compare(b, a)
		for _, x := range []float64{v.Difference, v.Low, v.High, v.Chance} {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				t.Fatalf("%+v", v)
			}
		}
		if v.Low > v.Difference || v.High < v.Difference || v.Chance < 0 || v.Chance > 1 {
			t.Fatalf("%+v", v)
		}
		if outside := v.Low > 0 || v.High < 0; outside != (v.Chance < p.Alpha) && math.Abs(v.Chance-p.Alpha) > 1e-9 {
			t.Fatalf("the interval and the verdict differ: %+v", v)
		}
		if math.Abs(v.Difference+back.Difference) > 1e-12 || v.Real != back.Real {
			t.Fatalf("%+v the other way round is %+v", v, back)
		}
	})
}
