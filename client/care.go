package client

import (
	"context"
	"iter"
	"net/http"
	"time"
)

// Group is a drawer into which a program sorts its partners. A partnership is in one or in none; partners do not know of it.
type Group struct {
	ID        string    `json:"id" doc:"Id of the group." example:"grp_06a1b2c3d4e5f6g7h8j9kmnp"`
	Program   string    `json:"program" doc:"Id of the program." example:"prg_06a1b2c3d4e5f6g7h8j9kmnp"`
	Name      string    `json:"name" doc:"Its name, unique in the program." example:"Content"`
	Colour    string    `json:"colour" doc:"Its colour on the pages." enum:"teal,orange,violet,green,pink,slate" example:"teal"`
	Members   int64     `json:"members" doc:"How many partnerships are in it." example:"12"`
	CreatedAt time.Time `json:"created_at" doc:"When it was made."`
}

// NewGroup is a group to be made.
type NewGroup struct {
	Name   string `json:"name" doc:"At most 60 characters, unique in the program." example:"Content"`
	Colour string `json:"colour,omitempty" doc:"teal (when left out), orange, violet, green, pink or slate." example:"teal"`
}

// GroupChange is a group to be written anew. What is left out stays as it is.
type GroupChange struct {
	Name   *string `json:"name,omitempty" doc:"At most 60 characters, unique in the program." example:"Content"`
	Colour *string `json:"colour,omitempty" doc:"teal, orange, violet, green, pink or slate." example:"orange"`
}

// Dissolution says where a group's partners go.
type Dissolution struct {
	Into string `json:"into,omitempty" doc:"Id of the group that takes them in; left out: they are in none."`
}

// Tag is a word that a program's partnerships have.
type Tag struct {
	Tag     string `json:"tag" doc:"The word, in small letters." example:"winter campaign"`
	Members int64  `json:"members" doc:"How many partnerships have it." example:"3"`
}

// Care is what the brand keeps about a partnership. What is left out stays as it is.
type Care struct {
	Group   *string  `json:"group,omitempty" doc:"Id of a group of the program; empty for none." example:"grp_06a1b2c3d4e5f6g7h8j9kmnp"`
	Manager *string  `json:"manager,omitempty" doc:"Id of the person of the team who looks after the partner; empty for nobody."`
	Tags    []string `json:"tags,omitempty" maxItems:"50" doc:"All tags that it shall have, each of at most 40 characters. An empty list takes all away." example:"[\"winter campaign\"]"`
}

// Note is what somebody of the brand wrote down about a partner, for the brand alone.
type Note struct {
	ID          string     `json:"id" doc:"Id of the note." example:"nte_06a1b2c3d4e5f6g7h8j9kmnp"`
	Partnership string     `json:"partnership" doc:"Which partnership it is about." example:"pts_06a1b2c3d4e5f6g7h8j9kmnp"`
	Author      string     `json:"author" doc:"Id of the person or the token that wrote it."`
	AuthorName  string     `json:"author_name" doc:"The author's name." example:"Jonas Adler"`
	Text        string     `json:"text" doc:"What was written; empty when it was deleted." example:"Prefers a call to a mail."`
	Pinned      bool       `json:"pinned" doc:"True when it stands before the others."`
	CreatedAt   time.Time  `json:"created_at" doc:"When it was written."`
	EditedAt    *time.Time `json:"edited_at" doc:"When it was written anew; null when it was not."`
	DeletedAt   *time.Time `json:"deleted_at" doc:"When its author deleted it; null when it stands."`
}

// NewNote is a note to be written.
type NewNote struct {
	Text   string `json:"text" doc:"1 to 4000 characters." example:"Prefers a call to a mail."`
	Pinned bool   `json:"pinned,omitempty" doc:"True puts it before the others."`
}

// NoteChange is a note to be written anew. What is left out stays as it is.
type NoteChange struct {
	Text   *string `json:"text,omitempty" doc:"1 to 4000 characters; only who wrote the note may change them."`
	Pinned *bool   `json:"pinned,omitempty" doc:"Whether it stands before the others; anybody may say so."`
}

