// Package venue is VENUE, the embeddable booking engine, from Go.
//
// It needs libvenue and its header: see README.md.
package venue

import (
	"context"
	"encoding/json"
	"errors"
	"sync/atomic"
)

// waitMS is how long a follower waits in one call, and so how late it notices that its context has ended.
const waitMS = 100

// NewFile says what a new file is to be. A file with a test clock never reads the wall clock: it stands at Now.
type NewFile struct {
	TestClock bool
	Now       string
}

// Create makes a file and its secret, both whole or absent; a VENUE file that is there is left as it is.
func Create(path string, file NewFile) error {
	if err := checkInterface(); err != nil {
		return err
	}
	return libraryCreate([]byte(path), file.TestClock, []byte(file.Now))
}

// Engine is an open file. Any number of goroutines may use it at once.
type Engine struct {
	// Caller is who asks where a request does not say it itself.
	Caller *Caller
	handle atomic.Uint64
}

// Open opens a file that exists.
func Open(path string) (*Engine, error) {
	if err := checkInterface(); err != nil {
		return nil, err
	}
	handle, err := libraryOpen([]byte(path))
	if err != nil {
		return nil, err
	}
	engine := &Engine{}
	engine.handle.Store(handle)
	return engine, nil
}

// Close closes the file. Calls in flight end first; closing twice does nothing.
func (e *Engine) Close() error {
	if handle := e.handle.Swap(0); handle != 0 {
		return libraryClose(handle)
	}
	return nil
}

// Call does what the verb of this name does: members in, the reply's data out. Members are the options of the command
// line in snake_case; docs/schema.json has all verbs. nil is no members.
func (e *Engine) Call(name string, members any) (json.RawMessage, error) {
	request := []byte{}
	if members != nil {
		var err error
		if request, err = json.Marshal(members); err != nil {
			return nil, err
		}
	}
	reply, err := libraryCall(e.handle.Load(), []byte(name), request)
	if err != nil {
		return nil, err
	}
	return read[json.RawMessage](reply)
}

// read gives the data of a reply.
func read[T any](reply []byte) (T, error) {
	var object struct {
		Data T `json:"data"`
	}
	err := json.Unmarshal(reply, &object)
	return object.Data, err
}

// CallAs is Call with the reply's shape, and the engine's caller where the request names none.
func CallAs[T any](e *Engine, name string, ask Ask) (T, error) {
	var data T
	if ask.Caller == nil {
		ask.Caller = e.Caller
	}
	reply, err := e.Call(name, ask)
	if err == nil {
		err = json.Unmarshal(reply, &data)
	}
	return data, err
}

// Hold takes units for a while. Its Token is to be given to Confirm, Extend and Release by callers who are no staff.
func (e *Engine) Hold(slot string, ask Ask) (Booking, error) {
	ask.Slot = slot
	return CallAs[Booking](e, "hold", ask)
}

// Holding takes units for the time of act, and gives them back after it unless it confirmed them. After an Unknown it does
// not: the confirm may have been done, and is to be asked again with its key.
func (e *Engine) Holding(slot string, ask Ask, act func(hold Booking) error) error {
	hold, err := e.Hold(slot, ask)
	if err != nil {
		return err
	}
	failed := true
	defer func() {
		if failed { // act panicked: the panic is the news.
			_ = e.giveBack(hold, ask)
		}
	}()
	err = act(hold)
	failed = false
	if errors.Is(err, Unknown) {
		return err
	}
	if released := e.giveBack(hold, ask); err == nil {
		err = released
	}
	return err
}

// giveBack releases a hold; one that was confirmed or ended is left as it is.
func (e *Engine) giveBack(hold Booking, ask Ask) error {
	_, err := e.Release(hold.ID, Ask{Token: hold.Token, Caller: ask.Caller})
	if errors.Is(err, Refused) {
		return nil
	}
	return err
}

// Sell holds and confirms in one step: what a box office does.
func (e *Engine) Sell(slot string, ask Ask) (Booking, error) {
	ask.Slot = slot
	return CallAs[Booking](e, "sell", ask)
}

