package chart

import (
	"fmt"
	"html/template"
)

// Bar is a row's size beside the largest's, in thousandths, as a thin bar without an axis.
func Bar(thousandths int64) template.HTML {
	return template.HTML(fmt.Sprintf(`<svg class="row-bar" viewBox="0 0 1000 4" preserveAspectRatio="none" aria-hidden="true" focusable="false">`+
		`<rect class="row-bar-all" width="1000" height="4"/><rect class="row-bar-part" width="%d" height="4"/></svg>`, min(max(thousandths, 0), 1000)))
}
