package chart

// ShadesMost is the darkest shade of a cell; 0 is none.
const ShadesMost = 9

// Shade is how dark a cell of a grid is beside the largest. What is more than nothing has a shade.
func Shade(v, largest int64) int64 {
	if v <= 0 || largest <= 0 {
		return 0
	}
	return max(1, ratio(min(v, largest), largest, ShadesMost))
}
