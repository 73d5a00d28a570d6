package web

import "github.com/tributary-hq/tributary/internal/auth"

// auditRoutes are the log of changes.
var auditRoutes = []route{
	{"GET /console/{program}/settings/audit", auth.ReadAudit, (*site).auditLog},
	{"GET /console/{program}/settings/audit.csv", auth.ReadAudit, (*site).auditFile},
}
