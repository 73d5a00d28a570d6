package touch

// Asked is what a request says of who asks: headers as they came, empty when they did not. Everything but the method and the
// User-Agent may be missing with a person too.
type Asked struct {
	Method   string
	Agent    string
	Purpose  string // Sec-Purpose and its older names
	Accept   string
	Language string // Accept-Language
	Dest     string // Sec-Fetch-Dest
	Brands   string // Sec-CH-UA
	Platform string // Sec-CH-UA-Platform
}

// Judge says whether a request counts as a visit. It errs on the visitor's side: what is not plainly a program counts, and
// what only hints at one must hint twice.
func Judge(a Asked) Mark {
	switch {
	case a.Method == "HEAD":
		return Head
	case a.Purpose != "" && (has(a.Purpose, "prefetch") || has(a.Purpose, "prerender") || has(a.Purpose, "preview")):
		return Prefetch
	case isPart(a.Dest):
		return Embedded
	case isProgram(a.Agent) || has(a.Brands, "headless") || a.Hints() >= 2:
		return Bot
	}
	return Counts
}

// isPart holds for what a page loads as a part of itself, such as an image: nobody has followed it.
func isPart(dest string) bool {
	switch dest {
	case "image", "script", "style", "font", "audio", "video", "track", "manifest", "worker", "sharedworker", "serviceworker", "audioworklet", "paintworklet", "report", "xslt":
		return true
	}
	return false
}

// Hints counts what does not fit together, though each alone may be a person who values privacy.
func (a *Asked) Hints() int {
	n := 0
	if a.isBare() {
		n++
	}
	if a.Platform != "" && a.isElsewhere() {
		n++
	}
	if a.Brands != "" && a.isOtherBrand() {
		n++
	}
	return n
}

// isBare holds for who accepts anything, in any language: the way of programs, and of nearly no browser that goes to a page.
func (a *Asked) isBare() bool {
	return a.Language == "" && (a.Accept == "" || a.Accept == "*/*")
}

// platforms are the names of systems in Sec-CH-UA-Platform, and what the User-Agent says on each. Android and Chrome OS are
// not among them: there, people ask for the pages of a desk.
var platforms = []struct{ name, agent string }{
	{`"Windows"`, "windows"},
	{`"macOS"`, "mac os x"},
	{`"Linux"`, "linux"},
}

// isElsewhere holds when the two places that tell the system tell different ones.
func (a *Asked) isElsewhere() bool {
	for _, p := range platforms {
		if a.Platform == p.name {
			return !has(a.Agent, p.agent)
		}
	}
	return false
}

// isOtherBrand holds when the brands tell another engine, or another version of it, than the User-Agent.
func (a *Asked) isOtherBrand() bool {
	brand, agent := number(a.Brands, `"Chromium";v="`), number(a.Agent, "Chrome/")
	return brand > 0 && agent > 0 && brand != agent
}
