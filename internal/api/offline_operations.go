package api

import (
	"github.com/danielgtaylor/huma/v2"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/offline"
)

var offlineTags = []*huma.Tag{
	{Name: "uploads", Description: "Files of conversions, refunds, calls, transactions, cards and numbers."},
	{Name: "calls", Description: "Calls to the phone numbers of partners."},
	{Name: "numbers", Description: "Phone numbers, and whose they are."},
	{Name: "cards", Description: "Cards and memberships that customers have enrolled with partners."},
	{Name: "transactions", Description: "What was paid with cards, in stores or elsewhere."},
}

// aboutAgents is said in the documentation of the API, for who asks has no token of the API.
const aboutAgents = `

A program that buys for somebody and runs no browser asks for a token by a partner’s link: ` + "`GET` or `POST /agent/{code}`" + `, with the code that follows ` + "`/c/`" + ` in the link, without a token of the API. The answer has ` + "`token`, `expires_at`, `parameter` and `target`" + `. The shop sends ` + "`token`" + ` as ` + "`click_id`" + ` with the conversion. It proves itself, holds for orders of the next 24 hours, and is a touch of the kind ` + "`agent`" + `; a second report of an order pays nobody again.`

// offlineOperations are files, and what no browser saw.
var offlineOperations = []operation{
	{"GET", "/v1/programs/{program}/uploads", "uploads-list", auth.Read, "List the files that were sent", "The newest first.", reads((*API).listUploads)},
	{"POST", "/v1/programs/{program}/uploads", "uploads-send", auth.WriteConversions, "Send a file",
		"It is read as its head says. Each line is then taken or refused by itself; one that is known does nothing, so a file can be sent again.", filed(creates((*API).sendUpload))},
	{"GET", "/v1/uploads/{upload}", "uploads-get", auth.Read, "Get an upload", "", reads((*API).getUpload)},
	{"POST", "/v1/uploads/{upload}/take", "uploads-take", auth.WriteConversions, "Take a file that was sent", "The answer comes at once; ask again how far it is.", writes((*API).takeUpload)},
	{"GET", "/v1/uploads/{upload}/refused", "uploads-refused", auth.Read, "List the refused lines of a file", "In the order of the file.", reads((*API).listRefused)},
	{"POST", "/v1/programs/{program}/calls", "calls-report", auth.WriteConversions, "Report up to 1000 calls",
		"Each is a touch of the partner whose the number is at that moment, and one that is answered and long enough is a conversion of the event type call, where the program has it.",
		many(writes((*API).reportCalls))},
	{"GET", "/v1/programs/{program}/calls", "calls-list", auth.Read, "List the calls", "The last received first.", reads((*API).listCalls)},
	{"POST", "/v1/programs/{program}/transactions", "transactions-report", auth.WriteConversions, "Report up to 1000 card transactions",
		"Each is a conversion of the partner with whom the card is enrolled at that moment; with a negative amount it is a refund. One that nobody has enrolled is kept, and credited when an enrolment is told later.",
		many(writes((*API).reportTransactions))},
	{"POST", "/v1/programs/{program}/cards", "cards-enrol", auth.WriteConversions, "Enrol up to 1000 cards",
		"From a moment on; a later one ends what was before. What was paid since and is not locked is credited again.", many(writes((*API).enrolCards))},
	{"GET", "/v1/programs/{program}/cards", "cards-list", auth.Read, "List the enrolled cards", "The last told first.", listAssigned(offline.Card)},
	{"POST", "/v1/programs/{program}/numbers", "numbers-assign", auth.WriteConversions, "Say whose a phone number is",
		"From a moment on; a later one ends what was before. What came of calls since and is not locked is credited again.", creates((*API).assignNumber)},
	{"GET", "/v1/programs/{program}/numbers", "numbers-list", auth.Read, "List the phone numbers", "The last told first.", listAssigned(offline.Number)},
}
