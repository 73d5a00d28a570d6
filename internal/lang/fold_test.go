package lang

import "testing"

func TestFold(t *testing.T) {
	for text, want := range map[string]string{"Hüttenzauber": "huttenzauber", "LE SAC À L’ÉLÈVE": "le sac a l'eleve", "Straße": "strasse", "Søren Łódź": "soren lodz",
		"Cœur": "coeur", "登山": "登山", "İstanbul": "istanbul", "plain": "plain", "": ""} {
		if got := Fold(text); got != want {
			t.Errorf("%q folds to %q, want %q", text, got, want)
		}
	}
}
