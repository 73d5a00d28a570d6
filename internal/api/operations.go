package api

import (
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/partner"
)

const about = `What the console can do, a program can do here.

Send a token of the brand with each request: ` + "`Authorization: Bearer trb_live_…`" + `. A token sees its brand's programs only, and may do what its permissions say. A write with a test token (` + "`trb_test_…`" + `) is checked and answered like any other, and then taken back: nothing of it is kept.

A write with an ` + "`Idempotency-Key`" + ` header (1 to 200 printable ASCII characters of your choice, new for each thing you want done) is done once; without one, sending it again does it again, except where the order or refund number already makes it a duplicate. A repeat of the same request with the same key, also after a crash, does nothing and gets the first answer with ` + "`Idempotency-Replayed: true`" + `. Answers are kept for seven days; refusals are not kept.

Money is a decimal as text with its currency. Times are RFC 3339, in UTC. Lists come in pages: pass ` + "`next`" + ` as ` + "`after`" + ` until it is null.

What is refused is answered with a problem document (RFC 9457): ` + "`code`" + ` is stable, ` + "`detail`" + ` is a sentence, ` + "`errors`" + ` points to the fields. After a 503 or a 429 wait as long as ` + "`Retry-After`" + ` says and send the request again. Where a token’s requests are limited, and with ` + "`--rate 0`" + `, as in the demonstration, they are not, ` + "`RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset`" + ` say how much the token may still send.

What is kept although it looks like a mistake (a promo code that no partner has, refunds that come to more than their order) is answered as usual, with ` + "`warnings`" + `: a list of ` + "`code`" + ` and ` + "`detail`" + `.`

var tags = slices.Concat([]*huma.Tag{
	{Name: "me", Description: "Who asks."},
	{Name: "conversions", Description: "Sales, leads and whatever else a program pays for."},
	{Name: "refunds", Description: "What was given back."},
	{Name: "identities", Description: "Which names are one person."},
	{Name: "commissions", Description: "What partners earn, from pending to paid."},
	{Name: "programs", Description: "What a brand offers to its partners."},
	{Name: "policies", Description: "By which model a program settles, and since when."},
	{Name: "partnerships", Description: "Which partners are in a program, and in which state."},
	{Name: "partners", Description: "Who promotes."},
	{Name: "groups", Description: "Into which a brand sorts a program's partners. Partners do not see them."},
	{Name: "tags", Description: "Words that a brand gives to partners. Partners do not see them."},
	{Name: "notes", Description: "What a brand writes down about partners, for itself."},
	{Name: "properties", Description: "Where partners reach people, by their own word."},
	{Name: "contracts", Description: "What was agreed with each partner, and since when."},
	{Name: "links", Description: "What leads visitors to the program and says who sent them."},
	{Name: "creatives", Description: "Banners, text links, letters and pages for partners to hand out."},
	{Name: "rules", Description: "Which visitors are sent elsewhere."},
	{Name: "caps", Description: "How much is enough, and where the rest is sent."},
	{Name: "splits", Description: "Pages that are tested against each other."},
	{Name: "codes", Description: "Promo codes that name a partner at the checkout."},
	{Name: "touches", Description: "When visitors met partners."},
	{Name: "ledger", Description: "The books: money only moves from one account to another."},
	{Name: "payouts", Description: "Payments to partners, one by one."},
	{Name: "batches", Description: "Payouts that are made, approved, sent and settled together."},
	{Name: "postbacks", Description: "What partners want to be told of their commissions, and whether it reaches them."},
	{Name: "events", Description: "Facts in the order in which they became true."},
	{Name: "audit", Description: "Who changed what, and when."},
	{Name: "tokens", Description: "What other programs may do for the brand."},
}, offlineTags)

const againPast = "A moment in the past is allowed: what is not locked is then credited again."

