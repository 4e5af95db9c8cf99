package venue_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"venue"
)

// The pieces of the pages, as they stand there: TestThePagesShowWhatRuns compares them, and runs each on a new file.

func makeAndSell(engine *venue.Engine) error {
	slot := "metropolis@2027-01-07T20:00"
	ask := venue.Ask{Seats: []string{"C-4", "C-5"}, TTL: "5m"}
	err := engine.Holding(slot, ask, func(hold venue.Booking) error {
		fmt.Println(hold.Total.Minor, hold.ExpiresAt) // here the buyer pays
		booking, err := engine.Confirm(hold.ID, venue.Ask{Payment: "card:tx-17"})
		for _, ticket := range booking.Tickets {
			fmt.Println(ticket.Number, ticket.Seat)
		}
		return err
	})
	if err != nil {
		return err
	}
	_, err = engine.Sell(slot, venue.Ask{Area: "Empore", Quantity: 2}) // hold and confirm in one step
	return err
}

func asThePublic(engine *venue.Engine) error {
	public := &venue.Caller{Role: "public", Address: "192.0.2.7"}
	hold, err := engine.Hold("metropolis@2027-01-07T20:00", venue.Ask{Seats: []string{"C-4"}, Caller: public})
	if err != nil {
		return err
	}
	_, err = engine.Confirm(hold.ID, venue.Ask{Token: hold.Token, Caller: public})
	return err
}

func insisting(engine *venue.Engine) error {
	ctx, slot := context.Background(), "metropolis@2027-01-07T20:00"
	ask := venue.Ask{Seats: []string{"C-4"}, IdempotencyKey: "order-1017"}
	err := venue.Insist(ctx, 5, func() error {
		_, err := engine.Sell(slot, ask)
		return err
	})
	if err != nil {
		return err
	}
	_, err = engine.Hold(slot, venue.Ask{Seats: []string{"C-4", "C-6"}})
	var no *venue.Error
	if errors.Is(err, venue.Refused) && errors.As(err, &no) {
		var taken []struct{ Seat, Why string }
		no.Detail("seats", &taken)
		fmt.Println(no.Code, taken) // seats_taken [{C-4 sold}]
		return nil
	}
	return err
}

func following(engine *venue.Engine) error {
	show := func(change venue.Change) error {
		fmt.Println(change.Sequence, change.Kind)
		return nil
	}
	page, err := engine.Feed(venue.Ask{Limit: 1000})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	err = engine.Follow(ctx, venue.Ask{After: page.Next}, show)
	if errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}

func opening(season string) error {
	if err := venue.Create("kino.venue", venue.NewFile{}); err != nil { // makes the file, if it is not there
		return err
	}
	engine, err := venue.Open("kino.venue")
	if err != nil {
		return err
	}
	defer engine.Close()
	_, err = engine.Import(season)
	return err
}

func ofTheFirstPage() error {
	engine, err := venue.Open("kino.venue")
	if err != nil {
		return err
	}
	defer engine.Close()
	booking, err := engine.Sell("metropolis@2027-01-07T20:00", venue.Ask{Seats: []string{"C-4", "C-5"}, Payment: "card:tx-17"})
	if errors.Is(err, venue.Refused) {
		fmt.Println("not these seats:", err)
	}
	for _, ticket := range booking.Tickets {
		fmt.Println(ticket.Number, ticket.Seat)
	}
	return err
}

func TestThePagesShowWhatRuns(t *testing.T) {
	source, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"README.md", filepath.Join("..", "..", "README.md")} {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		pieces := strings.Split(string(text), "```go\n")[1:]
		if len(pieces) == 0 {
			t.Error(path, "shows nothing")
		}
		for _, piece := range pieces {
			piece, _, _ = strings.Cut(piece, "```")
			indented := "\t" + strings.ReplaceAll(strings.TrimSuffix(piece, "\n"), "\n", "\n\t") + "\n"
			indented = strings.ReplaceAll(indented, "\n\t\n", "\n\n")
			if !strings.Contains(string(source), indented) {
				t.Errorf("%s shows what does not run here:\n%s", path, piece)
			}
		}
	}
	for _, piece := range []func(*venue.Engine) error{makeAndSell, asThePublic, insisting, following} {
		if err := piece(boxOffice(t)); err != nil {
			t.Error(err)
		}
	}
}

func TestTheFirstPieceMakesAFileAndTheFirstPagesSellsFromIt(t *testing.T) {
	season, err := filepath.Abs(filepath.Join("..", "data", "kino-season.toml"))
	if err != nil {
		t.Fatal(err)
	}
	before, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chdir(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.Chdir(before) }()
	if err := venue.Create("kino.venue", venue.NewFile{TestClock: true, Now: "2027-01-01T12:00:00Z"}); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{opening(season), ofTheFirstPage()} {
		if err != nil {
			t.Error(err)
		}
	}
}
