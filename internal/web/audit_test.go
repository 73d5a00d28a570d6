package web

// auditPages are an address of every GET route of auditRoutes, and who reads it.
func (w *world) auditPages() []struct{ route, address, reader string } {
	at := "/console/acme/settings/audit"
	return []struct{ route, address, reader string }{
		{"GET /console/{program}/settings/audit", at + "?noun=session&period=week&who=system", "owner"},
		{"GET /console/{program}/settings/audit", at + "?subject=" + w.pts["Marta’s Kitchen"].ID, "manager"},
		{"GET /console/{program}/settings/audit.csv", at + ".csv", "owner"},
	}
}
