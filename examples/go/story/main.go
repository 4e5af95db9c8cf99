// The story: open, import, hold, confirm, tickets, feed, and what bad input is answered.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"venue"
)

const slot = "metropolis@2027-01-07T20:00"

// money writes an amount as people read it.
func money(amount venue.Money) string {
	return fmt.Sprintf("%d.%02d %s", amount.Minor/100, amount.Minor%100, amount.Currency)
}

// sell holds, confirms, sells, and gives back.
func sell(engine *venue.Engine, season string) error {
	imported, err := engine.Import(season)
	if err != nil {
		return err
	}
	fmt.Printf("imported: %d slot\n", imported.Created["slots"])
	if err := free(engine); err != nil {
		return err
	}

	var booking venue.Booking
	err = engine.Holding(slot, venue.Ask{Seats: []string{"C-4", "C-5"}}, func(hold venue.Booking) error {
		labels := []string{hold.Units[0].Label, hold.Units[1].Label}
		fmt.Printf("held: %s for %s until %s\n", strings.Join(labels, ", "), money(hold.Total), hold.ExpiresAt)
		_, err := engine.Hold(slot, venue.Ask{Seats: []string{"C-5", "C-6"}})
		var refused *venue.Error
		if !errors.As(err, &refused) || !errors.Is(err, venue.Refused) {
			return fmt.Errorf("a taken seat was not refused: %v", err)
		}
		var taken []struct{ Seat, Why string }
		refused.Detail("seats", &taken)
		fmt.Printf("refused: %s, %s is %s\n", refused.Code, taken[0].Seat, taken[0].Why)
		booking, err = engine.Confirm(hold.ID, venue.Ask{Payment: "card:tx-17"})
		return err
	})
	if err != nil {
		return err
	}
	tickets := booking.Tickets
	fmt.Printf("sold: %d tickets, %s and %s\n", len(tickets), tickets[0].Seat, tickets[1].Seat)

	places, err := engine.Sell(slot, venue.Ask{Area: "Empore", Quantity: 3, Payment: "cash"})
	if err != nil {
		return err
	}
	fmt.Printf("sold: %d places of Empore for %s\n", places.Units[0].Quantity, money(places.Total))

	// Nobody confirms this one: it is given back afterwards.
	nothing := func(venue.Booking) error { return nil }
	if err := engine.Holding(slot, venue.Ask{Seats: []string{"D-1"}}, nothing); err != nil {
		return err
	}
	drawn, err := engine.SlotMap(slot)
	if err != nil {
		return err
	}
	for _, seat := range drawn.Seats {
		if seat.Seat == "D-1" {
			fmt.Printf("given back: D-1 is %s again\n", seat.State)
		}
	}
	if err := free(engine); err != nil {
		return err
	}
	page, err := engine.Feed(venue.Ask{})
	kinds := make([]string, 0, len(page.Items))
	for _, change := range page.Items {
		kinds = append(kinds, change.Kind)
	}
	fmt.Printf("happened: %s\n", strings.Join(kinds, ", "))
	return err
}

func free(engine *venue.Engine) error {
	figures, err := engine.Availability(slot)
	fmt.Printf("free: %d of %d\n", figures.Free, figures.Capacity)
	return err
}

// badInput shows that what is wrong is named, and nothing is half done.
func badInput(engine *venue.Engine) error {
	sold := ""
	err := engine.Bookings(venue.Ask{State: "confirmed", Limit: 1}, func(booking venue.Booking) error {
		if sold == "" {
			sold = booking.Reference
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, ask := range []func() error{
		func() error {
			_, err := engine.Call("hold", map[string]any{"slot": slot, "seets": []string{"A-1"}})
			return err
		},
		func() error { _, err := engine.Call("salute", nil); return err },
		func() error { _, err := engine.Hold("metropolis", venue.Ask{Seats: []string{"A-1"}}); return err },
		func() error { _, err := engine.Hold(slot, venue.Ask{Seats: []string{"Z-99"}}); return err },
		func() error { _, err := engine.Confirm(sold, venue.Ask{}); return err },
	} {
		if err := say(ask()); err != nil {
			return err
		}
	}
	return nil
}

// say prints what an answer was, which has to be an error of VENUE's.
func say(err error) error {
	var no *venue.Error
	if !errors.As(err, &no) {
		return fmt.Errorf("bad input was answered with %v", err)
	}
	name, names := "", []string{}
	if no.Detail("name", &name) || no.Detail("names", &names) {
		fmt.Printf("%s: %s, %s\n", no.Class(), no.Code, name+strings.Join(names, ", "))
	} else {
		fmt.Printf("%s: %s\n", no.Class(), no.Code)
	}
	return nil
}

func tell(season string) error {
	folder, err := os.MkdirTemp("", "venue-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "kino.venue")
	if err := venue.Create(path, venue.NewFile{TestClock: true, Now: "2027-01-01T12:00:00Z"}); err != nil {
		return err
	}
	engine, err := venue.Open(path)
	if err != nil {
		return err
	}
	defer engine.Close()
	if err := sell(engine, season); err != nil {
		return err
	}
	if err := badInput(engine); err != nil {
		return err
	}
	if err := engine.Close(); err != nil {
		return err
	}
	_, err = engine.Doctor()
	if err := say(err); err != nil {
		return err
	}
	again, err := venue.Open(path)
	if err != nil {
		return err
	}
	defer again.Close()
	found, err := again.Doctor()
	if err == nil && !found.OK {
		err = errors.New("doctor: something is wrong")
	}
	if err == nil {
		fmt.Println("doctor: all is well")
	}
	return err
}

func main() {
	season := filepath.Join("..", "data", "kino-season.toml")
	if len(os.Args) > 1 {
		season = os.Args[1]
	}
	if err := tell(season); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
