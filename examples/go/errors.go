package venue

import (
	"encoding/json"
	"fmt"
	"time"
)

// Class says what to do about an error. errors.Is(err, venue.Refused) asks for it.
type Class int

// The classes, by the hundreds of a status.
const (
	Refused Class = 1 // A rule said no. Nothing changed.
	Invalid Class = 2 // The request is wrong. Nothing changed.
	Storage Class = 3 // The file or the machine. Nothing changed.
	Retry   Class = 4 // Not now: ask again at RetryAt. Nothing changed.
	Unknown Class = 5 // Nobody knows whether it was done: ask again with the same key.
	Bug     Class = 7 // Our mistake. Nothing is lost.
)

var classNames = map[Class]string{
	Refused: "refused", Invalid: "invalid", Storage: "storage", Retry: "retry", Unknown: "unknown", Bug: "bug",
}

// Error makes a class comparable with errors.Is.
func (c Class) Error() string { return classNames[c] }

// Error is an answer that is not "done".
type Error struct {
	// Status is the number in venue.h; its hundreds are the class.
	Status int
	// Code is the stable name: seats_taken, hold_expired ..
	Code string
	// Message is the fact, for people.
	Message string
	// Details are the facts by name, such as seats of seats_taken: see Detail.
	Details map[string]json.RawMessage
	// Key is the idempotency key that the request had.
	Key string
	// RetryAt is when asking again makes sense; zero if that is not known.
	RetryAt time.Time
}

// Error gives the code and the message.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Class gives the class.
func (e *Error) Class() Class {
	if class := Class(e.Status / 100); classNames[class] != "" {
		return class
	}
	return Bug
}

// Is makes errors.Is(err, venue.Refused) work.
func (e *Error) Is(target error) bool {
	class, ok := target.(Class)
	return ok && class == e.Class()
}

// Detail reads one of the facts; false if there is none of this name and shape.
func (e *Error) Detail(name string, value any) bool {
	raw, ok := e.Details[name]
	return ok && json.Unmarshal(raw, value) == nil
}

func errorFrom(status int, text []byte) error {
	var object struct {
		Data struct {
			Code    string                     `json:"code"`
			Message string                     `json:"message"`
			Details map[string]json.RawMessage `json:"details"`
			Key     string                     `json:"key"`
			RetryAt time.Time                  `json:"retry_at"`
		} `json:"data"`
	}
	if json.Unmarshal(text, &object) != nil || object.Data.Code == "" {
		return &Error{Status: status, Code: "bug", Message: fmt.Sprintf("status %d without an error text", status)}
	}
	data := object.Data
	return &Error{status, data.Code, data.Message, data.Details, data.Key, data.RetryAt}
}
