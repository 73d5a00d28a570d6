package web

import (
	"fmt"
	"strings"

	"rsc.io/qr"

	"github.com/tributary-hq/tributary/internal/problem"
)

// linkQR is the code of the short link with the parameters that the address has.
func (s *site) linkQR(v *visit) (*qr.Code, error) {
	code, err := qr.Encode(s.linkBase(v.program.ID, v.partnership.ID)+v.link.Code+words(v.URL.Query()), qr.M)
	if err != nil {
		return nil, problem.Invalid("shared", "the words are too long for a picture")
	}
	return code, nil
}

// linkQRDrawing is the code as SVG, for print.
func (s *site) linkQRDrawing(v *visit) (answer, error) {
	code, err := s.linkQR(v)
	if err != nil {
		return nil, err
	}
	return download{name: "qr-" + v.link.Code + ".svg", kind: "image/svg+xml", body: drawQR(code)}, nil
}

// linkQRPicture is the code as PNG.
func (s *site) linkQRPicture(v *visit) (answer, error) {
	code, err := s.linkQR(v)
	if err != nil {
		return nil, err
	}
	code.Scale = 16
	return download{name: "qr-" + v.link.Code + ".png", kind: "image/png", body: code.PNG()}, nil
}

const quiet = 4 // the white modules around the code that ISO 18004 asks for

// drawQR draws each row's black runs as one path, black on white in any theme.
func drawQR(code *qr.Code) []byte {
	var b strings.Builder
	size := code.Size + 2*quiet
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges"><rect width="%d" height="%d" fill="#fff"/><path d="`, size, size, size, size)
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			run := 0
			for x+run < code.Size && code.Black(x+run, y) {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&b, "M%d,%dh%dv1h-%dz", x+quiet, y+quiet, run, run)
				x += run
			}
		}
	}
	b.WriteString(`"/></svg>` + "\n")
	return []byte(b.String())
}
