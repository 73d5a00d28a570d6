// Package upload takes files of conversions, refunds, calls, card transactions, enrolled cards and phone numbers. A file is
// kept as it came, read as a person says, tried on its first lines in a transaction that is taken back, and then taken line
// by line in transactions of their own, from where the last one ended. It decides nothing about a line that the doors would
// not decide of the same report: it only reads.
package upload

import (
	"slices"
	"strings"
)

// Kind is what a file has on its lines.
type Kind string

// The kinds.
const (
	Conversions  Kind = "conversions"
	Refunds      Kind = "refunds"
	Calls        Kind = "calls"
	Transactions Kind = "transactions"
	Cards        Kind = "cards"
	Numbers      Kind = "numbers"
)

// Kinds are all kinds.
var Kinds = []Kind{Conversions, Refunds, Calls, Transactions, Cards, Numbers}

// sort is how the values of a field are written.
type sort int

const (
	text sort = iota
	number
	moment
)

// Field is a fact that a line can tell.
type Field struct {
	Name   string
	Needed bool
	sort   sort
	also   []string // what the head may call it, besides its name
	sample []string // its values in the sample file
}

// fields are those of each kind. What heads call them is taken from the files of networks, shops and spreadsheets.
var fields = map[Kind][]Field{
	Conversions: {
		orderField("1001", "1002"),
		{Name: "amount", sort: number, also: amountWords, sample: []string{"129.90", "45.00"}},
		{Name: "tax", sort: number, also: []string{"vat", "taxes", "tax amount", "sales tax", "gst", "mwst", "ust", "steuer", "tva", "montant tva", "taxe", "税", "税额", "税费"},
			sample: []string{"24.68", ""}},
		{Name: "shipping", sort: number, also: []string{"shipping cost", "shipping costs", "shipping amount", "delivery", "freight", "postage", "versand", "versandkosten", "port",
			"frais de port", "livraison", "frais de livraison", "运费", "配送费"}, sample: []string{"4.90", ""}},
		{Name: "total", sort: number, also: append([]string{"grand total", "total price", "gross", "gross amount", "total paid", "amount paid", "gesamt",
			"gesamtbetrag", "gesamtsumme", "brutto", "total ttc", "montant ttc", "总计", "合计", "订单总额", "实付金额"}, totalWords...), sample: []string{"159.48", "45.00"}},
		{Name: "currency", also: currencyWords, sample: []string{"EUR", "EUR"}},
		{Name: "at", sort: moment, also: atWords, sample: []string{"2026-03-14 10:15", "2026-03-15 18:02"}},
		{Name: "event", also: eventWords, sample: []string{"sale", "sale"}},
		{Name: "click_id", also: []string{"tclid", "click", "clickid", "click ref", "clickref", "irclickid", "subid"}, sample: []string{"", ""}},
		{Name: "visitor_id", also: []string{"visitor", "client id"}, sample: []string{"", ""}},
		customerField,
		{Name: "email", also: []string{"e-mail", "mail", "email address", "e-mail address", "email sha256", "email hash", "邮箱", "adresse e-mail", "courriel"}, sample: []string{"", ""}},
		{Name: "promo_code", also: []string{"code", "coupon", "coupon code", "voucher", "discount code", "promo", "gutschein", "gutscheincode", "code promo", "优惠码", "优惠券"},
			sample: []string{"ANNA10", ""}},
	},
	Refunds: {
		orderField("1001", "1002"),
		{Name: "refund_id", also: []string{"refund", "refund number", "credit note", "return id", "gutschrift", "退款号", "退款编号", "avoir"}, sample: []string{"R-1", ""}},
		{Name: "amount", sort: number, also: append([]string{"refund amount", "refunded"}, sumWords...), sample: []string{"20.00", ""}},
		{Name: "currency", also: currencyWords, sample: []string{"EUR", ""}},
		{Name: "at", sort: moment, also: append([]string{"refunded at", "refund date"}, atWords...), sample: []string{"2026-03-20", "2026-03-21"}},
		{Name: "event", also: eventWords, sample: []string{"sale", "sale"}},
		{Name: "reason", also: []string{"refund reason", "grund", "raison", "motif", "原因"}, sample: []string{"item_returned", "order_cancelled"}},
	},
	Calls: {
		{Name: "call_id", Needed: true, also: []string{"call", "call sid", "callsid", "uuid", "id", "anruf", "appel", "通话编号"}, sample: []string{"CA-501", "CA-502"}},
		{Name: "number", Needed: true, also: []string{"number called", "called", "called number", "tracking number", "to", "destination", "dialed", "rufnummer", "numéro appelé", "被叫号码"},
			sample: []string{"+49 30 1234567", "+49 30 1234567"}},
		{Name: "caller", Needed: true, also: []string{"from", "caller id", "caller number", "caller hash", "caller sha256", "anrufer", "appelant", "主叫号码"},
			sample: []string{"+49 170 5550101", "6b8c6fe5ac4b6e0f8a5d4c1f9c3b1d20a2c1a6d8a54a5b5f1d6c7a3f1b2e4d90"}},
		{Name: "at", Needed: true, sort: moment, also: append([]string{"call start", "start time", "started"}, atWords...), sample: []string{"2026-03-14 10:15", "2026-03-14 11:40"}},
		{Name: "seconds", Needed: true, sort: number, also: []string{"duration", "duration seconds", "call duration", "talk time", "length", "dauer", "durée", "时长", "通话时长"},
			sample: []string{"185", "12"}},
		{Name: "outcome", also: []string{"status", "call status", "disposition", "result", "ergebnis", "résultat", "状态"}, sample: []string{"answered", "missed"}},
		customerField,
		{Name: "amount", sort: number, also: sumWords, sample: []string{"", ""}},
		{Name: "currency", also: currencyWords, sample: []string{"", ""}},
	},
	Transactions: {
		{Name: "card", Needed: true, also: cardWords, sample: []string{"tok_7Hq2x9", "tok_7Hq2x9"}},
		{Name: "amount", Needed: true, sort: number, also: sumWords, sample: []string{"64.20", "-14.20"}},
		{Name: "currency", also: currencyWords, sample: []string{"EUR", "EUR"}},
		{Name: "at", Needed: true, sort: moment, also: append([]string{"transaction date", "purchase date", "booking date"}, atWords...), sample: []string{"2026-03-14 10:15", "2026-03-18 09:30"}},
		{Name: "transaction_id", also: []string{"transaction", "transaction number", "id", "reference", "transaktion", "交易号"}, sample: []string{"T-9001", "T-9002"}},
		{Name: "original_id", also: []string{"original", "original transaction", "original transaction id", "refund of", "reversal of", "原交易号"}, sample: []string{"", "T-9001"}},
		{Name: "merchant", also: []string{"merchant id", "mid", "store", "store id", "shop", "location", "filiale", "magasin", "商户号", "门店"}, sample: []string{"store-12", "store-12"}},
		{Name: "auth_code", also: []string{"authorization", "authorization code", "approval code", "auth", "授权码"}, sample: []string{"A1B2C3", "A1B2C3"}},
	},
	Cards: {
		{Name: "card", Needed: true, also: cardWords, sample: []string{"tok_7Hq2x9", "tok_K31bPz"}},
		partnerField,
		{Name: "since", sort: moment, also: append([]string{"enrolled", "enrolled at", "enrolment date", "enrollment date"}, sinceWords...), sample: []string{"2026-03-01", "2026-03-02"}},
	},
	Numbers: {
		{Name: "number", Needed: true, also: []string{"phone", "phone number", "tracking number", "rufnummer", "telefon", "numéro", "téléphone", "电话", "电话号码"},
			sample: []string{"+49 30 1234567", "+49 30 1234568"}},
		partnerField,
		{Name: "since", sort: moment, also: sinceWords, sample: []string{"2026-03-01", "2026-03-01"}},
	},
}

