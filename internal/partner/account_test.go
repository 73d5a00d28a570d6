package partner

import "testing"

func TestMasked(t *testing.T) {
	for account, want := range map[string]string{"": "", "ann@example.com": "a***@example.com", "李@example.com": "李***@example.com", "@x": "****@x", "GB33BUKB": "G***"} {
		if got := Masked(account); got != want {
			t.Errorf("%q is masked as %q, want %q", account, got, want)
		}
	}
}
