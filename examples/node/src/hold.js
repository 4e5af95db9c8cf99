// A hold as an object that knows its token.

import { Refused, Unknown } from './errors.js';

/**
 * @typedef {import('./shapes.js').Booking} Booking
 * @typedef {import('./shapes.js').HeldBooking} HeldBooking
 * @typedef {import('./shapes.js').Caller} Caller
 */

/** Units that are ours until `expires_at`. */
export class Hold {
  #engine;
  #caller;
  #settled = false;

  /**
   * @param {import('./engine.js').Engine} engine
   * @param {HeldBooking} booking
   * @param {Caller} [caller]
   */
  constructor(engine, booking, caller) {
    this.#engine = engine;
    this.#caller = caller;
    /** What shows that the hold is ours. */
    this.token = booking.token;
    /** The booking as it was answered last. @type {Booking} */
    this.booking = booking;
  }

  get id() {
    return this.booking.id;
  }

  get reference() {
    return this.booking.reference;
  }

  /**
   * Makes it final: the booking that is answered has the tickets.
   *
   * @param {{ payment?: string, idempotency_key?: string }} [how]
   */
  async confirm(how = {}) {
    try {
      await this.#act('confirm', how);
    } catch (problem) {
      // It may have been done: it is to be asked again with its key, not to be given back.
      this.#settled ||= problem instanceof Unknown;
      throw problem;
    }
    this.#settled = true;
    return this.booking;
  }

  /** Gives it its time again, within the event's bound. */
  async extend() {
    return this.#act('extend', {});
  }

  /** Gives the units back. */
  async release() {
    await this.#act('release', {});
    this.#settled = true;
    return this.booking;
  }

  /** Gives the units back, unless they were sold, or the hold ended by itself. */
  async end() {
    if (this.#settled) return;
    try {
      await this.release();
    } catch (problem) {
      if (!(problem instanceof Refused)) throw problem;
    }
  }

  /**
   * @param {string} verb
   * @param {Record<string, unknown>} members
   * @returns {Promise<Booking>}
   */
  async #act(verb, members) {
    const ours = { booking: this.id, token: this.token, caller: this.#caller };
    this.booking = await this.#engine.call(verb, { ...ours, ...members });
    return this.booking;
  }
}
