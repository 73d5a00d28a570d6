package web

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"net/http"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/problem"
)

var errCode = &problem.Problem{Status: http.StatusForbidden, Code: "setup_code_wrong", Detail: "this is not the setup code that the server wrote when it started",
	Fields: []problem.Field{{Name: "code", Code: "setup_code_wrong", Detail: "this is not the setup code that the server wrote when it started"}}}

// SetupCode makes the code with which the first person proves that the installation is theirs, in place of one made before.
// It returns "" once there is a person. Only its hash is kept.
func SetupCode(ctx context.Context, d *db.DB) (code string, err error) {
	err = d.Write(ctx, func(tx *db.Tx) error {
		inhabited, err := isInhabited(ctx, tx)
		if err != nil || inhabited {
			return err
		}
		code = id.Secret(15)
		_, err = db.Exec(ctx, tx, `/* web.SetupCode */ insert into setting (name, value) values ('setup_code', $1)
			on conflict (name) do update set value = excluded.value`, codeHash(code))
		return err
	})
	return code, err
}

func codeHash(code string) string {
	sum := sha256.Sum256([]byte(code))
	return hex.EncodeToString(sum[:])
}

// isInhabited tells whether anybody is here yet.
func isInhabited(ctx context.Context, r db.Reader) (bool, error) {
	_, err := db.One(ctx, r, db.Value[string], `/* web.isInhabited */ select id from person limit 1`)
	if errors.Is(err, db.ErrNone) {
		return false, nil
	}
	return err == nil, err
}

// checkCode returns errCode when the code is not the one of this installation.
func checkCode(ctx context.Context, r db.Reader, code string) error {
	kept, err := db.One(ctx, r, db.Value[string], `/* web.checkCode */ select value from setting where name = 'setup_code'`)
	if err != nil && !errors.Is(err, db.ErrNone) {
		return err
	}
	if kept == "" || subtle.ConstantTimeCompare([]byte(kept), []byte(codeHash(code))) != 1 {
		return errCode
	}
	return nil
}

// spendCode uses the code up, so that of two who come at the same time one is the first.
func spendCode(ctx context.Context, tx *db.Tx, code string) error {
	if err := checkCode(ctx, tx, code); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `/* web.spendCode */ delete from setting where name = 'setup_code' and value = $1`, codeHash(code))
	if err == nil && n == 0 {
		return errCode
	}
	return err
}
