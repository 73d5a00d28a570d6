package db

import "context"

// Size is how many bytes the database takes, with its indexes and the room that is free in it.
func (d *DB) Size(ctx context.Context) (int64, error) {
	query := `/* db.Size */ select page_count * page_size from pragma_page_count(), pragma_page_size()`
	if d.Engine == Postgres {
		query = `/* db.Size */ select pg_database_size(current_database())`
	}
	return One(ctx, d.Read(), Value[int64], query)
}
