// Package internal is the product. This page is its map: a package may import only packages named above it, so read
// downwards it is the way of the data, from a visitor's click to a paid commission.
//
//	money         exact amounts and rates
//	id            the names of things
//	problem       what is said to a person about input that cannot be accepted
//	sheet         tables that people send, as CSV or XLSX; pure formats
//	lang          the words of the pages in the reader's language
//	db            one SQL for SQLite and PostgreSQL; group commit
//	event         the facts that the line tells its watchers, in one order
//	job           work for later: leased rows, retries, schedules
//	task          long work that somebody watches, and what came of it
//	once          durable answers to idempotency keys
//	deliver       requests to other people's servers: kept, sent, tried again, on record
//	ledger        double entry: money only moves from one account to another
//	db/dbtest     a fresh database on each engine for a test, and an audit afterwards
//	auth          people, sessions, tokens, roles
//	program       what a brand offers: currency, event types, and by date the model that settles
//	partner       who promotes, and the states of each partnership
//	contract      what was agreed with each partner, and since when; pricing is pure
//	creative      links and codes; the links in memory that redirects read
//	domain        hosts of brands' and partners' own at which links stand, proven by DNS
//	certificate   the certificates of our name and of proven domains, ordered when first asked for
//	place         where an address is, by files that the owner supplies
//	place/placetest  small files of places for tests
//	evidence      whether a difference is real, however often one looks; pure arithmetic
//	touch         a visitor met a partner: click ids, the journal, touches
//	conversion    the visitor did what the program pays for; refunds
//	offline       numbers that are called and cards that pay: whose they are, and the calls
//	journey       which touches belong to the same person
//	attribution   journey → weights; pure arithmetic
//	attribution/study  every model over many journeys at once: rules, Shapley, Markov; pure
//	commission    what is owed: credit, derive again, mature, decide, explain, verify
//	trial         what is only tried: a click and a sale that count nowhere
//	retention     what is kept no longer: touches that nothing needs, whose totals stay
//	refusal       reports that were refused, counted by the hour with the reason
//	landing       whether the pages that links lead to are there
//	upload        files of conversions, calls, cards: read, tried, taken line by line
//	report        what came of each day; remembered while no fact of the day changes
//	steer         where a visitor is sent: ranked rules, caps, split tests
//	payout/csv    the files of payment services; pure formats
//	payout        batches, files, results
//	chronicle     what has happened with one partner, in one order
//	mail          what is written to people: composed, kept, sent; resets and invitations
//	postback      what partners want to be told of their commissions, and where
//	health        what is missing in a program's tracking, since when, and how serious it is
//	audit         who changed what, when and from where
//	network       where a request comes from, as far as it may be kept
//	porch         plain requests by the thousand, answered before net/http hears of them
//	track         the public doors: links, postbacks, the browser tag
//	api           REST and its documentation
//	web/chart     charts as SVG
//	web           the pages: public, console, cabinet
//	app           opens, wires, starts, stops; verifies everything
//	bench         a bounded load of its own, against references in the same run
//	demo          a believable brand with a shop, filled through the real doors
package internal
