package audit

import "strings"

// Action is what was done: noun.verb.
type Action string

// The actions.
const (
	BrandCreate        Action = "brand.create"
	BrandChange        Action = "brand.change"
	ProgramCreate      Action = "program.create"
	ProgramChange      Action = "program.change"
	ProgramOffer       Action = "program.offer" // the terms that new partners are offered
	ProgramModel       Action = "program.model"
	ProgramQualify     Action = "program.qualify" // on what condition an event type is paid
	ProgramSecret      Action = "program.secret"  // another key for its postbacks
	ProgramJudge       Action = "program.judge"   // clicks that count or do not, by a person's word
	ProgramDomains     Action = "program.domains" // whether partners may bring domains of their own
	ProgramCalls       Action = "program.calls"   // how long a call is that counts
	ProgramTag         Action = "program.tag"     // what the browser tag reads and when it may remember
	ProgramTrial       Action = "program.trial"   // the link by which tests click
	ProgramTry         Action = "program.try"     // an order that was sent to try it out
	ProgramForget      Action = "program.forget"  // all that was tried, deleted
	ProgramCodes       Action = "program.codes"   // what promo codes count for
	ProgramPart        Action = "program.part"    // names that are different people, or of many
	ProgramUnbind      Action = "program.unbind"  // a customer who is nobody's
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
	PartnershipStand   Action = "partnership.stand" // a promo code's standing
	PartnershipBatch   Action = "partnership.batch" // single-use codes
	PartnershipBind    Action = "partnership.bind"  // a customer who is theirs
	PartnershipCare    Action = "partnership.care"  // group, tags, who looks after them
	NoteWrite          Action = "note.write"
	NoteChange         Action = "note.change"
	NotePin            Action = "note.pin"
	NoteDelete         Action = "note.delete"
	GroupCreate        Action = "group.create"
	GroupChange        Action = "group.change"
	GroupRaise         Action = "group.raise"
	GroupDissolve      Action = "group.dissolve"
	PartnerChange      Action = "partner.change"
	PropertyAdd        Action = "property.add"
	PropertyChange     Action = "property.change"
	PropertyRemove     Action = "property.remove"
	PropertyConfirm    Action = "property.confirm"
	PropertyDoubt      Action = "property.doubt"
	ContactAdd         Action = "contact.add"
	ContactChange      Action = "contact.change"
	ContactRemove      Action = "contact.remove"
	ColleagueInvite    Action = "colleague.invite" // to sign in for a partner
	ColleagueWithdraw  Action = "colleague.withdraw"
	ColleagueJoin      Action = "colleague.join"
	ColleagueRemove    Action = "colleague.remove"
	DomainAsk          Action = "direct.ask"
	DomainApprove      Action = "direct.approve"
	DomainRefuse       Action = "direct.refuse"
	DomainWithdraw     Action = "direct.withdraw"
	LinkCreate         Action = "link.create"
	LinkChange         Action = "link.change"
	CreativeAdd        Action = "creative.add"
	CreativeChange     Action = "creative.change"
	CreativeArchive    Action = "creative.archive"
	CreativeRestore    Action = "creative.restore"
	CommissionApprove  Action = "commission.approve"
	CommissionHold     Action = "commission.hold"
	CommissionRelease  Action = "commission.release"
	CommissionReverse  Action = "commission.reverse"
	OrderEdit          Action = "order.edit"
	OrderRefund        Action = "order.refund"
	OrderQualify       Action = "order.qualify" // or not
	BatchMake          Action = "batch.make"
	BatchApprove       Action = "batch.approve"
	BatchSend          Action = "batch.send"
	BatchSettle        Action = "batch.settle"
	BatchCancel        Action = "batch.cancel" // one payout of it
	UploadSend         Action = "upload.send"
	UploadRead         Action = "upload.read" // otherwise than before
	UploadTake         Action = "upload.take"
	UploadDiscard      Action = "upload.discard"
	NumberAssign       Action = "number.assign"
	PostbackCreate     Action = "postback.create"
	PostbackChange     Action = "postback.change"
	PostbackPause      Action = "postback.pause"
	PostbackResume     Action = "postback.resume"
	PostbackSign       Action = "postback.sign" // another secret, or none any more
	PostbackTry        Action = "postback.try"
	PostbackReplay     Action = "postback.replay"
	PostbackRemove     Action = "postback.remove"
	DomainAdd          Action = "domain.add"
	DomainRemove       Action = "domain.remove"
	RuleAdd            Action = "rule.add" // of redirects
	RuleChange         Action = "rule.change"
	RuleMove           Action = "rule.move"
	RuleRemove         Action = "rule.remove"
	CapAdd             Action = "cap.add"
	CapChange          Action = "cap.change"
	CapRemove          Action = "cap.remove"
	SplitBegin         Action = "split.begin"
	SplitEnd           Action = "split.end"
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
var Actions = []Action{BrandCreate, BrandChange, ProgramCreate, ProgramChange, ProgramOffer, ProgramModel, ProgramQualify, ProgramSecret,
	ProgramJudge, ProgramDomains, ProgramCalls, ProgramTag, ProgramTrial, ProgramTry, ProgramForget, ProgramCodes, ProgramPart, ProgramUnbind, PartnershipApply, PartnershipInvite, PartnershipJoin, PartnershipAccept, PartnershipDecline, PartnershipPause,
	PartnershipResume, PartnershipEnd, PartnershipAgree, PartnershipCode, PartnershipStand, PartnershipBatch, PartnershipBind, PartnershipCare, NoteWrite, NoteChange, NotePin,
	NoteDelete, GroupCreate, GroupChange, GroupRaise, GroupDissolve, PartnerChange, PropertyAdd, PropertyChange, PropertyRemove,
	PropertyConfirm, PropertyDoubt, ContactAdd, ContactChange, ContactRemove, ColleagueInvite, ColleagueWithdraw, ColleagueJoin,
	ColleagueRemove, DomainAsk, DomainApprove, DomainRefuse, DomainWithdraw, LinkCreate, LinkChange, CreativeAdd, CreativeChange, CreativeArchive, CreativeRestore, CommissionApprove,
	CommissionHold, CommissionRelease, CommissionReverse, OrderEdit, OrderRefund, OrderQualify, BatchMake, BatchApprove, BatchSend, BatchSettle, BatchCancel,
	UploadSend, UploadRead, UploadTake, UploadDiscard, NumberAssign,
	PostbackCreate, PostbackChange, PostbackPause, PostbackResume, PostbackSign, PostbackTry, PostbackReplay, PostbackRemove,
	DomainAdd, DomainRemove, RuleAdd, RuleChange, RuleMove, RuleRemove, CapAdd, CapChange, CapRemove, SplitBegin, SplitEnd, TokenCreate, TokenRevoke, TeamInvite, TeamWithdraw, TeamJoin, TeamRole, TeamRemove, MailResend, SessionBegin, SessionEnd,
	SessionRefuse, PasswordChange}

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
