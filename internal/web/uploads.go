package web

import (
	"cmp"
	"context"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
	sheets "github.com/tributary-hq/tributary/internal/sheet"
	"github.com/tributary-hq/tributary/internal/task"
	"github.com/tributary-hq/tributary/internal/upload"
)

type uploadsPage struct {
	consolePage
	Kinds []choice
	Kind  string
	Fault string
	Table listing
}

func uploadsAt(v *visit) string { return consoleBase(v.program) + "/uploads" }

// uploads are the files that were sent.
func (s *site) uploads(v *visit) (answer, error) {
	data, err := v.uploadsPage()
	return s.page("console/uploads/list", v.text("uploads.title"), data), err
}

func (v *visit) uploadsPage() (uploadsPage, error) {
	data := uploadsPage{consolePage: v.console(), Kind: v.query("kind")}
	for _, kind := range upload.Kinds {
		data.Kinds = append(data.Kinds, choice{string(kind), v.text("upload_kinds." + string(kind))})
	}
	var err error
	data.Table, err = v.uploadTable("").page(v, func(before string, limit int) ([]uploadRow, error) {
		return v.uploadRows(upload.Wanted{Program: v.program.ID, Before: before, Limit: limit})
	}, func(r uploadRow) string { return r.ID })
	return data, err
}

// uploadRow is an upload with who sent it.
type uploadRow struct {
	upload.Upload
	Who string
}

func (v *visit) uploadRows(w upload.Wanted) ([]uploadRow, error) {
	list, err := upload.List(v.Context(), v.read(), w)
	if err != nil {
		return nil, err
	}
	var authors []string
	for _, u := range list {
		authors = append(authors, u.Author)
	}
	names, err := auth.Names(v.Context(), v.read(), authors)
	rows := make([]uploadRow, len(list))
	for i, u := range list {
		rows[i] = uploadRow{u, cmp.Or(names[u.Author], v.text("uploads.by_api"))}
	}
	return rows, err
}

// uploadTable lists uploads; refused is the address of a file of refused lines around its id, for who cannot open the upload.
func (v *visit) uploadTable(refused string) table[uploadRow] {
	t := table[uploadRow]{Empty: emptiness{Icon: "conversions", Title: v.text("uploads.empty"), Text: v.text("uploads.empty_text")}}
	t.Columns = []column[uploadRow]{
		{Name: "file", Head: "uploads.file", Cell: func(v *visit, r uploadRow) cell {
			if refused != "" {
				return nameCell(r.Name, r.Who, "")
			}
			return nameCell(r.Name, v.text("upload_kinds."+string(r.Kind)), uploadsAt(v)+"/"+r.ID)
		}},
		{Name: "when", Head: "list.when", Cell: func(v *visit, r uploadRow) cell { return v.momentCell(r.Created) }},
		{Name: "who", Head: "uploads.who", Aside: true, Cell: func(_ *visit, r uploadRow) cell { return textCell(r.Who, "") }},
		{Name: "state", Head: "list.state", Cell: func(v *visit, r uploadRow) cell { return v.stateCell("upload", string(r.State)) }},
		{Name: "accepted", Head: "uploads.accepted", Number: true, Cell: func(v *visit, r uploadRow) cell { return v.numberCell(r.Accepted) }},
		{Name: "known", Head: "uploads.known", Number: true, Aside: true, Cell: func(v *visit, r uploadRow) cell { return v.numberCell(r.Known) }},
		{Name: "refused", Head: "uploads.refused", Number: true, Cell: func(v *visit, r uploadRow) cell {
			c := v.numberCell(r.Refused)
			if refused != "" && r.Refused > 0 && r.State == upload.Done {
				c.Address = refused + r.ID + "/refused"
			}
			return c
		}},
	}
	if refused != "" {
		t.Columns = slices.Delete(t.Columns, 2, 3)
	}
	return t
}

// readFile is the file that was sent.
func (v *visit) readFile() (name string, body []byte, err error) {
	file, head, err := v.FormFile("file")
	if err != nil {
		return "", nil, problem.Wrong("file", "file_unchosen", "choose a file")
	}
	defer file.Close()
	body, err = io.ReadAll(file)
	return head.Filename, body, err
}

