package audit

import "strings"

// Action is what was done: noun.verb.
type Action string

// The actions.
const (
	BrandCreate        Action = "brand.create"
	ProgramCreate      Action = "program.create"
	ProgramChange      Action = "program.change"
	ProgramOffer       Action = "program.offer" // the terms that new partners are offered
	ProgramModel       Action = "program.model"
	ProgramTry         Action = "program.try" // an order that was sent to try it out, and taken back
	PartnershipApply   Action = "partnership.apply"
	PartnershipInvite  Action = "partnership.invite"
	PartnershipJoin    Action = "partnership.join"
	PartnershipAccept  Action = "partnership.accept"
	PartnershipDecline Action = "partnership.decline"
	PartnershipPause   Action = "partnership.pause"
	PartnershipResume  Action = "partnership.resume"
	PartnershipEnd     Action = "partnership.end"
	PartnershipAgree   Action = "partnership.agree" // other terms
	PartnershipCode    Action = "partnership.code"
	PartnerChange      Action = "partner.change"
	LinkCreate         Action = "link.create"
	LinkChange         Action = "link.change"
	CommissionReverse  Action = "commission.reverse"
	BatchMake          Action = "batch.make"
	BatchApprove       Action = "batch.approve"
	BatchSend          Action = "batch.send"
	BatchSettle        Action = "batch.settle"
	BatchCancel        Action = "batch.cancel" // one payout of it
	TokenCreate        Action = "token.create"
	TokenRevoke        Action = "token.revoke"
	TeamInvite         Action = "team.invite"
	TeamWithdraw       Action = "team.withdraw"
	TeamJoin           Action = "team.join"
	TeamRole           Action = "team.role"
	TeamRemove         Action = "team.remove"
	MailResend         Action = "mail.resend"
	SessionBegin       Action = "session.begin"
	SessionEnd         Action = "session.end"
	SessionRefuse      Action = "session.refuse"
	PasswordChange     Action = "password.change"
)

// Actions are all actions. Those of one noun stand together.
var Actions = []Action{BrandCreate, ProgramCreate, ProgramChange, ProgramOffer, ProgramModel, ProgramTry, PartnershipApply, PartnershipInvite,
	PartnershipJoin, PartnershipAccept, PartnershipDecline, PartnershipPause, PartnershipResume, PartnershipEnd, PartnershipAgree, PartnershipCode,
	PartnerChange, LinkCreate, LinkChange, CommissionReverse, BatchMake, BatchApprove, BatchSend, BatchSettle, BatchCancel, TokenCreate, TokenRevoke,
	TeamInvite, TeamWithdraw, TeamJoin, TeamRole, TeamRemove, MailResend, SessionBegin, SessionEnd, SessionRefuse, PasswordChange}

// Noun is the sort of thing that the action is about.
func (a Action) Noun() string {
	noun, _, _ := strings.Cut(string(a), ".")
	return noun
}

func (a Action) verb() string {
	_, verb, _ := strings.Cut(string(a), ".")
	return verb
}

// Nouns are the sorts of things that actions are about, in the order of the actions.
var Nouns = nouns()

func nouns() (list []string) {
	for _, a := range Actions {
		if len(list) == 0 || list[len(list)-1] != a.Noun() {
			list = append(list, a.Noun())
		}
	}
	return list
}