// operations are the whole API.
var operations = slices.Concat(steerOperations, []operation{
	{"GET", "/v1/me", "me-get", auth.Read, "Tell who asks", "", reads((*API).getMe)},

	{"POST", "/v1/conversions", "conversions-report", auth.WriteConversions, "Report a conversion",
		"The order id makes it safe to report twice: the second report is answered with `duplicate: true` and pays nobody again. The answer says what partners earn with it.",
		reports[client.Reported]((*API).reportConversion)},
	{"POST", "/v1/conversions/batch", "conversions-report-batch", auth.WriteConversions, "Report up to 1000 conversions",
		"Each is answered by itself; one that is refused does not stop the others.", many(writes((*API).reportConversions))},
	{"GET", "/v1/programs/{program}/conversions", "conversions-list", auth.Read, "List a program's conversions", "The last received first.",
		reads((*API).listConversions)},
	{"GET", "/v1/conversions/{conversion}", "conversions-get", auth.Read, "Get a conversion with its explanation",
		"The explanation shows the journey, which touches counted and why not the others, the terms in force and the arithmetic.",
		reads((*API).getConversion)},
	{"POST", "/v1/refunds", "refunds-report", auth.WriteConversions, "Report a refund",
		"Without an amount the whole order is given back. A refund may come before its order and then waits for it.",
		reports[client.ReportedRefund]((*API).reportRefund)},
	{"POST", "/v1/identities", "identities-link", auth.WriteConversions, "Tell that two names are one person",
		"Such as a visitor who has signed in as a customer. What is not locked is credited again.", writes((*API).identifyPerson)},

	{"GET", "/v1/programs/{program}/commissions", "commissions-list", auth.Read, "List a program's commissions", "The newest first.",
		reads((*API).listCommissions)},
	{"GET", "/v1/commissions/{commission}", "commissions-get", auth.Read, "Get a commission", "", reads((*API).getCommission)},
	{"POST", "/v1/commissions/{commission}/reverse", "commissions-reverse", auth.WriteCommissions, "Take a commission back",
		"At any time. What the partner was paid already becomes a debt that the next payout nets off.", writes((*API).reverseCommission)},
	{"POST", "/v1/commissions/decisions", "commissions-decide", auth.WriteCommissions, "Approve, hold, release or reverse up to 200 commissions",
		"Each is answered by itself; one that is refused does not stop the others. The same decision given again changes nothing. Only what is not locked can be held, released or approved; an approval locks, and makes the shares of its conversion final.",
		writes((*API).decideCommissions)},

	{"GET", "/v1/programs", "programs-list", auth.Read, "List the brand's programs", "", reads((*API).listPrograms)},
	{"POST", "/v1/programs", "programs-create", auth.WriteSettings, "Make a program", "", creates((*API).createProgram)},
	{"GET", "/v1/programs/{program}", "programs-get", auth.Read, "Get a program", "", reads((*API).getProgram)},
	{"PATCH", "/v1/programs/{program}", "programs-change", auth.WriteSettings, "Change a program", "What is left out stays as it is.",
		writes((*API).changeProgram)},
	{"GET", "/v1/programs/{program}/health", "programs-health", auth.Read, "Tell what is missing in a program's tracking",
		"What came lately is looked at: clicks, the tag, conversions by each way, refused reports, promo codes, pages, postbacks and domains. The most serious comes first.",
		reads((*API).getHealth)},
	{"GET", "/v1/programs/{program}/policies", "policies-list", auth.Read, "List a program's policies", "In the order in which they come into force.",
		reads((*API).listPolicies)},
	{"POST", "/v1/programs/{program}/policies", "policies-add", auth.WriteSettings, "Settle by another model from a moment on", againPast,
		creates((*API).addPolicy)},

	{"GET", "/v1/programs/{program}/partnerships", "partnerships-list", auth.Read, "List a program's partnerships", "The oldest first.",
		reads((*API).listPartnerships)},
	{"POST", "/v1/programs/{program}/partnerships", "partnerships-create", auth.WritePartners, "Bring a partner into a program",
		"It is an application on the partner's behalf, and with `accept` an invitation that holds at once.", creates((*API).createPartnership)},
	{"GET", "/v1/partnerships/{partnership}", "partnerships-get", auth.Read, "Get a partnership", "", reads((*API).getPartnership)},
	{"PATCH", "/v1/partnerships/{partnership}", "partnerships-change", auth.WritePartners, "Change a partnership's group, manager and tags",
		"What is left out stays as it is. The partner sees none of it.", writes((*API).changePartnership)},
	{"POST", "/v1/partnerships/{partnership}/accept", "partnerships-accept", auth.WritePartners, "Accept an application",
		"Without terms, those that the program offers are agreed.", writes((*API).acceptPartnership)},
	{"POST", "/v1/partnerships/{partnership}/decline", "partnerships-decline", auth.WritePartners, "Decline an application", "",
		writes(becomes(partner.Declined, "declined", partner.Applied))},
	{"POST", "/v1/partnerships/{partnership}/pause", "partnerships-pause", auth.WritePartners, "Pause a partnership",
		"Touches from now on do not count.", writes(becomes(partner.Paused, "paused", partner.Approved))},
	{"POST", "/v1/partnerships/{partnership}/resume", "partnerships-resume", auth.WritePartners, "Resume a paused partnership", "",
		writes(becomes(partner.Approved, "resumed", partner.Paused))},
	{"POST", "/v1/partnerships/{partnership}/end", "partnerships-end", auth.WritePartners, "End a partnership",
		"What it has earned stays earned.", writes(becomes(partner.Ended, "ended", partner.Approved, partner.Paused))},
	{"GET", "/v1/partners/{partner}", "partners-get", auth.Read, "Get a partner", "", reads((*API).getPartner)},
	{"PATCH", "/v1/partners/{partner}", "partners-change", auth.WritePartners, "Change a partner's profile",
		"What is left out stays as it is. The profile of a partner who works with other brands too can only be changed by the partner.",
		writes((*API).changePartner)},

	{"GET", "/v1/programs/{program}/groups", "groups-list", auth.Read, "List a program's groups", "In the program's order.", reads((*API).listGroups)},
	{"POST", "/v1/programs/{program}/groups", "groups-create", auth.WritePartners, "Make a group", "", creates((*API).createGroup)},
	{"PATCH", "/v1/groups/{group}", "groups-change", auth.WritePartners, "Change a group's name or colour", "What is left out stays as it is.",
		writes((*API).changeGroup)},
	{"POST", "/v1/groups/{group}/dissolve", "groups-dissolve", auth.WritePartners, "Dissolve a group, or merge it into another",
		"Its partners stay in the program.", writes((*API).dissolveGroup)},
	{"GET", "/v1/programs/{program}/tags", "tags-list", auth.Read, "List a program's tags", "In the order of the alphabet.", reads((*API).listTags)},
	{"GET", "/v1/partnerships/{partnership}/notes", "notes-list", auth.Read, "List the notes about a partnership", "The newest first.",
		reads((*API).listNotes)},
	{"POST", "/v1/partnerships/{partnership}/notes", "notes-write", auth.WritePartners, "Write a note about a partnership", "", creates((*API).writeNote)},
	{"PATCH", "/v1/notes/{note}", "notes-change", auth.WritePartners, "Change or pin a note", "Only who wrote a note can change its text.",
		writes((*API).changeNote)},
	{"DELETE", "/v1/notes/{note}", "notes-delete", auth.WritePartners, "Delete a note of one's own", "That there was a note, and whose, remains.",
		writes((*API).deleteNote)},
	{"GET", "/v1/partnerships/{partnership}/properties", "properties-list", auth.Read, "List the properties of a partnership's partner",
		"The largest audience first.", reads((*API).listProperties)},
	{"POST", "/v1/partnerships/{partnership}/properties", "properties-add", auth.WritePartners, "Add a property to a partnership's partner",
		"Only the partner can, when the partner works with other brands too.", creates((*API).addProperty)},
	{"POST", "/v1/partnerships/{partnership}/properties/{property}/confirm", "properties-confirm", auth.WritePartners, "Confirm that a property is the partner's",
		"Nothing is checked by itself: somebody has looked. Other brands do not see it.", writes((*API).confirmProperty)},
	{"DELETE", "/v1/partnerships/{partnership}/properties/{property}", "properties-remove", auth.WritePartners, "Remove a property",
		"Only the partner can, when the partner works with other brands too.", writes((*API).removeProperty)},

	{"GET", "/v1/partnerships/{partnership}/contracts", "contracts-list", auth.Read, "List a partnership's contract versions",
		"In the order in which they come into force.", reads((*API).listContracts)},
	{"POST", "/v1/partnerships/{partnership}/contracts", "contracts-add", auth.WriteContracts, "Agree new terms", againPast, creates((*API).addContract)},
	{"GET", "/v1/contracts/{contract}", "contracts-get", auth.Read, "Get a contract version", "", reads((*API).getContract)},

	{"GET", "/v1/partnerships/{partnership}/links", "links-list", auth.Read, "List a partnership's links", "The oldest first.", reads((*API).listLinks)},
	{"POST", "/v1/partnerships/{partnership}/links", "links-create", auth.WriteLinks, "Make a link", "", creates((*API).createLink)},
	{"GET", "/v1/links/{link}", "links-get", auth.Read, "Get a link", "", reads((*API).getLink)},
	{"GET", "/v1/partnerships/{partnership}/codes", "codes-list", auth.Read, "List a partnership's promo codes", "", reads((*API).listCodes)},
	{"POST", "/v1/partnerships/{partnership}/codes", "codes-create", auth.WriteLinks, "Give a promo code to a partnership", "",
		creates((*API).createCode)},
	{"GET", "/v1/programs/{program}/creatives", "creatives-list", auth.Read, "List a program's creatives", "In the order of the library, archived ones too.",
		reads((*API).listCreatives)},
	{"POST", "/v1/programs/{program}/creatives", "creatives-create", auth.WriteLinks, "Add a creative",
		"A banner's picture is judged by its content. It never changes: another picture is another creative.", pictured(creates((*API).createCreative))},
	{"GET", "/v1/creatives/{creative}", "creatives-get", auth.Read, "Get a creative", "", reads((*API).getCreative)},
	{"POST", "/v1/creatives/{creative}/archive", "creatives-archive", auth.WriteLinks, "Take a creative out of the library",
		"Its links and its picture go on working.", writes((*API).archiveCreative)},
	{"POST", "/v1/partnerships/{partnership}/creatives/{creative}/code", "creatives-code", auth.WriteLinks, "Give a partnership its code for a creative",
		"The first time a link is made; ever after it is the same one.", writes((*API).takeCreative)},
	{"GET", "/v1/programs/{program}/touches", "touches-list", auth.Read, "List a program's touches", "The newest first.", reads((*API).listTouches)},
	{"POST", "/v1/programs/{program}/touches/judge", "touches-judge", auth.WriteCommissions, "Judge touches again",
		"Whether they count: those that are named, or all of a rule, a network, a browser or a time. What is not final is credited again, and the answer tells what came of it. The same judgement given again changes nothing.",
		writes((*API).judgeTouches)},

	{"GET", "/v1/programs/{program}/accounts", "ledger-accounts", auth.Read, "List a program's accounts", "All balances sum to zero.",
		reads((*API).listAccounts)},
	{"GET", "/v1/programs/{program}/entries", "ledger-entries", auth.Read, "List a program's entries", "The oldest first.", reads((*API).listEntries)},

	{"GET", "/v1/programs/{program}/payouts", "payouts-list", auth.Read, "List a program's payouts", "The newest first.", reads((*API).listPayouts)},
	{"GET", "/v1/payouts/{payout}", "payouts-get", auth.Read, "Get a payout with its lines", "", reads((*API).getPayout)},
	{"POST", "/v1/payouts/{payout}/cancel", "payouts-cancel", auth.WritePayouts, "Cancel a payout that has not been sent",
		"Its money is payable again.", writes((*API).cancelPayout)},
	{"GET", "/v1/programs/{program}/proposals", "batches-propose", auth.Read, "Tell what a batch made now would pay",
		"And whom it would not, and why.", reads((*API).listProposals)},
	{"GET", "/v1/programs/{program}/batches", "batches-list", auth.Read, "List a program's batches", "The newest first.", reads((*API).listBatches)},
	{"POST", "/v1/programs/{program}/batches", "batches-create", auth.WritePayouts, "Put everything that is due into a new batch",
		"When nothing is due it is refused.", creates((*API).createBatch)},
	{"GET", "/v1/batches/{batch}", "batches-get", auth.Read, "Get a batch with its payouts and files", "", reads((*API).getBatch)},
	{"POST", "/v1/batches/{batch}/approve", "batches-approve", auth.ApprovePayouts, "Approve a batch", "", writes((*API).approveBatch)},
	{"POST", "/v1/batches/{batch}/send", "batches-send", auth.WritePayouts, "Write the files of an approved batch",
		"Its payouts are then sent. Sending again gives the same files, byte by byte.", writes((*API).sendBatch)},
	{"GET", "/v1/batches/{batch}/files/{name}", "batches-file", auth.WritePayouts, "Download a file of a batch", "", downloads((*API).getFile)},
	{"POST", "/v1/batches/{batch}/results", "batches-settle", auth.WritePayouts, "Hand in a payment service's results",
		"What was paid is settled, what failed is payable again, and each line says what it did. The same file again does nothing.",
		many(writes((*API).settleBatch))},

	{"GET", "/v1/programs/{program}/postbacks", "postbacks-list", auth.Read, "List the postbacks of a program's partners",
		"The oldest first. Partners make them; of their addresses, which may hold keys, only the server is told.", reads((*API).listPostbacks)},
	{"GET", "/v1/postbacks/{postback}", "postbacks-get", auth.Read, "Get a postback", "", reads((*API).getPostback)},
	{"GET", "/v1/postbacks/{postback}/deliveries", "postbacks-deliveries", auth.Read, "List a postback's deliveries with their attempts",
		"The newest first, of the last thirty days.", reads((*API).listDeliveries)},
	{"POST", "/v1/postbacks/{postback}/pause", "postbacks-pause", auth.WritePartners, "Pause a postback",
		"Its partner cannot resume it. What it would be told waits, for thirty days at most.", writes((*API).pausePostback)},
	{"POST", "/v1/postbacks/{postback}/resume", "postbacks-resume", auth.WritePartners, "Resume a paused postback", "Whoever paused it. What waits is sent at once.",
		writes((*API).resumePostback)},
	{"POST", "/v1/postbacks/{postback}/replay", "postbacks-replay", auth.WritePartners, "Send deliveries again",
		"One, or all that were made in a span of time, as far as they were delivered or given up. For their receiver they are the same ones.",
		writes((*API).replayPostback)},

	{"GET", "/v1/events", "events-list", auth.Read, "List the brand's events", "The oldest first. Keep the last `seq` that you have seen, and come back for more with it.",
		reads((*API).listEvents)},
	{"GET", "/v1/audit", "audit-list", auth.ReadAudit, "List the changes that were made for the brand",
		"By people, tokens and the command line, the newest first. What machines report in bulk – clicks, conversions, refunds – is not among them.",
		reads((*API).listAudit)},
	{"GET", "/v1/tokens", "tokens-list", auth.WriteTeam, "List the brand's tokens", "The newest first, those revoked too.", reads((*API).listTokens)},
	{"POST", "/v1/tokens", "tokens-create", auth.WriteTeam, "Make a token",
		"It can do no more than the token that makes it. The secret is told in this one answer; a repeat of the request does not tell it again.",
		creates((*API).createToken)},
	{"DELETE", "/v1/tokens/{token}", "tokens-revoke", auth.WriteTeam, "Revoke a token", "For good.", writes((*API).revokeToken)},
}, offlineOperations)
