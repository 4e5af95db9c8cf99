/**
 * Makes a file and its secret, both whole or absent; a VENUE file that is there is left as it is. A file with a test
 * clock never reads the wall clock: it stands at `now`, for tests.
 *
 * @param {string} path
 * @param {{ test_clock?: boolean, now?: string | Date }} [options]
 */
export function create(path: string, { test_clock: testClock, now }?: {
    test_clock?: boolean;
    now?: string | Date;
}): Promise<void>;
/**
 * Opens a file that exists.
 *
 * @param {string} path
 * @param {{ organizer?: string, caller?: Caller }} [options] who asks where a call does not say it itself
 */
export function open(path: string, options?: {
    organizer?: string;
    caller?: Caller;
}): Promise<Engine>;
/** The version of the library that was found. */
export function libraryVersion(): any;
/** An open file. Any number of calls may be under way at once. */
export class Engine {
    /**
     * @param {string} path
     * @param {number | bigint} handle
     * @param {{ organizer?: string, caller?: Caller }} options
     */
    constructor(path: string, handle: number | bigint, { organizer, caller }: {
        organizer?: string;
        caller?: Caller;
    });
    path: string;
    /** @type {Caller} */
    caller: Caller;
    /** Closes the file. Calls under way end first; closing twice does nothing. */
    close(): Promise<void>;
    /**
     * Does what the verb of this name does, and gives the `data` of its reply. Members are the options of the command line
     * in snake_case; `docs/schema.json` has all verbs and their members.
     *
     * @param {string} name
     * @param {Record<string, any>} [members]
     * @returns {Promise<any>}
     */
    call(name: string, members?: Record<string, any>): Promise<any>;
    /**
     * Every item of a list, page after page. `limit` is the size of a page.
     *
     * @param {string} name
     * @param {Record<string, any>} [members]
     */
    pages(name: string, members?: Record<string, any>): AsyncGenerator<any, void, any>;
    /**
     * Takes units for a while.
     *
     * @param {string} slot
     * @param {HoldAsk} ask
     */
    hold(slot: string, ask: HoldAsk): Promise<Hold>;
    /**
     * Takes units for the time of `act`, and gives them back after it unless it confirmed them.
     *
     * @template T
     * @param {string} slot
     * @param {HoldAsk} ask
     * @param {(hold: Hold) => Promise<T> | T} act
     */
    holding<T>(slot: string, ask: HoldAsk, act: (hold: Hold) => Promise<T> | T): Promise<T>;
    /**
     * Holds and confirms in one step: what a box office does.
     *
     * @param {string} slot
     * @param {SellAsk} ask
     * @returns {Promise<Booking>}
     */
    sell(slot: string, ask: SellAsk): Promise<Booking>;
    /**
     * Makes a hold final. `payment` is `METHOD[:REFERENCE[:AMOUNT]]`, as in `card:tx-17:64.00`.
     *
     * @param {string} booking
     * @param {Beside & { payment?: string }} [how]
     * @returns {Promise<Booking>}
     */
    confirm(booking: string, how?: Beside & {
        payment?: string;
    }): Promise<Booking>;
    /**
     * Gives a hold its time again, within the event's bound.
     *
     * @param {string} booking
     * @param {Beside} [beside]
     * @returns {Promise<Booking>}
     */
    extend(booking: string, beside?: Beside): Promise<Booking>;
    /**
     * Gives a hold's units back.
     *
     * @param {string} booking
     * @param {Beside} [beside]
     * @returns {Promise<Booking>}
     */
    release(booking: string, beside?: Beside): Promise<Booking>;
    /**
     * Undoes a confirmed booking, or only some of its lines.
     *
     * @param {string} booking
     * @param {Beside & { line?: number[], reason?: string }} [how]
     * @returns {Promise<Booking>}
     */
    cancel(booking: string, how?: Beside & {
        line?: number[];
        reason?: string;
    }): Promise<Booking>;
    /**
     * A slot's figures, as of now: for the slot, each category and each area.
     *
     * @param {string} slot
     * @param {Beside} [beside]
     * @returns {Promise<Slot>}
     */
    availability(slot: string, beside?: Beside): Promise<Slot>;
    /**
     * A slot's figures and every seat's state.
     *
     * @param {string} slot
     * @param {Beside} [beside]
     * @returns {Promise<SlotMap>}
     */
    slotMap(slot: string, beside?: Beside): Promise<SlotMap>;
    /**
     * The slots, in the order of their starts.
     *
     * @param {Beside & { event?: string, hall?: string, from?: string, until?: string, limit?: number }} [which]
     * @returns {AsyncGenerator<Slot>}
     */
    slots(which?: Beside & {
        event?: string;
        hall?: string;
        from?: string;
        until?: string;
        limit?: number;
    }): AsyncGenerator<Slot>;
    /**
     * A booking by id or reference.
     *
     * @param {string} booking
     * @param {Beside} [beside]
     * @returns {Promise<Booking>}
     */
    booking(booking: string, beside?: Beside): Promise<Booking>;
    /**
     * The bookings, page by page.
     *
     * @param {Beside & { slot?: string, buyer?: string, state?: BookingState, limit?: number }} [which]
     * @returns {AsyncGenerator<Booking>}
     */
    bookings(which?: Beside & {
        slot?: string;
        buyer?: string;
        state?: BookingState;
        limit?: number;
    }): AsyncGenerator<Booking>;
    /**
     * The tickets of a booking or a slot, page by page.
     *
     * @param {Beside & { booking?: string, slot?: string, limit?: number }} which
     * @returns {AsyncGenerator<IssuedTicket>}
     */
    tickets(which: Beside & {
        booking?: string;
        slot?: string;
        limit?: number;
    }): AsyncGenerator<IssuedTicket>;
    /**
     * What happened after a cursor, in order. With `follow` it waits for more until `signal` is aborted.
     *
     * @param {object} [how]
     * @param {string | null} [how.after]
     * @param {boolean} [how.follow]
     * @param {AbortSignal} [how.signal]
     * @param {string} [how.event]
     * @param {string} [how.slot]
     * @param {Caller} [how.caller]
     * @returns {AsyncGenerator<Change>}
     */
    feed({ after, follow, signal, ...filters }?: {
        after?: string | null | undefined;
        follow?: boolean | undefined;
        signal?: AbortSignal | undefined;
        event?: string | undefined;
        slot?: string | undefined;
        caller?: import("./shapes.js").Caller | undefined;
    }): AsyncGenerator<Change>;
    /**
     * Reads seasons (.toml) and plans (.json), whole or not at all.
     *
     * @param {string[]} files
     * @param {Beside & { hall?: string, dry_run?: boolean }} [how]
     * @returns {Promise<Imported>}
     */
    import(files: string[], how?: Beside & {
        hall?: string;
        dry_run?: boolean;
    }): Promise<Imported>;
    /**
     * Copies the file while sales go on. The target must not exist.
     *
     * @param {string} file
     * @returns {Promise<BackedUp>}
     */
    backup(file: string): Promise<BackedUp>;
    /**
     * Recomputes everything from its rows. `ok` says whether all is as it should be.
     *
     * @returns {Promise<Diagnosis>}
     */
    doctor(): Promise<Diagnosis>;
    #private;
}
export type BackedUp = import("./shapes.js").BackedUp;
export type Beside = import("./shapes.js").Beside;
export type Booking = import("./shapes.js").Booking;
export type BookingState = import("./shapes.js").BookingState;
export type Caller = import("./shapes.js").Caller;
export type Change = import("./shapes.js").Change;
export type Diagnosis = import("./shapes.js").Diagnosis;
export type HoldAsk = import("./shapes.js").HoldAsk;
export type Imported = import("./shapes.js").Imported;
export type IssuedTicket = import("./shapes.js").IssuedTicket;
export type SellAsk = import("./shapes.js").SellAsk;
export type Slot = import("./shapes.js").Slot;
export type SlotMap = import("./shapes.js").SlotMap;
import { Hold } from './hold.js';
