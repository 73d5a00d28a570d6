package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const journeys = "path,total_conversions,total_conversion_value,total_null\nSearch > Coupon,3,90.5,1\n\"TV, Radio\",1,10,4\n"

func TestAttribute(t *testing.T) {
	file := filepath.Join(t.TempDir(), "journeys.csv")
	if err := os.WriteFile(file, []byte(journeys), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := do(t, "", "attribute", file); err != nil || !strings.Contains(out, "2 journeys, 4 conversions worth 100.5, 5 times none") || !strings.Contains(out, "markov 1") {
		t.Errorf("%v: %s", err, out)
	}
	out, err := do(t, journeys, "attribute", "-", "--format", "json", "--order", "2")
	if err != nil {
		t.Fatal(err)
	}
	var models []struct {
		Model   string
		Credits map[string]float64
		Values  map[string]float64
		Effects map[string]float64 `json:"removal_effects"`
	}
	if err := json.Unmarshal([]byte(out), &models); err != nil || len(models) != 8 {
		t.Fatalf("%v: %s", err, out)
	}
	for _, m := range models {
		switch {
		case m.Model == "last" && (m.Credits["Coupon"] != 3 || m.Values["TV, Radio"] != 10 || m.Effects != nil):
			t.Errorf("last says %+v", m)
		case strings.HasPrefix(m.Model, "markov") && m.Effects["Search"] <= m.Effects["TV, Radio"]:
			t.Errorf("%s says %+v", m.Model, m)
		}
	}
	if out, err = do(t, journeys, "attribute", "-", "--format", "csv", "--without-nulls"); err != nil || !strings.HasPrefix(out, "model,channel,conversions,value,removal_effect\nfirst,Coupon,0,0,\nfirst,Search,3,90.5,\n") {
		t.Errorf("%v: %s", err, out)
	}
	for args, says := range map[string]string{"--order=4": "from 1 to 3", "--format=xml": "xml"} {
		if _, err := do(t, journeys, "attribute", "-", args); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s gives %v", args, err)
		}
	}
	var none bytes.Buffer
	if err := run(t.Context(), []string{"attribute", "-"}, strings.NewReader(journeys+"Search,x,0,0\n"), &none, &none); err == nil || !strings.Contains(err.Error(), `-: line 4: "x" is not a number`) || none.Len() > 0 {
		t.Errorf("a fault gives %v and %q", err, &none)
	}
}