// Property is a place in which a partner reaches people, by the partner's own word.
type Property struct {
	ID          string     `json:"id" doc:"Id of the property." example:"ppt_06a1b2c3d4e5f6g7h8j9kmnp"`
	Kind        string     `json:"kind" doc:"What it is." enum:"website,channel,newsletter,podcast,app,shop" example:"website"`
	Address     string     `json:"address" doc:"Web address." example:"https://anna.example.com/"`
	Audience    int64      `json:"audience" doc:"People a month; 0 when not said." example:"40000"`
	ConfirmedAt *time.Time `json:"confirmed_at" doc:"When somebody of the brand confirmed that it is the partner's; null when nobody has."`
	CreatedAt   time.Time  `json:"created_at" doc:"When it was added."`
}

// NewProperty is a property to be added.
type NewProperty struct {
	Kind     string `json:"kind" doc:"website, channel, newsletter, podcast, app or shop." example:"website"`
	Address  string `json:"address" doc:"Web address." example:"https://anna.example.com/"`
	Audience int64  `json:"audience,omitempty" doc:"People a month." example:"40000"`
}

// Groups are a program's groups, in its order.
func (c *Client) Groups(ctx context.Context, program string) iter.Seq2[Group, error] {
	return list[Group](ctx, c, path("programs", program, "groups"), nil)
}

// CreateGroup makes a group.
func (c *Client) CreateGroup(ctx context.Context, program string, n NewGroup) (Group, error) {
	return write[Group](ctx, c, http.MethodPost, path("programs", program, "groups"), n)
}

// ChangeGroup gives a group another name or colour.
func (c *Client) ChangeGroup(ctx context.Context, id string, change GroupChange) (Group, error) {
	return write[Group](ctx, c, http.MethodPatch, path("groups", id), change)
}

// DissolveGroup takes a group away, and merges its partners into another where one is named.
func (c *Client) DissolveGroup(ctx context.Context, id string, d Dissolution) (Group, error) {
	return write[Group](ctx, c, http.MethodPost, path("groups", id, "dissolve"), d)
}

// Tags are the words that a program's partnerships have.
func (c *Client) Tags(ctx context.Context, program string) iter.Seq2[Tag, error] {
	return list[Tag](ctx, c, path("programs", program, "tags"), nil)
}

// ChangePartnership writes down what the brand keeps about a partnership.
func (c *Client) ChangePartnership(ctx context.Context, id string, care Care) (Partnership, error) {
	return write[Partnership](ctx, c, http.MethodPatch, path("partnerships", id), care)
}

// Notes are those about a partnership, the newest first.
func (c *Client) Notes(ctx context.Context, partnership string) iter.Seq2[Note, error] {
	return list[Note](ctx, c, path("partnerships", partnership, "notes"), nil)
}

// WriteNote adds a note about a partnership.
func (c *Client) WriteNote(ctx context.Context, partnership string, n NewNote) (Note, error) {
	return write[Note](ctx, c, http.MethodPost, path("partnerships", partnership, "notes"), n)
}

// ChangeNote writes a note anew, or pins it.
func (c *Client) ChangeNote(ctx context.Context, id string, change NoteChange) (Note, error) {
	return write[Note](ctx, c, http.MethodPatch, path("notes", id), change)
}

// DeleteNote takes a note's text away. That there was one remains.
func (c *Client) DeleteNote(ctx context.Context, id string) (Note, error) {
	return write[Note](ctx, c, http.MethodDelete, path("notes", id), nil)
}

// Properties are those of a partnership's partner.
func (c *Client) Properties(ctx context.Context, partnership string) iter.Seq2[Property, error] {
	return list[Property](ctx, c, path("partnerships", partnership, "properties"), nil)
}

// AddProperty adds a property to a partnership's partner.
func (c *Client) AddProperty(ctx context.Context, partnership string, n NewProperty) (Property, error) {
	return write[Property](ctx, c, http.MethodPost, path("partnerships", partnership, "properties"), n)
}

// ConfirmProperty says that somebody of the brand has looked, and that the property is the partner's.
func (c *Client) ConfirmProperty(ctx context.Context, partnership, id string) (Property, error) {
	return write[Property](ctx, c, http.MethodPost, path("partnerships", partnership, "properties", id, "confirm"), nil)
}

// RemoveProperty takes a property away from a partnership's partner.
func (c *Client) RemoveProperty(ctx context.Context, partnership, id string) (Property, error) {
	return write[Property](ctx, c, http.MethodDelete, path("partnerships", partnership, "properties", id), nil)
}