// Confirm makes a hold final: the booking that is answered has the tickets.
func (e *Engine) Confirm(booking string, ask Ask) (Booking, error) {
	ask.Booking = booking
	return CallAs[Booking](e, "confirm", ask)
}

// Extend gives a hold its time again, within the event's bound.
func (e *Engine) Extend(booking string, ask Ask) (Booking, error) {
	ask.Booking = booking
	return CallAs[Booking](e, "extend", ask)
}

// Release gives a hold's units back.
func (e *Engine) Release(booking string, ask Ask) (Booking, error) {
	ask.Booking = booking
	return CallAs[Booking](e, "release", ask)
}

// Cancel undoes a confirmed booking, or only some of its lines.
func (e *Engine) Cancel(booking string, ask Ask) (Booking, error) {
	ask.Booking = booking
	return CallAs[Booking](e, "cancel", ask)
}

// Availability gives a slot's figures, as of now.
func (e *Engine) Availability(slot string) (Slot, error) {
	return CallAs[Slot](e, "slot_show", Ask{Slot: slot})
}

// SlotMap gives a slot's figures and every seat's state.
func (e *Engine) SlotMap(slot string) (Slot, error) {
	return CallAs[Slot](e, "slot_map", Ask{Slot: slot})
}

// Booking gives a booking by id or reference.
func (e *Engine) Booking(booking string) (Booking, error) {
	return CallAs[Booking](e, "booking_show", Ask{Booking: booking})
}

// Bookings gives every booking, page by page, to visit, until that fails or all were seen.
func (e *Engine) Bookings(ask Ask, visit func(Booking) error) error {
	return each(e, "booking_list", ask, visit)
}

// Slots gives every slot, page by page, to visit.
func (e *Engine) Slots(ask Ask, visit func(Slot) error) error {
	return each(e, "slot_list", ask, visit)
}

func each[T any](e *Engine, name string, ask Ask, visit func(T) error) error {
	for {
		page, err := CallAs[Page[T]](e, name, ask)
		if err != nil {
			return err
		}
		for _, item := range page.Items {
			if err := visit(item); err != nil {
				return err
			}
		}
		if ask.After = page.Next; page.Next == "" {
			return nil
		}
	}
}

// Feed gives what happened after a cursor, in order. The page's Next is where to go on, also when nothing happened.
func (e *Engine) Feed(ask Ask) (Page[Change], error) {
	return CallAs[Page[Change]](e, "feed", ask)
}

// Follow gives every change after ask.After to visit, and waits for more until the context ends or visit fails.
func (e *Engine) Follow(ctx context.Context, ask Ask, visit func(Change) error) error {
	if ask.Caller == nil {
		ask.Caller = e.Caller
	}
	for {
		reply, err := libraryFeedNext(e.handle.Load(), ask, waitMS)
		if err != nil {
			return err
		}
		page, err := read[Page[Change]](reply)
		if err != nil {
			return err
		}
		ask.After = page.Next
		for _, change := range page.Items {
			if err := visit(change); err != nil {
				return err
			}
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// Import reads seasons (.toml) and plans (.json), whole or not at all.
func (e *Engine) Import(files ...string) (Imported, error) {
	members := struct {
		Files  []string `json:"files"`
		Caller *Caller  `json:"caller,omitempty"`
	}{files, e.Caller}
	reply, err := e.Call("import", members)
	if err != nil {
		return Imported{}, err
	}
	var done Imported
	return done, json.Unmarshal(reply, &done)
}

// Backup copies the file while sales go on. The target must not exist.
func (e *Engine) Backup(file string) (BackedUp, error) {
	var done BackedUp
	reply, err := e.Call("backup", map[string]string{"file": file})
	if err == nil {
		err = json.Unmarshal(reply, &done)
	}
	return done, err
}

// Doctor recomputes everything from its rows. OK says whether all is as it should be.
func (e *Engine) Doctor() (Diagnosis, error) {
	return CallAs[Diagnosis](e, "doctor", Ask{})
}