var (
	totalWords  = []string{"total", "order total"}
	amountWords = []string{"sum", "value", "sale amount", "order amount", "subtotal", "net amount", "net", "price", "revenue", "betrag", "summe", "umsatz", "netto",
		"montant", "total ht", "prix", "金额", "订单金额", "交易金额"}
	sumWords      = slices.Concat(totalWords, amountWords) // where nothing is told of taxes
	currencyWords = []string{"ccy", "iso currency", "währung", "devise", "monnaie", "币种", "货币"}
	atWords       = []string{"date", "time", "timestamp", "datetime", "created", "created at", "order date", "datum", "zeit", "zeitpunkt", "bestelldatum", "moment", "heure",
		"date de commande", "日期", "时间", "下单时间", "订单时间"}
	sinceWords = []string{"from", "start", "valid from", "date", "ab", "seit", "gültig ab", "depuis", "à partir du", "开始日期", "起始日期"}
	eventWords = []string{"event type", "type", "goal", "action", "conversion type", "ereignis", "événement", "事件", "类型"}
	cardWords  = []string{"token", "card token", "card id", "payment token", "par", "member", "member id", "membership", "loyalty id", "karte", "kundenkarte", "carte", "卡号标识", "会员号"}

	customerField = Field{Name: "customer_id", also: []string{"customer", "customer number", "user id", "kunde", "kundennummer", "client", "numéro client", "客户编号", "用户编号"},
		sample: []string{"", ""}}
	partnerField = Field{Name: "partner", Needed: true, also: []string{"partnership", "partner id", "affiliate", "affiliate id", "publisher", "partner e-mail", "partner email", "partenaire",
		"合作伙伴", "伙伴"}, sample: []string{"anna@example.com", "anna@example.com"}}
)

func orderField(sample ...string) Field {
	return Field{Name: "order_id", Needed: true, also: []string{"order", "order no", "order nr", "order number", "order reference", "orderid", "transaction id", "transaction", "invoice",
		"reference", "bestellung", "bestellnummer", "auftragsnummer", "commande", "numéro de commande", "n° de commande", "订单", "订单号", "订单编号"}, sample: sample}
}

// Fields are those that a file of the kind can have. A partner's file says nothing of partners: all of it is their own.
func (k Kind) Fields(partnership string) []Field {
	var list []Field
	for _, f := range fields[k] {
		if partnership == "" || f.Name != partnerField.Name {
			list = append(list, f)
		}
	}
	return list
}

// Open tells whether partners may send files of the kind.
func (k Kind) Open() bool { return k == Cards }

// plain is a head as heads are compared: small letters, and nothing but letters and digits.
func plain(head string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" _-./:#()\u00a0\ufeff'\"", r) {
			return -1
		}
		return r
	}, strings.ToLower(head))
}

// Sample is an example of a file of the kind: its head and two lines.
func (k Kind) Sample(partnership string) [][]string {
	rows := make([][]string, 3)
	for _, f := range k.Fields(partnership) {
		rows[0] = append(rows[0], f.Name)
		for i, value := range f.sample {
			rows[i+1] = append(rows[i+1], value)
		}
	}
	return rows
}
