package track_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestAgentToken has a program that buys for somebody ask by a link, and the shop report what it bought.
func TestAgentToken(t *testing.T) {
	s := newShop(t)
	_ = s
	_ = json.Unmarshal
	_ = http.StatusOK
	_ = strings.Contains
	_ = time.Hour
}
