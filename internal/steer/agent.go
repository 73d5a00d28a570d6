package steer

import "strings"

// machine is the kind of device and the system that a User-Agent names. An iPad that asks for the pages of a desk says that it
// is a Macintosh, and is taken for one.
func machine(agent string) (device, system string) {
	switch {
	case strings.Contains(agent, "Windows Phone"):
		return "phone", "windows"
	case strings.Contains(agent, "Windows"):
		return "computer", "windows"
	case strings.Contains(agent, "iPad"):
		return "tablet", "ios"
	case strings.Contains(agent, "iPhone"), strings.Contains(agent, "iPod"):
		return "phone", "ios"
	case strings.Contains(agent, "Android"):
		switch {
		case strings.Contains(agent, "TV"), strings.Contains(agent, "AFT"), strings.Contains(agent, "BRAVIA"):
			return "other", "android"
		case strings.Contains(agent, "Mobile"):
			return "phone", "android"
		}
		return "tablet", "android"
	case strings.Contains(agent, "CrOS"):
		return "computer", "chromeos"
	case strings.Contains(agent, "Macintosh"):
		return "computer", "macos"
	case strings.Contains(agent, "TV"), strings.Contains(agent, "Web0S"), strings.Contains(agent, "Tizen"), strings.Contains(agent, "PlayStation"), strings.Contains(agent, "Nintendo"):
		return "other", "other"
	case strings.Contains(agent, "Linux"), strings.Contains(agent, "X11"):
		return "computer", "linux"
	}
	return "other", "other"
}

// tongue is the first language of Accept-Language without its country.
func tongue(accept string) string {
	for i := range len(accept) {
		if c := accept[i]; (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			accept = accept[:i]
			break
		}
	}
	return strings.ToLower(accept) // allocates nothing for small letters
}

// hostOf is the host of an address that a browser wrote, without its port, in small letters.
func hostOf(address string) string {
	_, rest, ok := strings.Cut(address, "://")
	if !ok {
		return ""
	}
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	rest = rest[strings.LastIndexByte(rest, '@')+1:]
	if i := strings.LastIndexByte(rest, ':'); i >= 0 && !strings.HasSuffix(rest, "]") {
		rest = rest[:i]
	}
	return strings.ToLower(strings.TrimSuffix(rest, "."))
}
