/**
 * The error for a status and the error's JSON.
 *
 * @param {number} status
 * @param {string} text
 */
export function fromJson(status: number, text: string): VenueError;
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
}
/** An answer that is not "done". */
export class VenueError extends Error {
    /**
     * @param {number} status
     * @param {ErrorBody} body
     */
    constructor(status: number, body: ErrorBody);
    /** The number in `venue.h`; its hundreds are the class. */
    status: number;
    /** The stable name: `seats_taken`, `hold_expired` .. */
    code: string;
    /** The facts by name, such as `seats` of `seats_taken`. */
    details: Record<string, any>;
    /** The idempotency key that the request had. */
    key: string | null;
    /** When asking again makes sense. */
    retryAt: Date | null;
}
/** A rule said no: `seats_taken`, `sold_out`, `hold_expired`, `forbidden`, `not_found` .. Nothing changed. */
export class Refused extends VenueError {
}
/** The request is wrong: `argument`, `bad_path`, `bad_handle` .. Nothing changed. */
export class Invalid extends VenueError {
}
/** The file or the machine: `no_file`, `disk_full`, `damaged`, `clock_behind` .. Nothing changed. */
export class Storage extends VenueError {
}
/** Not now: ask again at `retryAt`. Nothing changed. */
export class Retry extends VenueError {
}
/** Too many wait, or another process had the file for too long. */
export class Busy extends Retry {
}
/** This caller asked too often. */
export class Limited extends Retry {
}
/** Nobody knows whether it was done. Ask again with the same key: `key` has it. */
export class Unknown extends VenueError {
}
/** Our mistake. Nothing is lost. */
export class Bug extends VenueError {
}
export type ErrorBody = {
    code?: string | undefined;
    message?: string | undefined;
    details?: Record<string, any> | undefined;
    key?: string | undefined;
    retry_at?: string | undefined;
};
