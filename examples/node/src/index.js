// VENUE, the embeddable booking engine, from Node.

export { Engine, create, libraryVersion, open } from './engine.js';
export {
  Bug,
  Busy,
  Invalid,
  LibraryNotFound,
  Limited,
  Refused,
  Retry,
  Storage,
  Unknown,
  VenueError,
} from './errors.js';
export { Hold } from './hold.js';
export { insist } from './patience.js';

/** @typedef {import('./shapes.js').Booking} Booking */
/** @typedef {import('./shapes.js').Caller} Caller */
/** @typedef {import('./shapes.js').Change} Change */
/** @typedef {import('./shapes.js').Diagnosis} Diagnosis */
/** @typedef {import('./shapes.js').IssuedTicket} IssuedTicket */
/** @typedef {import('./shapes.js').Money} Money */
/** @typedef {import('./shapes.js').Slot} Slot */
/** @typedef {import('./shapes.js').SlotMap} SlotMap */
/** @typedef {import('./shapes.js').Ticket} Ticket */
/** @typedef {import('./shapes.js').Unit} Unit */
