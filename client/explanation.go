package client

import "time"

// Explanation is why each cent of a conversion went where it went.
type Explanation struct {
	Edit          string         `json:"edit,omitempty" doc:"Id of the edit by which the order stands."`
	Qualification *Qualification `json:"qualification,omitempty" doc:"Whether the conversion qualifies; left out when nothing asks for it."`
	Policy        string         `json:"policy" doc:"Id of the policy in force on the day of the conversion." example:"pol_06a1b2c3d4e5f6g7h8j9kmnp"`
	Model         Model          `json:"model" doc:"The settlement model that the policy names."`
	Steps         []Step         `json:"steps" doc:"The journey that was considered, in the order of time: which touches counted, which did not, and why."`
	Parts         []Part         `json:"parts" doc:"What each partnership gets, and by which terms."`
	Gross         Money          `json:"gross" doc:"The amount as reported." example:"{\"amount\":\"100.00\",\"currency\":\"EUR\"}"`
	Refunded      Money          `json:"refunded" doc:"What was given back." example:"{\"amount\":\"0.00\",\"currency\":\"EUR\"}"`
	Net           Money          `json:"net" doc:"What is left, and what shares are taken of." example:"{\"amount\":\"100.00\",\"currency\":\"EUR\"}"`
	Reason        string         `json:"reason,omitempty" doc:"Why nobody earned: no_touch, code_unknown, or the verdict on the touch nearest to the conversion."`

	Codes []CodeUse `json:"codes" doc:"What each partner's promo code on the order came to."`
	Bound *Bound    `json:"bound,omitempty" doc:"Whose the customer was at the moment of the order; left out where they were nobody's."`
}

// CodeUse is what a partner's promo code on an order came to.
type CodeUse struct {
	Code        string `json:"code" doc:"The code, as it is kept." example:"ANNA10"`
	Partnership string `json:"partnership" doc:"Whose it was at the moment of the order." example:"pts_06a1b2c3d4e5f6g7h8j9kmnp"`
	Credit      string `json:"credit" doc:"What codes counted for at that moment." enum:"shares,always,in_path,winner" example:"always"`
	Verdict     string `json:"verdict" doc:"counted, or why it did not count." example:"counted"`
	Before      string `json:"before,omitempty" doc:"Of a code that can be used once: the order that used it first." example:"A-1000"`
	Reason      string `json:"reason,omitempty" doc:"Why it was suspended."`
}

// Bound is whose a customer is, and why.
type Bound struct {
	Partnership string    `json:"partnership" doc:"Whose the customer is." example:"pts_06a1b2c3d4e5f6g7h8j9kmnp"`
	Since       time.Time `json:"since" doc:"From when on."`
	Until       time.Time `json:"until,omitzero" doc:"Until when; left out: for ever."`
	Order       string    `json:"order_id,omitempty" doc:"The customer's first order, which the partner brought. Left out where the brand has said whose they are." example:"A-1000"`
	Binding     string    `json:"binding,omitempty" doc:"Id of the brand's word that says so."`
	Verdict     string    `json:"verdict" doc:"counted: the order is theirs; or why it is not." example:"counted"`
}

// Step is a touch as it was considered.
type Step struct {
	Touch       string    `json:"touch" doc:"Id of the touch; of a click, the click id." example:"AQGYx2m0Yv8AAAAHK1p3Qm9xTzF2ZkhqUXdFZA"`
	Kind        string    `json:"kind" doc:"How the visitor met the partner." enum:"click,impression,code,direct,bound,call,card,agent" example:"click"`
	Partnership string    `json:"partnership,omitempty" doc:"Whose touch it is; left out for a direct visit." example:"pts_06a1b2c3d4e5f6g7h8j9kmnp"`
	Link        string    `json:"link,omitempty" doc:"The link that was followed." example:"lnk_06a1b2c3d4e5f6g7h8j9kmnp"`
	Code        string    `json:"code,omitempty" doc:"The promo code that was used."`
	Mark        string    `json:"mark,omitempty" doc:"Why the touch was set aside. A duplicate stands for its first click where that is not on the way, and then counts." enum:"bot,prefetch,head,embedded,datacentre,spam,rate,duplicate,refused,unknown,foreign"`
	At          time.Time `json:"at" doc:"When it happened."`
	Verdict     string    `json:"verdict" doc:"counted, or why it did not count." enum:"counted,direct,marked,after_sale,outside_window,partner_not_active,views_not_agreed,outside_view,click_beats_view,no_contract,code_suspended,code_used,code_alone,code_not_in_path,code_not_winner,code_confirms" example:"counted"`
	Weight      int64     `json:"weight" doc:"Its share is this divided by the sum of all weights." example:"1"`
	Claimed     bool      `json:"claimed,omitempty" doc:"True when it is known only by the click id that the conversion carried, and not yet from the click itself."`
}

// Part is what one partnership gets of a conversion.
type Part struct {
	Partnership string    `json:"partnership" doc:"Who gets it." example:"pts_06a1b2c3d4e5f6g7h8j9kmnp"`
	Weight      int64     `json:"weight" doc:"The weights of its touches together." example:"1"`
	Of          int64     `json:"of" doc:"The sum of all weights: the part is weight / of." example:"3"`
	Contract    string    `json:"contract" doc:"Id of the contract's version that priced it." example:"ctr_06a1b2c3d4e5f6g7h8j9kmnp"`
	Version     int64     `json:"version" doc:"Number of that version." example:"1"`
	WithCode    bool      `json:"with_code,omitempty" doc:"True when the rule is the one for orders with a promo code."`
	Rule        Rule      `json:"rule" doc:"The rule of that version which applied."`
	Whole       string    `json:"whole" doc:"What the whole conversion would earn under this rule, exactly, before it is shared and rounded." example:"10.00"`
	Amount      Money     `json:"amount" doc:"What the partnership gets. Parts are rounded by the largest remainder, so that they sum to the whole." example:"{\"amount\":\"3.34\",\"currency\":\"EUR\"}"`
	LocksAt     time.Time `json:"locks_at" doc:"From this moment the commission can no longer change by itself."`
	Waits       bool      `json:"waits,omitempty" doc:"True while the conversion has yet to qualify: it does not lock on its day."`
	Held        string    `json:"held,omitempty" doc:"Why it is held: it does not lock on its day."`
	Reversed    string    `json:"reversed,omitempty" doc:"Why it was taken back by hand."`
	Arithmetic  string    `json:"arithmetic" doc:"The calculation in one line." example:"1/3 of (10 % of 100.00 EUR) = 3.34 EUR"`
}
