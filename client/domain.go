package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"
)

// Domain is a site of a partner's from which visitors are recognised by where they come from, without any parameter.
type Domain struct {
	ID          string    `json:"id" doc:"Id of the domain." example:"drd_06a1b2c3d4e5f6g7h8j9kmnp"`
	Program     string    `json:"program" doc:"Id of the program." example:"prg_06a1b2c3d4e5f6g7h8j9kmnp"`
	Partnership string    `json:"partnership" doc:"Whose it is." example:"pts_06a1b2c3d4e5f6g7h8j9kmnp"`
	Host        string    `json:"host" doc:"The host; it holds for all below it too." example:"anna.example.com"`
	State       string    `json:"state" doc:"What the brand has said." enum:"asked,approved,refused,withdrawn" example:"approved"`
	Link        string    `json:"link,omitempty" doc:"Id of the link by which its visitors are counted, once it was approved." example:"lnk_06a1b2c3d4e5f6g7h8j9kmnp"`
	Reason      string    `json:"reason,omitempty" doc:"Why it was refused."`
	AskedAt     time.Time `json:"asked_at" doc:"When it was asked for."`
	ChangedAt   time.Time `json:"changed_at" doc:"When somebody last said something."`
}

// NewDomain is a domain to be asked for.
type NewDomain struct {
	Host string `json:"host" doc:"A host, or an address on it." example:"anna.example.com"`
}

// DomainRefusal says no to a domain.
type DomainRefusal struct {
	Reason string `json:"reason,omitempty" doc:"For the partner to read, up to 500 bytes." example:"This is not your site."`
}

// BrowserTag is what a program's browser tag reads and when it may remember.
type BrowserTag struct {
	Params  []string `json:"params" doc:"Parameters beside ref, via and a_aid that name a partner on the shop's pages." example:"[\"partner\"]"`
	Consent string   `json:"consent" doc:"What the tag may do until a visitor has said anything." enum:"full,cookieless,none" example:"full"`
}

// BrowserTagChange is what a program's browser tag shall read. What is left out stays as it is.
type BrowserTagChange struct {
	Params  *[]string `json:"params,omitempty" doc:"Parameters beside ref, via and a_aid that name a partner on the shop's pages."`
	Consent *string   `json:"consent,omitempty" doc:"full, cookieless or none." example:"full"`
}

// InstalledTag is a program's tag with what a shop puts onto its pages.
type InstalledTag struct {
	BrowserTag
	HTML      string `json:"html" doc:"The tag and the picture for visitors without scripts, for every page."`
	URL       string `json:"url" doc:"The tag's address under the name of its content, which never changes."`
	Integrity string `json:"integrity" doc:"What a page can hold it against." example:"sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC"`
}

// Domains are a program's, the newest first; of one state, if it is given.
func (c *Client) Domains(ctx context.Context, program, state string) iter.Seq2[Domain, error] {
	query := url.Values{}
	if state != "" {
		query.Set("state", state)
	}
	return list[Domain](ctx, c, path("programs", program, "domains"), query)
}

// AskDomain asks for a domain in a partner's name.
func (c *Client) AskDomain(ctx context.Context, partnership string, n NewDomain) (Domain, error) {
	return write[Domain](ctx, c, http.MethodPost, path("partnerships", partnership, "domains"), n)
}

// ApproveDomain lets visitors who come from the domain count, from now on.
func (c *Client) ApproveDomain(ctx context.Context, id string) (Domain, error) {
	return write[Domain](ctx, c, http.MethodPost, path("domains", id, "approve"), nil)
}

// RefuseDomain says no, or takes an approval back.
func (c *Client) RefuseDomain(ctx context.Context, id string, why DomainRefusal) (Domain, error) {
	return write[Domain](ctx, c, http.MethodPost, path("domains", id, "refuse"), why)
}

// WithdrawDomain takes back what was asked for in a partner's name.
func (c *Client) WithdrawDomain(ctx context.Context, id string) (Domain, error) {
	return write[Domain](ctx, c, http.MethodPost, path("domains", id, "withdraw"), nil)
}

// BrowserTag is what a program's browser tag reads, and how it is installed.
func (c *Client) BrowserTag(ctx context.Context, program string) (InstalledTag, error) {
	return get[InstalledTag](ctx, c, path("programs", program, "tag"), nil)
}

// ChangeBrowserTag changes what a program's browser tag reads.
func (c *Client) ChangeBrowserTag(ctx context.Context, program string, change BrowserTagChange) (InstalledTag, error) {
	return write[InstalledTag](ctx, c, http.MethodPatch, path("programs", program, "tag"), change)
}
