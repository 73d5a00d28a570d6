package db

import "sync"

// memo keeps what transactions have read of facts that change seldom, each under the version at which it was read. A version
// is never used twice, so what a transaction remembered that was rolled back is never found again.
type memo struct {
	mu   sync.RWMutex
	kept map[memoKey]any
}

type memoKey struct{ kind, version, name string }

// memoMost bounds the memory; when it is full, everything is forgotten.
const memoMost = 100_000

// Remember is load for the names of one kind, without asking again for what was loaded before under the same version. Only
// what load returns is remembered. Outside a transaction that writes, and without a version, it is just load.
func Remember[T any](r Reader, kind, version string, names []string, load func(missing []string) (map[string]T, error)) (map[string]T, error) {
	tx, writes := r.(*Tx)
	if !writes || version == "" {
		return load(names)
	}
	m := &tx.db.memo
	found := make(map[string]T, len(names))
	var missing []string
	m.mu.RLock()
	for _, name := range names {
		if v, ok := m.kept[memoKey{kind, version, name}]; ok {
			found[name] = v.(T)
		} else {
			missing = append(missing, name)
		}
	}
	m.mu.RUnlock()
	if len(missing) == 0 {
		return found, nil
	}
	loaded, err := load(missing)
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept == nil || len(m.kept)+len(loaded) > memoMost {
		m.kept = map[memoKey]any{}
	}
	for name, v := range loaded {
		found[name] = v
		m.kept[memoKey{kind, version, name}] = v
	}
	return found, nil
}
