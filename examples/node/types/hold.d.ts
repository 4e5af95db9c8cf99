/**
 * @typedef {import('./shapes.js').Booking} Booking
 * @typedef {import('./shapes.js').HeldBooking} HeldBooking
 * @typedef {import('./shapes.js').Caller} Caller
 */
/** Units that are ours until `expires_at`. */
export class Hold {
    /**
     * @param {import('./engine.js').Engine} engine
     * @param {HeldBooking} booking
     * @param {Caller} [caller]
     */
    constructor(engine: import("./engine.js").Engine, booking: HeldBooking, caller?: Caller);
    /** What shows that the hold is ours. */
    token: string | null;
    /** The booking as it was answered last. @type {Booking} */
    booking: Booking;
    get id(): string;
    get reference(): string;
    /**
     * Makes it final: the booking that is answered has the tickets.
     *
     * @param {{ payment?: string, idempotency_key?: string }} [how]
     */
    confirm(how?: {
        payment?: string;
        idempotency_key?: string;
    }): Promise<import("./shapes.js").Booking>;
    /** Gives it its time again, within the event's bound. */
    extend(): Promise<import("./shapes.js").Booking>;
    /** Gives the units back. */
    release(): Promise<import("./shapes.js").Booking>;
    /** Gives the units back, unless they were sold, or the hold ended by itself. */
    end(): Promise<void>;
    #private;
}
export type Booking = import("./shapes.js").Booking;
export type HeldBooking = import("./shapes.js").HeldBooking;
export type Caller = import("./shapes.js").Caller;
