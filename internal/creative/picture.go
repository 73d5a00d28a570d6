package creative

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"image"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
)

// Picture is an image as it is served. What it is says its content, never a name or a header that came along.
type Picture struct {
	Hash   string // SHA-256 of the body, in hex
	Format string // png, jpeg, gif or webp
	Width  int64  // pixels
	Height int64
	Body   []byte
}

// The bounds of a picture.
const (
	PictureMost = 500_000 // bytes
	sideMost    = 4096    // pixels
)

// Formats are the media types of the formats.
var Formats = map[string]string{"png": "image/png", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}

// ReadPicture looks at the head of an image and says what it is. Drawings that can hold scripts are none of the formats.
func ReadPicture(body []byte) (Picture, error) {
	if len(body) == 0 {
		return Picture{}, problem.Wrong("picture", "picture_missing", "choose a picture")
	}
	if len(body) > PictureMost {
		return Picture{}, problem.Wrong("picture", "picture_large", "a picture has at most %d kB, this one has %d kB", PictureMost/1000, len(body)/1000)
	}
	p := Picture{Body: body}
	if width, height, ok := webp(body); ok {
		p.Format, p.Width, p.Height = "webp", width, height
	} else if head, format, err := image.DecodeConfig(bytes.NewReader(body)); err == nil {
		p.Format, p.Width, p.Height = format, int64(head.Width), int64(head.Height)
	}
	if Formats[p.Format] == "" {
		return Picture{}, problem.Invalid("picture", "this is not a PNG, JPEG, GIF or WebP picture")
	}
	if p.Width < 1 || p.Height < 1 || p.Width > sideMost || p.Height > sideMost {
		return Picture{}, problem.Wrong("picture", "picture_sides", "a picture has at most %d pixels on a side, this one is %d × %d", sideMost, p.Width, p.Height)
	}
	sum := sha256.Sum256(body)
	p.Hash = hex.EncodeToString(sum[:])
	return p, nil
}

// webp reads the size of a WebP image in each of its three kinds: lossy, lossless and extended (RFC 9649).
func webp(b []byte) (width, height int64, ok bool) {
	if len(b) < 30 || string(b[:4]) != "RIFF" || string(b[8:12]) != "WEBP" || int64(binary.LittleEndian.Uint32(b[4:]))+8 > int64(len(b)) {
		return 0, 0, false
	}
	switch head := b[20:]; string(b[12:16]) {
	case "VP8 ":
		if head[0]&1 != 0 || head[3] != 0x9d || head[4] != 0x01 || head[5] != 0x2a { // no key frame
			return 0, 0, false
		}
		return int64(binary.LittleEndian.Uint16(head[6:]) & 0x3fff), int64(binary.LittleEndian.Uint16(head[8:]) & 0x3fff), true
	case "VP8L":
		bits := binary.LittleEndian.Uint32(head[1:])
		return int64(bits&0x3fff) + 1, int64(bits>>14&0x3fff) + 1, head[0] == 0x2f
	case "VP8X":
		return three(head[4:]) + 1, three(head[7:]) + 1, true
	}
	return 0, 0, false
}

// three reads a number of three bytes, the least first.
func three(b []byte) int64 { return int64(b[0]) | int64(b[1])<<8 | int64(b[2])<<16 }

// keep stores a picture once, however many creatives show it.
func (p Picture) keep(ctx context.Context, tx *db.Tx) error {
	_, err := db.Exec(ctx, tx, `/* creative.keep */ insert into picture (hash, format, width, height, body, created)
		values ($1, $2, $3, $4, $5, $6) on conflict (hash) do nothing`, p.Hash, p.Format, p.Width, p.Height, p.Body, tx.Now.UnixMilli())
	return err
}

// PictureOf is the picture of a creative, archived or not: pages that show it shall not break.
func PictureOf(ctx context.Context, r db.Reader, id string) (Picture, error) {
	p, err := db.One(ctx, r, func(row db.Row) (Picture, error) {
		var p Picture
		err := row.Scan(&p.Hash, &p.Format, &p.Width, &p.Height, &p.Body)
		return p, err
	}, `/* creative.PictureOf */ select p.hash, p.format, p.width, p.height, p.body
		from creative c join picture p on p.hash = c.picture where c.id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return p, problem.NotFound("picture", id)
	}
	return p, err
}
