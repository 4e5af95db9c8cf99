package venue

// The shapes of replies; members are only ever added. Instants are texts, 2027-01-01T12:00:00.000000Z.

// Money is an amount in minor units: 3200 of EUR are 32.00.
type Money struct {
	Minor    int64  `json:"minor"`
	Currency string `json:"currency"`
}

// Unit is a line of a booking: a seat, or places of an area.
type Unit struct {
	Line     int    `json:"line"`
	Seat     string `json:"seat"`
	Label    string `json:"label"`
	Area     string `json:"area"`
	Quantity int    `json:"quantity"`
	Category string `json:"category"`
	Price    Money  `json:"price"`
}

// Ticket admits one person.
type Ticket struct {
	ID     string `json:"id"`
	Number string `json:"number"`
	Seat   string `json:"seat"`
	Area   string `json:"area"`
}

// Booking is the whole record, born held.
type Booking struct {
	ID        string   `json:"id"`
	Reference string   `json:"reference"`
	State     string   `json:"state"`
	Event     string   `json:"event"`
	Slot      string   `json:"slot"`
	Buyer     string   `json:"buyer"`
	Units     []Unit   `json:"units"`
	Total     Money    `json:"total"`
	CreatedAt string   `json:"created_at"`
	ExpiresAt string   `json:"expires_at"`
	EndedAt   string   `json:"ended_at"`
	EndedWhy  string   `json:"ended_why"`
	Tickets   []Ticket `json:"tickets"`
	// Token only stands in the answer of hold: confirm, extend and release ask for it.
	Token string `json:"token"`
}

// Area has the figures of an area: Capacity = Sold + Held + House + Killed + Free.
type Area struct {
	Area     string `json:"area"`
	Category string `json:"category"`
	Capacity int    `json:"capacity"`
	Sold     int    `json:"sold"`
	Held     int    `json:"held"`
	House    int    `json:"house"`
	Killed   int    `json:"killed"`
	Free     int    `json:"free"`
}

// Category has a category's price and what is free of it.
type Category struct {
	Category string `json:"category"`
	Price    *Money `json:"price"`
	Capacity int    `json:"capacity"`
	Free     int    `json:"free"`
}

// Seat is a seat of a slot, and whose it is: free, held, sold, house or killed.
type Seat struct {
	Seat       string `json:"seat"`
	Label      string `json:"label"`
	Row        string `json:"row"`
	Category   string `json:"category"`
	Accessible bool   `json:"accessible"`
	State      string `json:"state"`
}

// Slot is one bookable occurrence of an event, and its figures as of now. Seats only stand in a map.
type Slot struct {
	ID         string     `json:"id"`
	Event      string     `json:"event"`
	Hall       string     `json:"hall"`
	StartsAt   string     `json:"starts_at"`
	EndsAt     string     `json:"ends_at"`
	Local      string     `json:"local"`
	State      string     `json:"state"`
	Capacity   int        `json:"capacity"`
	Sold       int        `json:"sold"`
	Held       int        `json:"held"`
	House      int        `json:"house"`
	Killed     int        `json:"killed"`
	Free       int        `json:"free"`
	Categories []Category `json:"categories"`
	Areas      []Area     `json:"areas"`
	Seats      []Seat     `json:"seats"`
}

// Change is what happened. Booking is the booking as it was after the change.
type Change struct {
	Cursor   string   `json:"cursor"`
	Shard    int      `json:"shard"`
	Sequence int64    `json:"sequence"`
	At       string   `json:"at"`
	Kind     string   `json:"kind"`
	Event    string   `json:"event"`
	Slot     string   `json:"slot"`
	Booking  *Booking `json:"booking"`
	DueAt    string   `json:"due_at"`
}

// Page is a part of a list; Next is where the next one begins, empty at the end. A feed's page always has one.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"`
}

// Check is one thing that doctor looked at.
type Check struct {
	Name  string   `json:"name"`
	OK    bool     `json:"ok"`
	Found []string `json:"found"`
}

// Diagnosis is what doctor found.
type Diagnosis struct {
	OK     bool    `json:"ok"`
	Checks []Check `json:"checks"`
}

// Imported is what import did.
type Imported struct {
	Files     int            `json:"files"`
	Created   map[string]int `json:"created"`
	Changed   int            `json:"changed"`
	Unchanged int            `json:"unchanged"`
	Slots     int            `json:"slots"`
}

// BackedUp is the copy that backup made, and the last change in it.
type BackedUp struct {
	File     string `json:"file"`
	Bytes    int64  `json:"bytes"`
	Sequence int64  `json:"sequence"`
}

// Caller is who asks: a till named local unless told otherwise. Role is public, customer, terminal, organizer or admin.
type Caller struct {
	Organizer string `json:"organizer,omitempty"`
	Actor     string `json:"actor,omitempty"`
	Role      string `json:"role,omitempty"`
	Terminal  string `json:"terminal,omitempty"`
	Address   string `json:"address,omitempty"`
}

// Ask is what may stand in a request; what is empty is left out. Durations are texts as 5m.
type Ask struct {
	// Which units: Seats, or Best with its filters, or Area with Quantity.
	Seats      []string `json:"seats,omitempty"`
	Best       int      `json:"best,omitempty"`
	Category   string   `json:"category,omitempty"`
	Section    string   `json:"section,omitempty"`
	Accessible int      `json:"accessible,omitempty"`
	Area       string   `json:"area,omitempty"`
	Quantity   int      `json:"quantity,omitempty"`
	// Of hold.
	TTL   string `json:"ttl,omitempty"`
	Buyer string `json:"buyer,omitempty"`
	// Of sell and confirm: METHOD[:REFERENCE[:AMOUNT]], as in card:tx-17:64.00.
	Payment string `json:"payment,omitempty"`
	// Of cancel.
	Line   []int  `json:"line,omitempty"`
	Reason string `json:"reason,omitempty"`
	// Of lists and the feed.
	State string `json:"state,omitempty"`
	Event string `json:"event,omitempty"`
	After string `json:"after,omitempty"`
	Limit int    `json:"limit,omitempty"`
	// Of every request.
	Caller         *Caller `json:"caller,omitempty"`
	IdempotencyKey string  `json:"idempotency_key,omitempty"`
	RequestID      string  `json:"request_id,omitempty"`
	Deadline       string  `json:"deadline,omitempty"`
	Now            string  `json:"now,omitempty"`
	Token          string  `json:"token,omitempty"`
	// What it is about; the methods fill these in.
	Slot    string `json:"slot,omitempty"`
	Booking string `json:"booking,omitempty"`
}
