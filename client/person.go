package client

import (
	"context"
	"net/http"
	"time"
)

// NewPersonSplit says that names are different people, or that one is of many.
type NewPersonSplit struct {
	Program string   `json:"program" doc:"Id or short name of the program." example:"alpine"`
	Kind    string   `json:"kind" doc:"apart: none of these names is the same person as any of the others, whatever links them. shared: these names are each of many people and join nobody. same: takes back one of the two." enum:"apart,shared,same" example:"apart"`
	Names   []string `json:"names" doc:"Names, each as its kind and the name itself: customer:cus_42, email: and its SHA-256, visitor:v-5f2c9d, click: and the click id." example:"[\"customer:cus_42\"]"`
	Others  []string `json:"others,omitempty" doc:"The names of the other person. Left out for shared names." example:"[\"customer:cus_17\",\"visitor:v-5f2c9d\"]"`
	Reason  string   `json:"reason,omitempty" doc:"Why, at most 500 letters." example:"Two members of a family"`
}

// PersonSplit is a word against links, and what came of it.
type PersonSplit struct {
	ID          string   `json:"id" doc:"Id of the word." example:"spl_06a1b2c3d4e5f6g7h8j9kmnp"`
	Kind        string   `json:"kind" doc:"apart, shared or same." enum:"apart,shared,same" example:"apart"`
	Names       []string `json:"names" doc:"Names." example:"[\"customer:cus_42\"]"`
	Others      []string `json:"others,omitempty" doc:"The names of the other person."`
	Conversions int      `json:"conversions" doc:"In how many conversions something is different now." example:"2"`
	Delta       Money    `json:"delta" doc:"What partners earn more, or less."`
	Final       int      `json:"final" doc:"How many conversions it concerns whose shares are final, so that it comes too late for them." example:"0"`
}

// SplitPerson says that names are different people, or that one is of many. What is not locked is credited again.
func (c *Client) SplitPerson(ctx context.Context, n NewPersonSplit) (PersonSplit, error) {
	return write[PersonSplit](ctx, c, http.MethodPost, path("identities", "splits"), n)
}

// NewBinding says whose a customer's orders are from a moment on.
type NewBinding struct {
	Program     string    `json:"program" doc:"Id or short name of the program." example:"alpine"`
	Name        string    `json:"name" doc:"A name of the customer: customer:cus_42, or email: and its SHA-256." example:"customer:cus_42"`
	Partnership string    `json:"partnership,omitempty" doc:"Whose they are; left out: nobody's, whatever terms say." example:"pts_06a1b2c3d4e5f6g7h8j9kmnp"`
	Since       time.Time `json:"since,omitzero" doc:"From when on, now or in the past; now when left out."`
	Until       time.Time `json:"until,omitzero" doc:"Until when; left out: for ever."`
	Reason      string    `json:"reason,omitempty" doc:"Why, at most 500 letters." example:"Found by her, by letter"`
}

// Binding is the brand's word on whose a customer is, and what came of it.
type Binding struct {
	ID          string    `json:"id" doc:"Id of the word." example:"bnd_06a1b2c3d4e5f6g7h8j9kmnp"`
	Name        string    `json:"name" doc:"A name of the customer." example:"customer:cus_42"`
	Partnership string    `json:"partnership,omitempty" doc:"Whose they are; left out: nobody's."`
	Since       time.Time `json:"since" doc:"From when on."`
	Until       time.Time `json:"until,omitzero" doc:"Until when; left out: for ever."`
	Conversions int       `json:"conversions" doc:"In how many conversions something is different now." example:"1"`
	Delta       Money     `json:"delta" doc:"What partners earn more, or less."`
	Final       int       `json:"final" doc:"How many conversions it concerns whose shares are final." example:"0"`
}

// Bind says whose a customer's orders are from a moment on. What is not locked is credited again.
func (c *Client) Bind(ctx context.Context, n NewBinding) (Binding, error) {
	return write[Binding](ctx, c, http.MethodPost, path("bindings"), n)
}
