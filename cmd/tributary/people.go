package main

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"os/user"
	"strings"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/mail"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

type userCmd struct {
	Add      userAddCmd      `cmd:"" help:"Add a person to a brand; the brand is made when it is not there yet."`
	Password userPasswordCmd `cmd:"" help:"Set a person's password."`
}

type userAddCmd struct {
	Email     string    `arg:"" help:"The address to sign in with."`
	Brand     string    `required:"" help:"The brand's short name."`
	BrandName string    `help:"The brand's name, when it is made."`
	Name      string    `help:"The person's name; the address without it."`
	Role      auth.Role `help:"owner, manager, finance or analyst." enum:"owner,manager,finance,analyst" default:"owner"`
}

func (u *userAddCmd) Run(ctx context.Context, c *commands, t terminal) error {
	password, err := askPassword(ctx, t)
	if err != nil {
		return err
	}
	d, err := db.Open(ctx, c.target(), db.Options{})
	if err != nil {
		return err
	}
	if _, err = d.Migrate(ctx); err == nil {
		err = d.Write(ctx, func(tx *db.Tx) error { return u.add(ctx, tx, password) })
	}
	if err = finish(d, err); err == nil {
		t.printf("%s is %s of %s\n", u.Email, u.Role, u.Brand)
	}
	return err
}

func (u *userAddCmd) add(ctx context.Context, tx *db.Tx, password auth.Password) error {
	brand, err := brandNamed(ctx, tx, u.Brand)
	if problem.Code(err) == "brand_unknown" {
		if brand, err = program.CreateBrand(ctx, tx, cmp.Or(u.BrandName, u.Brand), u.Brand); err == nil {
			err = audit.Record(ctx, tx, operator(brand.ID), audit.BrandCreate, brand.ID)
		}
	}
	if err != nil {
		return err
	}
	person, known, err := auth.ByEmail(ctx, tx, u.Email)
	if err != nil {
		return err
	}
	if !known {
		if person, err = auth.Create(ctx, tx, auth.Person{Email: u.Email, Name: cmp.Or(u.Name, u.Email)}); err != nil {
			return err
		}
	}
	// Also of somebody who is known: an applicant chose a password without proving that the address is theirs.
	if err := auth.SetPassword(ctx, tx, person.ID, password); err != nil {
		return err
	}
	if known {
		if err := mail.PasswordChanged(ctx, tx, "", person); err != nil {
			return err
		}
	}
	if err := auth.Join(ctx, tx, person.ID, brand.ID, u.Role); err != nil {
		return err
	}
	return audit.Record(ctx, tx, operator(brand.ID), audit.TeamJoin, person.ID)
}

type userPasswordCmd struct {
	Email string `arg:"" help:"The person's address."`
}

func (u *userPasswordCmd) Run(ctx context.Context, c *commands, t terminal) error {
	password, err := askPassword(ctx, t)
	if err != nil {
		return err
	}
	d, _, err := c.open(ctx)
	if err != nil {
		return err
	}
	err = d.Write(ctx, func(tx *db.Tx) error {
		person, known, err := auth.ByEmail(ctx, tx, u.Email)
		if err != nil || !known {
			return cmp.Or(err, error(problem.NotFound("person", u.Email)))
		}
		if err := auth.SetPassword(ctx, tx, person.ID, password); err != nil {
			return err
		}
		if err := mail.PasswordChanged(ctx, tx, "", person); err != nil {
			return err
		}
		return audit.Record(ctx, tx, operator(""), audit.PasswordChange, person.ID)
	})
	if err = finish(d, err); err == nil {
		t.printf("the password of %s is set\n", u.Email)
	}
	return err
}

// operator is who works at this terminal, for a brand or, when that is empty, for none.
func operator(brand string) auth.Actor {
	name := "unnamed" // as the user of a container may be
	if who, err := user.Current(); err == nil {
		name = who.Username
	}
	by := audit.CommandLine(name)
	by.Brand = brand
	return by
}

// askPassword reads a line, so that a password stands in no list of processes and no history.
func askPassword(ctx context.Context, t terminal) (auth.Password, error) {
	fmt.Fprint(t.err, "Password: ")
	line, err := bufio.NewReader(t.in).ReadString('\n')
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return auth.Password{}, fmt.Errorf("no password was given: %w", err)
	}
	return auth.NewPassword(ctx, line)
}

type tokenCmd struct {
	Create tokenCreateCmd `cmd:"" help:"Create a token and print it, this once."`
	List   tokenListCmd   `cmd:"" help:"List a brand's tokens."`
	Revoke tokenRevokeCmd `cmd:"" help:"Revoke a token."`
}

type tokenCreateCmd struct {
	Brand string            `required:"" help:"The brand's short name."`
	Name  string            `required:"" help:"What the token is for."`
	Scope []auth.Permission `help:"What it may do: read, conversions.write, …; everything without it."`
	Test  bool              `help:"Make a token for tests."`
}

func (k *tokenCreateCmd) Run(ctx context.Context, c *commands, t terminal) error {
	d, _, err := c.open(ctx)
	if err != nil {
		return err
	}
	scopes, mode := k.Scope, auth.Live
	if len(scopes) == 0 {
		scopes = auth.Permissions
	}
	if k.Test {
		mode = auth.Test
	}
	var secret string
	err = d.Write(ctx, func(tx *db.Tx) error {
		brand, err := brandNamed(ctx, tx, k.Brand)
		if err != nil {
			return err
		}
		made, told, err := auth.NewToken(ctx, tx, brand.ID, k.Name, mode, scopes...)
		if err != nil {
			return err
		}
		secret = told
		return audit.Record(ctx, tx, operator(brand.ID), audit.TokenCreate, made.ID)
	})
	if err = finish(d, err); err == nil {
		t.printf("%s\n", secret)
	}
	return err
}

type tokenListCmd struct {
	Brand string `required:"" help:"The brand's short name."`
}

func (k *tokenListCmd) Run(ctx context.Context, c *commands, t terminal) error {
	d, _, err := c.open(ctx)
	if err != nil {
		return err
	}
	brand, err := brandNamed(ctx, d.Read(), k.Brand)
	if err != nil {
		return finish(d, err)
	}
	tokens, err := auth.Tokens(ctx, d.Read(), brand.ID)
	for _, token := range tokens {
		state := "holds"
		if !token.Revoked.IsZero() {
			state = "revoked"
		}
		t.printf("%s  …%s  %s  %s  %v\n", token.ID, token.Hint, state, token.Name, token.Scopes)
	}
	return finish(d, err)
}

type tokenRevokeCmd struct {
	Brand string `required:"" help:"The brand's short name."`
	ID    string `arg:"" help:"The token's id."`
}

func (k *tokenRevokeCmd) Run(ctx context.Context, c *commands, t terminal) error {
	d, _, err := c.open(ctx)
	if err != nil {
		return err
	}
	err = d.Write(ctx, func(tx *db.Tx) error {
		brand, err := brandNamed(ctx, tx, k.Brand)
		if err != nil {
			return err
		}
		if err := auth.Revoke(ctx, tx, brand.ID, k.ID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, operator(brand.ID), audit.TokenRevoke, k.ID)
	})
	if err = finish(d, err); err == nil {
		t.printf("%s is revoked\n", k.ID)
	}
	return err
}

func brandNamed(ctx context.Context, r db.Reader, slug string) (program.Brand, error) {
	brands, err := program.Brands(ctx, r)
	if err != nil {
		return program.Brand{}, err
	}
	for _, b := range brands {
		if b.Slug == slug {
			return b, nil
		}
	}
	return program.Brand{}, problem.NotFound("brand", slug)
}
