package api

import (
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/tributary-hq/tributary/internal/problem"
)

// limits counts each token's requests. They are counted on this node alone.
type limits struct {
	rate  rate.Limit // a second; 0: nobody is limited
	burst int
	mu    sync.Mutex
	of    map[string]*rate.Limiter // by id of the token
}

func newLimits(perSecond int) *limits {
	return &limits{rate: rate.Limit(perSecond), burst: 5 * perSecond, of: map[string]*rate.Limiter{}}
}

var tooMany = &problem.Problem{Status: http.StatusTooManyRequests, Code: "rate_limited", Detail: "too many requests with this token: slow down"}

// count takes a request off the token's account and tells it what is left.
func (l *limits) count(w http.ResponseWriter, token string, now time.Time) error {
	if l.rate == 0 {
		return nil
	}
	l.mu.Lock()
	limiter := l.of[token]
	if limiter == nil {
		limiter = rate.NewLimiter(l.rate, l.burst)
		l.of[token] = limiter
	}
	l.mu.Unlock()
	allowed := limiter.AllowN(now, 1)
	left := max(0, limiter.TokensAt(now))
	h := w.Header()
	h.Set("RateLimit-Limit", strconv.Itoa(l.burst))
	h.Set("RateLimit-Remaining", strconv.Itoa(int(left)))
	h.Set("RateLimit-Reset", strconv.Itoa(int(math.Ceil((float64(l.burst)-left)/float64(l.rate)))))
	if !allowed {
		h.Set("Retry-After", "1")
		return tooMany
	}
	return nil
}
