package certificate

import (
	"context"
	"log/slog"

	"go.uber.org/zap/zapcore"
)

// bridge brings what certmagic logs into our log: its warnings and errors, and as debug lines the rest.
type bridge struct{ log *slog.Logger }

var levels = map[zapcore.Level]slog.Level{zapcore.DebugLevel: slog.LevelDebug, zapcore.InfoLevel: slog.LevelDebug, zapcore.WarnLevel: slog.LevelWarn}

func level(l zapcore.Level) slog.Level {
	if known, ok := levels[l]; ok {
		return known
	}
	return slog.LevelError
}

// Enabled tells whether the line would be written.
func (b bridge) Enabled(l zapcore.Level) bool { return b.log.Enabled(context.Background(), level(l)) }

// With is the log with fields in each line.
func (b bridge) With(fields []zapcore.Field) zapcore.Core {
	return bridge{b.log.With(pairs(fields)...)}
}

// Check says who writes a line.
func (b bridge) Check(entry zapcore.Entry, to *zapcore.CheckedEntry) *zapcore.CheckedEntry {
	if b.Enabled(entry.Level) {
		return to.AddCore(entry, b)
	}
	return to
}

// Write writes a line.
func (b bridge) Write(entry zapcore.Entry, fields []zapcore.Field) error {
	b.log.Log(context.Background(), level(entry.Level), "certificates: "+entry.Message, pairs(fields)...)
	return nil
}

// Sync has nothing to do: slog writes at once.
func (b bridge) Sync() error { return nil }

func pairs(fields []zapcore.Field) (list []any) {
	said := zapcore.NewMapObjectEncoder()
	for _, f := range fields {
		f.AddTo(said)
	}
	for name, value := range said.Fields {
		list = append(list, name, value)
	}
	return list
}
