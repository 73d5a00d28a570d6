package client

// Money is an exact sum.
type Money struct {
	Amount   string `json:"amount" doc:"Plain decimal in the currency's own unit. No more decimals than the currency has." example:"12.50"`
	Currency string `json:"currency" doc:"ISO 4217 code." example:"EUR"`
}

func (m Money) String() string { return m.Amount + " " + m.Currency }
