package deliver

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const secretPrefix = "whsec_"

// Sign is the signature of Standard Webhooks: what was sent, by whom it is known, and when it left. Where there is no body,
// the query stands for it.
func Sign(secret, id string, at time.Time, content string) string {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretPrefix))
	if err != nil {
		key = []byte(secret)
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + strconv.FormatInt(at.Unix(), 10) + "." + content))
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// Headers name a delivery to its receiver, and sign it by each secret that is valid.
func (t Target) Headers(h http.Header, d Delivery, content string, at time.Time) {
	h.Set("User-Agent", "Tributary/1")
	h.Set("Webhook-Id", d.ID)
	h.Set("Webhook-Timestamp", strconv.FormatInt(at.Unix(), 10))
	h.Set("Tributary-Sequence", strconv.FormatInt(d.Number, 10))
	if d.Test {
		h.Set("Tributary-Test", "true")
	}
	var signatures []string
	if t.Secret != "" {
		signatures = append(signatures, Sign(t.Secret, d.ID, at, content))
	}
	if t.Former != "" && at.Before(t.FormerTil) {
		signatures = append(signatures, Sign(t.Former, d.ID, at, content))
	}
	if len(signatures) > 0 {
		h.Set("Webhook-Signature", strings.Join(signatures, " "))
	}
}
