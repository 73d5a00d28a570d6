package study

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
)

// journeysLikeLife is a file of paths of four touches in the mean over twelve channels, some of which need quotation marks.
func journeysLikeLife(lines int) []byte {
	names := []string{"Paid Search", "Organic", "E-mail", "Facebook Ads", "Display", "Affiliate", "Direct", "Referral", "TV, Radio", "Instagram", "Criteo", `Push ""app""`}
	r := rand.New(rand.NewPCG(1, 2))
	var b bytes.Buffer
	b.WriteString("path,total_conversions,total_conversion_value,total_null\n")
	for range lines {
		var path bytes.Buffer
		for touches := 0; touches == 0 || touches < 40 && r.Float64() < 0.75; touches++ {
			if touches > 0 {
				path.WriteString(" > ")
			}
			path.WriteString(names[int(r.Float64()*r.Float64()*float64(len(names)))])
		}
		quote := ""
		if bytes.ContainsAny(path.Bytes(), `,"`) {
			quote = `"`
		}
		sales, cents := 0, 0
		if r.Float64() < 0.3 {
			sales, cents = 1+r.IntN(3), r.IntN(30_000)
		}
		fmt.Fprintf(&b, "%s%s%s,%d,%d.%02d,%d\n", quote, path.Bytes(), quote, sales, cents/100, cents%100, r.IntN(3))
	}
	return b.Bytes()
}

// BenchmarkRead prints the studies of orders 1 and 3 as multiples of the time that it takes to find the ends of all lines
// and values of the same file, in the same run.
func BenchmarkRead(b *testing.B) {
	file := journeysLikeLife(300_000)
	for _, order := range []int{1, 3} {
		b.Run(fmt.Sprintf("order=%d", order), func(b *testing.B) {
			b.SetBytes(int64(len(file)))
			var reference testing.BenchmarkResult
			for b.Loop() {
				if _, err := Read(bytes.NewReader(file), Options{Order: order, Workers: 1}); err != nil {
					b.Fatal(err)
				}
			}
			reference = testing.Benchmark(func(b *testing.B) {
				for b.Loop() {
					ends(file)
				}
			})
			b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(reference.NsPerOp()), "×scan")
		})
	}
}

// ends is the least that a reader of such a file must do.
func ends(file []byte) (n int) {
	for rest := file; len(rest) > 0; n++ {
		line := rest[:bytes.IndexByte(rest, '\n')+1]
		rest = rest[len(line):]
		for at := 0; at >= 0; n++ {
			if at = bytes.IndexByte(line, ','); at >= 0 {
				line = line[at+1:]
			}
		}
	}
	return n
}
