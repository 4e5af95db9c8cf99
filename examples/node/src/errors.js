// What can go wrong, by class. `code` is stable and says exactly what; the class says what to do about it.

/**
 * @typedef {object} ErrorBody
 * @property {string} [code]
 * @property {string} [message]
 * @property {Record<string, any>} [details]
 * @property {string} [key]
 * @property {string} [retry_at]
 */

/** libvenue is not there, or has another binary interface. */
export class LibraryNotFound extends Error {
  name = 'LibraryNotFound';
}

/** An answer that is not "done". */
export class VenueError extends Error {
  /**
   * @param {number} status
   * @param {ErrorBody} body
   */
  constructor(status, body) {
    super(`${body.code}: ${body.message}`);
    this.name = new.target.name;
    /** The number in `venue.h`; its hundreds are the class. */
    this.status = status;
    /** The stable name: `seats_taken`, `hold_expired` .. */
    this.code = body.code ?? '';
    /** The facts by name, such as `seats` of `seats_taken`. */
    this.details = body.details ?? {};
    /** The idempotency key that the request had. */
    this.key = body.key ?? null;
    /** When asking again makes sense. */
    this.retryAt = body.retry_at ? new Date(body.retry_at) : null;
  }
}

/** A rule said no: `seats_taken`, `sold_out`, `hold_expired`, `forbidden`, `not_found` .. Nothing changed. */
export class Refused extends VenueError {}
/** The request is wrong: `argument`, `bad_path`, `bad_handle` .. Nothing changed. */
export class Invalid extends VenueError {}
/** The file or the machine: `no_file`, `disk_full`, `damaged`, `clock_behind` .. Nothing changed. */
export class Storage extends VenueError {}
/** Not now: ask again at `retryAt`. Nothing changed. */
export class Retry extends VenueError {}
/** Too many wait, or another process had the file for too long. */
export class Busy extends Retry {}
/** This caller asked too often. */
export class Limited extends Retry {}
/** Nobody knows whether it was done. Ask again with the same key: `key` has it. */
export class Unknown extends VenueError {}
/** Our mistake. Nothing is lost. */
export class Bug extends VenueError {}

/** @type {Record<string, typeof VenueError>} */
const byCode = { busy: Busy, limited: Limited };
/** @type {Record<number, typeof VenueError>} */
const byClass = { 1: Refused, 2: Invalid, 3: Storage, 4: Retry, 5: Unknown, 7: Bug };

/**
 * The error for a status and the error's JSON.
 *
 * @param {number} status
 * @param {string} text
 */
export function fromJson(status, text) {
  /** @type {ErrorBody} */
  let body;
  try {
    body = JSON.parse(text).data;
  } catch {
    body = { code: 'bug', message: `status ${status} without an error text` };
  }
  const Kind = byCode[body.code ?? ''] ?? byClass[Math.floor(status / 100)] ?? Bug;
  return new Kind(status, body);
}
