package deliver

import (
	"net/http"
	"net/netip"
)

// Client is an HTTP client for addresses that others have chosen: it reaches public ones, and those of reach, and follows no
// redirect by itself.
func Client(reach []netip.AddrPort) *http.Client { return newClient(reach) }

// FaultOf is why a request to others came to nothing.
func FaultOf(err error) Fault { return faultOf(err) }
