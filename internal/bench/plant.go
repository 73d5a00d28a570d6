package bench

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/app"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/program"
)

// garden is what the load walks in: one program with one partner's link.
type garden struct {
	program string
	code    string
	number  int64
}

func plant(ctx context.Context, a *app.App) (g garden, err error) {
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		name := strings.ToLower(id.Secret(10))
		brand, err := program.CreateBrand(ctx, tx, "Bench", name)
		if err != nil {
			return err
		}
		p, err := program.Create(ctx, tx, program.Program{Brand: brand.ID, Slug: name, Name: "Bench", Currency: "EUR", Landing: "https://shop.example/"}, program.Model{}, "bench")
		if err != nil {
			return err
		}
		promoter, err := partner.Create(ctx, tx, partner.Partner{Name: "Bench", Email: name + "@example.org"})
		if err != nil {
			return err
		}
		s, err := partner.Apply(ctx, tx, p, promoter, nil)
		if err != nil {
			return err
		}
		if _, err = commission.Accept(ctx, tx, a.Keys, s.ID, nil, "bench"); err != nil {
			return err
		}
		if s, err = commission.SetStatus(ctx, tx, a.Keys, s.ID, partner.Approved, tx.Now.AddDate(0, 0, -2), "bench", "sales of the bench name earlier clicks"); err != nil {
			return err
		}
		link, err := creative.CreateLink(ctx, tx, p, creative.Link{Partnership: s.ID})
		g = garden{program: p.ID, code: link.Code, number: link.Number}
		return err
	})
	return g, err
}

// plantMore adds links of some programs, and returns the paths of those links. The installation is not open meanwhile.
func (c *comparison) plantMore(ctx context.Context, links, programs int) ([]string, error) {
	d, err := db.Open(ctx, c.o.Database, db.Options{Clock: func() time.Time { return time.Now().Add(-time.Hour) }}) // not as if they were new
	if err != nil {
		return nil, err
	}
	defer d.Close()
	var paths []string
	for n := range programs {
		share := links*(n+1)/programs - links*n/programs
		for share > 0 {
			some := min(share, 20_000)
			share -= some
			err := d.Write(ctx, func(tx *db.Tx) error {
				more, err := plantLinks(ctx, tx, some)
				paths = append(paths, more...)
				return err
			})
			if err != nil {
				return nil, err
			}
		}
	}
	return paths, nil
}

// plantLinks makes a program with one partner who has so many links; of those no one is told.
func plantLinks(ctx context.Context, tx *db.Tx, count int) (paths []string, err error) {
	name := strings.ToLower(id.Secret(10))
	brand, err := program.CreateBrand(ctx, tx, "Bench", name)
	if err != nil {
		return nil, err
	}
	p, err := program.Create(ctx, tx, program.Program{Brand: brand.ID, Slug: name, Name: "Bench", Currency: "EUR", Landing: "https://shop.example/"}, program.Model{}, "bench")
	if err != nil {
		return nil, err
	}
	promoter, err := partner.Create(ctx, tx, partner.Partner{Name: "Bench", Email: name + "@example.org"})
	if err != nil {
		return nil, err
	}
	s, err := partner.Apply(ctx, tx, p, promoter, nil)
	if err != nil {
		return nil, err
	}
	rows := make([][]any, count)
	at, number := tx.Now.UnixMilli(), rand.Int64N(1<<38)
	for i := range rows {
		code := name[:8] + strconv.Itoa(i)
		rows[i] = []any{id.New("lnk", tx.Now), number + int64(i), p.ID, s.ID, code, "", "", at, at}
		paths = append(paths, "/c/"+code)
	}
	_, err = db.Insert(ctx, tx, `/* bench.plantLinks */ insert into link (id, number, program, partnership, code, target, label, created, changed)`, rows, "")
	return paths, err
}

// resident is the memory that the operating system gives this process, where it tells.
func resident() string {
	f, err := os.Open("/proc/self/status")
	if err != nil {
		return "unknown"
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var kilobytes int
		if n, _ := fmt.Sscanf(lines.Text(), "VmRSS: %d kB", &kilobytes); n == 1 {
			return fmt.Sprintf("%d MiB", kilobytes/1024)
		}
	}
	return "unknown"
}
