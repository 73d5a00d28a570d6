package internal

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/tributary-hq/tributary/internal/"

// TestMap holds the map in doc.go true: each package is on it once, with a sentence, and imports only packages above itself.
func TestMap(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, line := range regexp.MustCompile(`(?m)^//\t(\S+)\s+\S.*$`).FindAllStringSubmatch(string(text), -1) {
		order = append(order, line[1])
	}
	found := map[string][]string{} // imports by package
	err = filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		dir := filepath.ToSlash(filepath.Dir(path))
		if err != nil || entry.IsDir() || dir == "." || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		found[dir] = append(found[dir], "")
		for _, spec := range file.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if below, ours := strings.CutPrefix(name, module); ours {
				found[dir] = append(found[dir], below)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, imports := range found {
		place := slices.Index(order, name)
		if place < 0 {
			t.Errorf("package %s is not on the map", name)
			continue
		}
		for _, below := range imports {
			if below != "" && !slices.Contains(order[:place], below) {
				t.Errorf("package %s imports %s, which is not above it", name, below)
			}
		}
	}
	for i, name := range order {
		if found[name] == nil {
			t.Errorf("the map names %s, which does not exist", name)
		}
		if slices.Contains(order[:i], name) {
			t.Errorf("the map names %s twice", name)
		}
	}
}