// sendUpload keeps a file and leads to what would come of it.
func (s *site) sendUpload(v *visit) (answer, error) {
	var u upload.Upload
	name, body, err := v.readFile()
	if err == nil {
		err = v.write(func(ctx context.Context, tx *db.Tx) (err error) {
			u, err = upload.Keep(ctx, tx, upload.Upload{Program: v.program.ID, Kind: upload.Kind(v.PostFormValue("kind")), Name: name, Author: v.person.ID}, body)
			if err != nil {
				return err
			}
			return v.record(ctx, tx, audit.UploadSend, u.ID)
		})
	}
	p, refused := problem.As(err)
	if err == nil {
		return s.to(uploadsAt(v) + "/" + u.ID), nil
	}
	if !refused {
		return nil, err
	}
	data, err := v.uploadsPage()
	data.Kind, data.Fault = v.PostFormValue("kind"), detail(v.lang, p.Code, p.Detail)
	return s.again("console/uploads/list", v.text("uploads.title"), data), err
}

type uploadPage struct {
	consolePage
	upload.Upload
	Who     string
	Twin    *upload.Upload // the same file, sent before
	Preview upload.Preview
	Heads   []string // of the kind's fields, in the reader's words
	Columns form     // in which column each field stands
	Missing string   // the fields that are in no column
	Faults  []lineFault
	Reasons []lineFault // why lines were refused, and how many: Line
	Failed  bool        // the task, and it can be taken up again
	Here    string
	Fault   string
}

// lineFault is why a line was refused, in the reader's words.
type lineFault struct {
	Line int64
	Why  string
}

// Delimiter is what stands between the cells of a CSV, in a word.
func (p uploadPage) Delimiter() string {
	return map[rune]string{',': "comma", ';': "semicolon", '\t': "tab", '|': "bar"}[p.Preview.Comma]
}

// shownFaults is how many refused lines a page shows; the file has all.
const shownFaults = 50

func (s *site) uploadPage(v *visit) (uploadPage, error) {
	data := uploadPage{consolePage: v.console(), Upload: v.upload, Here: uploadsAt(v) + "/" + v.upload.ID}
	ctx := v.Context()
	names, err := auth.Names(ctx, v.read(), []string{v.upload.Author})
	if err != nil {
		return data, err
	}
	data.Who = cmp.Or(names[v.upload.Author], v.text("uploads.by_api"))
	var faults []upload.Fault
	if data.State == upload.New {
		twin, ok, err := upload.Twin(ctx, v.read(), v.upload)
		if err != nil {
			return data, err
		}
		if ok {
			data.Twin = &twin
		}
		if data.Preview, err = upload.Try(ctx, v.db, s.keys, v.upload); err != nil {
			return data, err
		}
		faults = data.Preview.Faults
		data.Columns = v.readingForm(data.Preview.Head)
		for _, f := range data.Kind.Fields(data.Partnership) {
			data.Heads = append(data.Heads, v.text("upload_fields."+f.Name))
		}
		var missing []string
		for _, name := range data.Preview.Missing {
			missing = append(missing, v.text("upload_fields."+name))
		}
		data.Missing = strings.Join(missing, v.text("uploads.comma"))
	} else {
		if faults, err = upload.Faults(ctx, v.read(), data.ID, 0, shownFaults); err != nil {
			return data, err
		}
		reasons, err := upload.Reasons(ctx, v.read(), data.ID)
		if err != nil {
			return data, err
		}
		for _, code := range slices.Sorted(maps.Keys(reasons)) {
			data.Reasons = append(data.Reasons, lineFault{reasons[code], v.reasonName(code)})
		}
		t, err := task.Get(ctx, v.read(), data.Task)
		if err != nil {
			return data, err
		}
		data.Failed = t.State == task.Failed
		if t.State != task.Running && !t.Seen && t.Author == v.person.ID {
			if err := v.write(func(ctx context.Context, tx *db.Tx) error { return task.See(ctx, tx, t.ID) }); err != nil {
				return data, err
			}
		}
	}
	for _, f := range faults[:min(len(faults), shownFaults)] {
		data.Faults = append(data.Faults, lineFault{f.Line, v.faultText(f)})
	}
	return data, nil
}

// faultText is why a line was refused: what is said to forms, or else its own sentence, after the field that it is about.
func (v *visit) faultText(f upload.Fault) string {
	for _, key := range []string{"line_faults." + f.Code, "problems." + f.Code} {
		if v.lang.Has(key) {
			return v.text(key)
		}
	}
	if key := "upload_fields." + f.Field; v.lang.Has(key) {
		return v.text("uploads.field_wrong", "field", v.text(key))
	}
	return f.Detail
}

