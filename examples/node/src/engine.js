// The engine: the open handle, any verb by its name, and typed methods for the usual ones.

import { setTimeout as pause } from 'node:timers/promises';
import { Hold } from './hold.js';
import { NEW_TEST_CLOCK, library } from './library.js';

/**
 * @typedef {import('./shapes.js').BackedUp} BackedUp
 * @typedef {import('./shapes.js').Beside} Beside
 * @typedef {import('./shapes.js').Booking} Booking
 * @typedef {import('./shapes.js').BookingState} BookingState
 * @typedef {import('./shapes.js').Caller} Caller
 * @typedef {import('./shapes.js').Change} Change
 * @typedef {import('./shapes.js').Diagnosis} Diagnosis
 * @typedef {import('./shapes.js').HoldAsk} HoldAsk
 * @typedef {import('./shapes.js').Imported} Imported
 * @typedef {import('./shapes.js').IssuedTicket} IssuedTicket
 * @typedef {import('./shapes.js').SellAsk} SellAsk
 * @typedef {import('./shapes.js').Slot} Slot
 * @typedef {import('./shapes.js').SlotMap} SlotMap
 */

/** How long a follower rests when nothing is new. It waits here and not in a call: koffi has few threads. */
const REST_MS = 50;

/**
 * Makes a file and its secret, both whole or absent; a VENUE file that is there is left as it is. A file with a test
 * clock never reads the wall clock: it stands at `now`, for tests.
 *
 * @param {string} path
 * @param {{ test_clock?: boolean, now?: string | Date }} [options]
 */
export async function create(path, { test_clock: testClock = false, now = '' } = {}) {
  const at = now instanceof Date ? now.toISOString() : now;
  await library().create(path, testClock ? NEW_TEST_CLOCK : 0, at);
}

/**
 * Opens a file that exists.
 *
 * @param {string} path
 * @param {{ organizer?: string, caller?: Caller }} [options] who asks where a call does not say it itself
 */
export async function open(path, options = {}) {
  return new Engine(path, await library().open(path), options);
}

/** The version of the library that was found. */
export function libraryVersion() {
  return library().versionText;
}

/** An open file. Any number of calls may be under way at once. */
export class Engine {
  /** @type {number | bigint} */
  #handle;

  /**
   * @param {string} path
   * @param {number | bigint} handle
   * @param {{ organizer?: string, caller?: Caller }} options
   */
  constructor(path, handle, { organizer, caller }) {
    this.path = path;
    this.#handle = handle;
    /** @type {Caller} */
    this.caller = { ...caller, ...(organizer === undefined ? {} : { organizer }) };
  }

  /** Closes the file. Calls under way end first; closing twice does nothing. */
  async close() {
    const handle = this.#handle;
    this.#handle = 0;
    if (handle) await library().close(handle);
  }

