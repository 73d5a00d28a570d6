package program

// DescriptionIn is the description in a reader's language, or else in the program's own.
func (p Program) DescriptionIn(tag string) string { return or(p.Descriptions[tag], p.Description) }

// LabelIn is the question in a reader's language, or else in the program's own.
func (q Question) LabelIn(tag string) string { return or(q.Labels[tag], q.Label) }