// reasonName is a code of a refusal in words, without a line's own values.
func (v *visit) reasonName(code string) string {
	field, _ := strings.CutSuffix(code, "_invalid")
	return v.faultText(upload.Fault{Code: code, Field: field, Detail: code})
}

// readingForm asks in which column each field stands, and how numbers and days are written.
func (v *visit) readingForm(heads []string) form {
	columns := []choice{{"", v.text("uploads.no_column")}}
	for i, head := range heads {
		columns = append(columns, choice{strconv.Itoa(i), cmp.Or(head, v.text("uploads.column", "n", i+1))})
	}
	var f form
	for _, one := range v.upload.Kind.Fields(v.upload.Partnership) {
		words := v.text("upload_fields." + one.Name)
		if one.Needed {
			words += " *"
		}
		value := ""
		if i, ok := v.upload.Reading.Columns[one.Name]; ok {
			value = strconv.Itoa(i)
		}
		f.Fields = append(f.Fields, field{Name: "column." + one.Name, Words: words, Type: "select", Value: value, Choices: columns})
	}
	f.Fields = append(f.Fields,
		field{Name: "decimal", Words: v.text("uploads.decimal"), Type: "select", Value: v.upload.Reading.Decimal,
			Choices: []choice{{".", v.text("uploads.decimal_point")}, {",", v.text("uploads.decimal_comma")}}},
		field{Name: "dates", Words: v.text("uploads.dates"), Type: "select", Value: string(v.upload.Reading.Dates),
			Choices: []choice{{string(sheets.DayFirst), v.text("uploads.day_first")}, {string(sheets.MonthFirst), v.text("uploads.month_first")}}})
	return f
}

// upload is what would come of a file, how far it is, or what came of it.
func (s *site) upload(v *visit) (answer, error) {
	data, err := s.uploadPage(v)
	return s.page("console/uploads/detail", v.upload.Name, data), err
}

// correctUpload reads a file otherwise.
func (s *site) correctUpload(v *visit) (answer, error) {
	reading := upload.Reading{Columns: map[string]int{}, Decimal: v.PostFormValue("decimal"), Dates: sheets.Order(v.PostFormValue("dates"))}
	for _, f := range v.upload.Kind.Fields(v.upload.Partnership) {
		if i, err := strconv.Atoi(v.PostFormValue("column." + f.Name)); err == nil {
			reading.Columns[f.Name] = i
		}
	}
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if _, err := upload.Correct(ctx, tx, v.upload, reading); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.UploadRead, v.upload.ID)
	})
	return s.done(uploadsAt(v)+"/"+v.upload.ID, "saved"), err
}

// takeUpload begins to take a file.
func (s *site) takeUpload(v *visit) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if _, err := upload.Take(ctx, tx, v.upload.ID, v.person.ID); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.UploadTake, v.upload.ID)
	})
	return s.to(uploadsAt(v) + "/" + v.upload.ID), err
}

// discardUpload forgets a file that was not taken.
func (s *site) discardUpload(v *visit) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if err := v.record(ctx, tx, audit.UploadDiscard, v.upload.ID); err != nil { // while there is something to tell of
			return err
		}
		return upload.Discard(ctx, tx, v.upload.ID)
	})
	return s.done(uploadsAt(v), "saved"), err
}

// uploadFile is the file as it came.
func (s *site) uploadFile(v *visit) (answer, error) {
	body, err := upload.File(v.Context(), v.read(), v.upload.ID)
	return download{v.upload.Name, "application/octet-stream", body}, err
}

// refusedLines is a file of the refused lines with their reasons, to be corrected and sent again.
func (s *site) refusedLines(v *visit) (answer, error) {
	body, err := upload.Refused(v.Context(), v.read(), v.upload, v.text("uploads.reason"), v.faultText)
	name, _, _ := strings.Cut(v.upload.Name, ".")
	return download{name + "-" + v.text("uploads.refused_file") + ".csv", "text/csv; charset=utf-8", body}, err
}

// sample is an example of a file.
func (s *site) sample(v *visit) (answer, error) {
	kind, ok := strings.CutSuffix(v.PathValue("kind"), ".csv")
	if !ok || !slices.Contains(upload.Kinds, upload.Kind(kind)) || !v.isConsole() && !upload.Kind(kind).Open() {
		return nil, errNotFound
	}
	of := ""
	if !v.isConsole() {
		of = v.partnership.ID
	}
	return download{kind + ".csv", "text/csv; charset=utf-8", sheets.Write(',', upload.Kind(kind).Sample(of))}, nil
}