  /**
   * Does what the verb of this name does, and gives the `data` of its reply. Members are the options of the command line
   * in snake_case; `docs/schema.json` has all verbs and their members.
   *
   * @param {string} name
   * @param {Record<string, any>} [members]
   * @returns {Promise<any>}
   */
  async call(name, members = {}) {
    const caller = { ...this.caller, .../** @type {Caller | undefined} */ (members.caller) };
    const request = Object.keys(caller).length > 0 ? { ...members, caller } : members;
    return JSON.parse(await library().call(this.#handle, name, JSON.stringify(request))).data;
  }

  /**
   * Every item of a list, page after page. `limit` is the size of a page.
   *
   * @param {string} name
   * @param {Record<string, any>} [members]
   */
  async *pages(name, members = {}) {
    let after = members.after;
    do {
      const page = await this.call(name, { ...members, after });
      yield* page.items;
      after = page.next;
    } while (after);
  }

  /**
   * Takes units for a while.
   *
   * @param {string} slot
   * @param {HoldAsk} ask
   */
  async hold(slot, ask) {
    return new Hold(this, await this.call('hold', { slot, ...ask }), ask.caller);
  }

  /**
   * Takes units for the time of `act`, and gives them back after it unless it confirmed them.
   *
   * @template T
   * @param {string} slot
   * @param {HoldAsk} ask
   * @param {(hold: Hold) => Promise<T> | T} act
   */
  async holding(slot, ask, act) {
    const hold = await this.hold(slot, ask);
    let result;
    try {
      result = await act(hold);
    } catch (problem) {
      // The units come free when the hold ends in any case. What went wrong first is the news.
      await hold.end().catch(() => {});
      throw problem;
    }
    await hold.end();
    return result;
  }

  /**
   * Holds and confirms in one step: what a box office does.
   *
   * @param {string} slot
   * @param {SellAsk} ask
   * @returns {Promise<Booking>}
   */
  sell(slot, ask) {
    return this.call('sell', { slot, ...ask });
  }

  /**
   * Makes a hold final. `payment` is `METHOD[:REFERENCE[:AMOUNT]]`, as in `card:tx-17:64.00`.
   *
   * @param {string} booking
   * @param {Beside & { payment?: string }} [how]
   * @returns {Promise<Booking>}
   */
  confirm(booking, how = {}) {
    return this.call('confirm', { booking, ...how });
  }

  /**
   * Gives a hold its time again, within the event's bound.
   *
   * @param {string} booking
   * @param {Beside} [beside]
   * @returns {Promise<Booking>}
   */
  extend(booking, beside = {}) {
    return this.call('extend', { booking, ...beside });
  }

  /**
   * Gives a hold's units back.
   *
   * @param {string} booking
   * @param {Beside} [beside]
   * @returns {Promise<Booking>}
   */
  release(booking, beside = {}) {
    return this.call('release', { booking, ...beside });
  }

  /**
   * Undoes a confirmed booking, or only some of its lines.
   *
   * @param {string} booking
   * @param {Beside & { line?: number[], reason?: string }} [how]
   * @returns {Promise<Booking>}
   */
  cancel(booking, how = {}) {
    return this.call('cancel', { booking, ...how });
  }

  /**
   * A slot's figures, as of now: for the slot, each category and each area.
   *
   * @param {string} slot
   * @param {Beside} [beside]
   * @returns {Promise<Slot>}
   */
  availability(slot, beside = {}) {
    return this.call('slot_show', { slot, ...beside });
  }

  /**
   * A slot's figures and every seat's state.
   *
   * @param {string} slot
   * @param {Beside} [beside]
   * @returns {Promise<SlotMap>}
   */
  slotMap(slot, beside = {}) {
    return this.call('slot_map', { slot, ...beside });
  }

  /**
   * The slots, in the order of their starts.
   *
   * @param {Beside & { event?: string, hall?: string, from?: string, until?: string, limit?: number }} [which]
   * @returns {AsyncGenerator<Slot>}
   */
  slots(which = {}) {
    return this.pages('slot_list', which);
  }

  /**
   * A booking by id or reference.
   *
   * @param {string} booking
   * @param {Beside} [beside]
   * @returns {Promise<Booking>}
   */
  booking(booking, beside = {}) {
    return this.call('booking_show', { booking, ...beside });
  }

  /**
   * The bookings, page by page.
   *
   * @param {Beside & { slot?: string, buyer?: string, state?: BookingState, limit?: number }} [which]
   * @returns {AsyncGenerator<Booking>}
   */
  bookings(which = {}) {
    return this.pages('booking_list', which);
  }

  /**
   * The tickets of a booking or a slot, page by page.
   *
   * @param {Beside & { booking?: string, slot?: string, limit?: number }} which
   * @returns {AsyncGenerator<IssuedTicket>}
   */
  tickets(which) {
    return this.pages('ticket_list', which);
  }

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
  async *feed({ after = null, follow = false, signal, ...filters } = {}) {
    while (!signal?.aborted) {
      const page = await this.call('feed', { ...filters, after });
      yield* page.items;
      after = page.next;
      if (page.items.length > 0) continue;
      if (!follow) return;
      await pause(REST_MS, undefined, { signal }).catch(() => {});
    }
  }

  /**
   * Reads seasons (.toml) and plans (.json), whole or not at all.
   *
   * @param {string[]} files
   * @param {Beside & { hall?: string, dry_run?: boolean }} [how]
   * @returns {Promise<Imported>}
   */
  import(files, how = {}) {
    return this.call('import', { files, ...how });
  }

  /**
   * Copies the file while sales go on. The target must not exist.
   *
   * @param {string} file
   * @returns {Promise<BackedUp>}
   */
  backup(file) {
    return this.call('backup', { file });
  }

  /**
   * Recomputes everything from its rows. `ok` says whether all is as it should be.
   *
   * @returns {Promise<Diagnosis>}
   */
  doctor() {
    return this.call('doctor');
  }
}
