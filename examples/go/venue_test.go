package venue_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"venue"
)

const slot = "metropolis@2027-01-07T20:00"

// boxOffice gives an open engine on a file of its own with the season of the story, and looks at the end whether all is well.
func boxOffice(t *testing.T) *venue.Engine {
	t.Helper()
	path := filepath.Join(t.TempDir(), "kino.venue")
	if err := venue.Create(path, venue.NewFile{TestClock: true, Now: "2027-01-01T12:00:00Z"}); err != nil {
		t.Fatal(err)
	}
	engine := open(t, path)
	if _, err := engine.Import(filepath.Join("..", "data", "kino-season.toml")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
		again := open(t, path)
		defer again.Close()
		found, err := again.Doctor()
		if err != nil || !found.OK {
			t.Error(found, err)
		}
	})
	return engine
}

func open(t *testing.T, path string) *venue.Engine {
	t.Helper()
	engine, err := venue.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

func free(t *testing.T, engine *venue.Engine) int {
	t.Helper()
	figures, err := engine.Availability(slot)
	if err != nil {
		t.Fatal(err)
	}
	return figures.Free
}

// fails wants an error of this class and code, and gives it.
func fails(t *testing.T, err error, class venue.Class, code string) *venue.Error {
	t.Helper()
	var no *venue.Error
	if !errors.As(err, &no) || !errors.Is(err, class) || no.Code != code {
		t.Fatalf("%v is not %v %s", err, class, code)
	}
	return no
}

func TestAHoldThatIsNotConfirmedIsGivenBackAlsoWhenItsActFailsOrPanics(t *testing.T) {
	engine := boxOffice(t)
	declined := errors.New("the card was declined")
	ask := venue.Ask{Area: "Empore", Quantity: 5}
	err := engine.Holding(slot, ask, func(venue.Booking) error {
		if free(t, engine) != 55 {
			t.Error("nothing is held")
		}
		return declined
	})
	if !errors.Is(err, declined) {
		t.Error(err)
	}
	func() {
		defer func() { _ = recover() }()
		_ = engine.Holding(slot, ask, func(venue.Booking) error { panic("at the till") })
	}()
	if free(t, engine) != 60 {
		t.Error("a hold was left behind")
	}
}

func TestAConfirmedHoldStaysSoldAndAnUnknownOneIsLeftAlone(t *testing.T) {
	engine := boxOffice(t)
	err := engine.Holding(slot, venue.Ask{Seats: []string{"A-1"}}, func(hold venue.Booking) error {
		booking, err := engine.Confirm(hold.ID, venue.Ask{Payment: "card:tx-1:11.50"})
		if err == nil && booking.Tickets[0].Number != hold.Reference+"-01" {
			t.Error(booking.Tickets)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	unknown := &venue.Error{Status: 501, Code: "unknown", Key: "order-17"}
	held := ""
	err = engine.Holding(slot, venue.Ask{Seats: []string{"A-2"}}, func(hold venue.Booking) error {
		held = hold.ID
		return unknown
	})
	if !errors.Is(err, venue.Unknown) {
		t.Error(err)
	}
	if booking, err := engine.Booking(held); err != nil || booking.State != "held" {
		t.Error(booking.State, err)
	}
}

func TestAPublicBuyerNeedsTheToken(t *testing.T) {
	engine := boxOffice(t)
	engine.Caller = &venue.Caller{Role: "public", Address: "192.0.2.7"}
	hold, err := engine.Hold(slot, venue.Ask{Seats: []string{"A-1"}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = engine.Confirm(hold.ID, venue.Ask{})
	fails(t, err, venue.Refused, "forbidden")
	if _, err = engine.Confirm(hold.ID, venue.Ask{Token: hold.Token}); err != nil {
		t.Error(err)
	}
}

func TestListsComeWholeWhateverTheSizeOfAPage(t *testing.T) {
	engine := boxOffice(t)
	for _, seat := range strings.Fields("A-1 A-2 A-3 A-4 A-5 A-6 A-7") {
		if _, err := engine.Sell(slot, venue.Ask{Seats: []string{seat}, Buyer: "b1"}); err != nil {
			t.Fatal(err)
		}
	}
	for _, limit := range []int{1, 3, 7, 100} {
		seen := map[string]bool{}
		err := engine.Bookings(venue.Ask{State: "confirmed", Limit: limit}, func(booking venue.Booking) error {
			seen[booking.ID] = true
			return nil
		})
		if err != nil || len(seen) != 7 {
			t.Error(limit, len(seen), err)
		}
	}
	enough := errors.New("enough")
	if err := engine.Slots(venue.Ask{}, func(venue.Slot) error { return enough }); !errors.Is(err, enough) {
		t.Error(err)
	}
}

func TestWhatIsWrongIsNamedAndNothingIsTaken(t *testing.T) {
	engine := boxOffice(t)
	seat := []string{"A-1"}
	for name, members := range map[string]map[string]any{
		"seets":    {"slot": slot, "seets": seat},
		"slot":     {"seats": seat},
		"quantity": {"slot": slot, "area": "Empore", "quantity": "two"},
		"ttl":      {"slot": slot, "seats": seat, "ttl": "400d"},
		"buyer":    {"slot": slot, "seats": seat, "buyer": "a\x00b"},
		"caller":   {"slot": slot, "seats": seat, "caller": map[string]string{"role": "king"}},
	} {
		_, err := engine.Call("hold", members)
		named := ""
		if !fails(t, err, venue.Invalid, "argument").Detail("name", &named) || named != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := engine.Call("in\x00fo", nil)
	fails(t, err, venue.Invalid, "bad_text")
	_, err = engine.Call("in\xfffo", nil)
	fails(t, err, venue.Invalid, "bad_text")
	_, err = engine.Call("info", map[string]string{"x": strings.Repeat("x", 2<<20)})
	fails(t, err, venue.Invalid, "too_large")
	if _, err = engine.Call("hold", func() {}); err == nil {
		t.Error("a function was sent")
	}
	if free(t, engine) != 60 {
		t.Error("something was taken")
	}
}

func TestWhatARuleRefusesHasTheFacts(t *testing.T) {
	engine := boxOffice(t)
	_, err := engine.Sell(slot, venue.Ask{Area: "Empore", Quantity: 11})
	limit := 0
	if !fails(t, err, venue.Refused, "booking_limit").Detail("limit", &limit) || limit != 10 {
		t.Error(limit)
	}
	_, err = engine.Sell(slot, venue.Ask{Seats: []string{"Z-1"}})
	no := fails(t, err, venue.Refused, "not_found")
	if no.Detail("nothing", &limit) || no.Error() == "" || no.Class().Error() != "refused" {
		t.Error(no)
	}
	if (&venue.Error{Status: 999}).Class() != venue.Bug {
		t.Error("a class of tomorrow is not ours to judge")
	}
}

func TestAFileThatIsNoneIsLeftAloneAndAClosedEngineSaysSo(t *testing.T) {
	engine := boxOffice(t)
	poem := filepath.Join(t.TempDir(), "poem.txt")
	lines := strings.Repeat("Nel mezzo del cammin di nostra vita\n", 40)
	if err := os.WriteFile(poem, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, code := range map[string]string{poem: "foreign_file", poem + ".not": "no_file"} {
		_, err := venue.Open(path)
		fails(t, err, venue.Storage, code)
	}
	if text, err := os.ReadFile(poem); err != nil || string(text) != lines {
		t.Error("the poem has changed", err)
	}
	for _, path := range []string{"", ":memory:", "file:x"} {
		_, err := venue.Open(path)
		fails(t, err, venue.Invalid, "bad_path")
	}
	if err := engine.Close(); err != nil {
		t.Error(err)
	}
	_, err := engine.Call("info", nil)
	fails(t, err, venue.Invalid, "bad_handle")
}

func TestTwentyGoroutinesSellASeatOnceAndTheSameKeySellsOnce(t *testing.T) {
	engine := boxOffice(t)
	var group sync.WaitGroup
	var lock sync.Mutex
	sold, references := 0, map[string]bool{}
	for n := 0; n < 20; n++ {
		group.Add(1)
		go func() {
			defer group.Done()
			_, err := engine.Sell(slot, venue.Ask{Seats: []string{"A-1"}})
			booking, again := engine.Sell(slot, venue.Ask{Seats: []string{"B-1"}, IdempotencyKey: "order-17"})
			lock.Lock()
			defer lock.Unlock()
			if err == nil {
				sold++
			} else if !errors.Is(err, venue.Refused) {
				t.Error(err)
			}
			if again != nil {
				t.Error(again)
			}
			references[booking.Reference] = true
		}()
	}
	group.Wait()
	if sold != 1 || len(references) != 1 {
		t.Error(sold, references)
	}
}

func TestAFollowerHearsOfASaleWhileOthersWork(t *testing.T) {
	engine := boxOffice(t)
	heard := make(chan string, 1)
	enough := errors.New("enough")
	go func() {
		kinds := []string{}
		err := engine.Follow(context.Background(), venue.Ask{Event: "metropolis"}, func(change venue.Change) error {
			kinds = append(kinds, change.Kind)
			if change.Kind == "booking.confirmed" {
				return enough
			}
			return nil
		})
		if !errors.Is(err, enough) {
			t.Error(err)
		}
		heard <- strings.Join(kinds, " ")
	}()
	nothing := func(venue.Booking) error { return nil }
	if err := engine.Holding(slot, venue.Ask{Seats: []string{"A-1"}}, nothing); err != nil {
		t.Fatal(err)
	}
	if _, err := engine.Sell(slot, venue.Ask{Seats: []string{"A-1"}}); err != nil {
		t.Fatal(err)
	}
	if kinds := <-heard; kinds != "booking.held booking.released booking.confirmed" {
		t.Error(kinds)
	}
	ended, end := context.WithCancel(context.Background())
	end()
	nobody := func(venue.Change) error { return nil }
	if err := engine.Follow(ended, venue.Ask{}, nobody); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	for code, ask := range map[string]venue.Ask{
		"bad_cursor": {After: "yesterday"},
		"argument":   {Caller: &venue.Caller{Role: "king"}},
		"not_found":  {Event: "nosferatu"},
		"bad_text":   {Event: "a\x00b"},
	} {
		var no *venue.Error
		if err := engine.Follow(context.Background(), ask, nobody); !errors.As(err, &no) || no.Code != code {
			t.Error(code, err)
		}
	}
}

func TestAskingAgainEndsWithAnAnswerOrWithPatience(t *testing.T) {
	engine := boxOffice(t)
	key, err := venue.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	troubles := []error{&venue.Error{Status: 401, Code: "busy"}, &venue.Error{Status: 501, Code: "unknown"}}
	err = venue.Insist(context.Background(), 5, func() error {
		if len(troubles) > 0 {
			trouble := troubles[0]
			troubles = troubles[1:]
			return trouble
		}
		_, err := engine.Sell(slot, venue.Ask{Seats: []string{"A-1"}, IdempotencyKey: key})
		return err
	})
	if err != nil || free(t, engine) != 59 {
		t.Error(err)
	}
	asked := 0
	busy := func() error { asked++; return &venue.Error{Status: 401, Code: "busy"} }
	if err := venue.Insist(context.Background(), 3, busy); !errors.Is(err, venue.Retry) || asked != 3 {
		t.Error(asked, err)
	}
	refused := func() error { asked++; return &venue.Error{Status: 122, Code: "sold_out"} }
	if err := venue.Insist(context.Background(), 3, refused); !errors.Is(err, venue.Refused) || asked != 4 {
		t.Error(asked, err)
	}
}

func TestACopyIsMadeWhileTheFileIsOpen(t *testing.T) {
	engine := boxOffice(t)
	booking, err := engine.Sell(slot, venue.Ask{Seats: []string{"A-1", "A-2"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = engine.Cancel(booking.ID, venue.Ask{Line: []int{1}, Reason: "ill"}); err != nil {
		t.Fatal(err)
	}
	target := filepath.Join(t.TempDir(), "copy.venue")
	if _, err = engine.Backup(target); err != nil {
		t.Fatal(err)
	}
	copied := open(t, target)
	defer copied.Close()
	if free(t, copied) != 59 || !strings.Contains(venue.Version(), ".") {
		t.Error("the copy is another")
	}
	_, err = engine.Backup(target)
	fails(t, err, venue.Storage, "target_exists")
}
