package study

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
)

// WriteTable writes the conversions of every channel under every model for people.
func WriteTable(w io.Writer, all []Credits) error {
	for _, of := range []struct {
		title string
		of    func(Credit) float64
	}{{"Conversions", func(c Credit) float64 { return c.Conversions }}, {"Value", func(c Credit) float64 { return c.Value }}} {
		if err := writeTable(w, of.title, all, of.of); err != nil {
			return err
		}
	}
	return nil
}

func writeTable(w io.Writer, title string, all []Credits, of func(Credit) float64) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "%s\t", title)
	for _, credits := range all {
		fmt.Fprintf(t, "%s\t", strings.ReplaceAll(credits.Model, "_", " "))
	}
	fmt.Fprintln(t)
	sums := make([]float64, len(all))
	for row := range all[0].Channels {
		fmt.Fprintf(t, "%s\t", all[0].Channels[row].Channel)
		for i, credits := range all {
			fmt.Fprintf(t, "%.2f\t", of(credits.Channels[row]))
			sums[i] += of(credits.Channels[row])
		}
		fmt.Fprintln(t)
	}
	fmt.Fprint(t, "together\t")
	for _, sum := range sums {
		fmt.Fprintf(t, "%.2f\t", sum)
	}
	fmt.Fprintln(t)
	return t.Flush()
}

// WriteJSON writes an array with an object for each model, one a line.
func WriteJSON(w io.Writer, all []Credits) error {
	var b strings.Builder
	for i, credits := range all {
		b.WriteString([]string{",\n", "[\n"}[boolean(i == 0)])
		one := struct {
			Model          string             `json:"model"`
			Credits        map[string]float64 `json:"credits"`
			Values         map[string]float64 `json:"values"`
			RemovalEffects map[string]float64 `json:"removal_effects,omitempty"`
		}{credits.Model, map[string]float64{}, map[string]float64{}, nil}
		if markov(credits.Model) {
			one.RemovalEffects = map[string]float64{}
		}
		for _, c := range credits.Channels {
			one.Credits[c.Channel], one.Values[c.Channel] = c.Conversions, c.Value
			if one.RemovalEffects != nil {
				one.RemovalEffects[c.Channel] = c.Removal
			}
		}
		line, err := json.Marshal(one)
		if err != nil {
			return err
		}
		b.Write(line)
	}
	b.WriteString("\n]\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}

func markov(model string) bool { return strings.HasPrefix(model, "markov_") }

// WriteCSV writes a line for each channel under each model.
func WriteCSV(w io.Writer, all []Credits) error {
	c := csv.NewWriter(w)
	c.Write([]string{"model", "channel", "conversions", "value", "removal_effect"})
	for _, credits := range all {
		for _, credit := range credits.Channels {
			removal := ""
			if markov(credits.Model) {
				removal = exact(credit.Removal)
			}
			c.Write([]string{credits.Model, credit.Channel, exact(credit.Conversions), exact(credit.Value), removal})
		}
	}
	c.Flush()
	return c.Error()
}

func exact(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
