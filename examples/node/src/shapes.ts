// The shapes of replies. They are plain objects, as the engine answers them; members are only ever added.

export type Role = 'public' | 'customer' | 'terminal' | 'organizer' | 'admin';
export type BookingState = 'held' | 'confirmed' | 'released' | 'expired' | 'cancelled';
export type SlotState = 'open' | 'not_on_sale' | 'closed' | 'cancelled' | 'over';
export type UnitState = 'free' | 'held' | 'sold' | 'house' | 'killed';

/** An amount in minor units: 3200 of EUR are 32.00. */
export interface Money {
  minor: number;
  currency: string;
}

/** A line of a booking: a seat, or places of an area. */
export interface Unit {
  line: number;
  seat?: string;
  label?: string;
  area?: string;
  quantity?: number;
  category: string;
  price: Money;
}

/** Admits one person. */
export interface Ticket {
  id: string;
  number: string;
  seat?: string;
  area?: string;
}

/** The whole record, born held. Instants are texts, `2027-01-01T12:00:00.000000Z`. */
export interface Booking {
  id: string;
  reference: string;
  state: BookingState;
  event: string;
  slot: string;
  buyer: string | null;
  units: Unit[];
  total: Money;
  created_at: string;
  expires_at: string | null;
  ended_at: string | null;
  ended_why: string | null;
  tickets?: Ticket[];
}

/** A booking as hold answers it: with the token that confirm, extend and release ask for. */
export interface HeldBooking extends Booking {
  token: string | null;
}

/** A ticket with what it is for. */
export interface IssuedTicket extends Ticket {
  state: 'valid' | 'void';
  booking: string;
  reference: string;
  event: string;
  slot: string;
  category: string;
  label?: string;
}

/** Figures of an area: capacity = sold + held + house + killed + free. */
export interface AreaFigures {
  area: string;
  category: string;
  capacity: number;
  sold: number;
  held: number;
  house: number;
  killed: number;
  free: number;
}

/** One bookable occurrence of an event, and its figures as of now. */
export interface Slot {
  id: string;
  event: string;
  hall: string;
  starts_at: string;
  ends_at: string;
  local: string;
  state: SlotState;
  capacity: number;
  sold: number;
  held: number;
  house: number;
  killed: number;
  free: number;
  categories: { category: string; price: Money | null; capacity: number; free: number }[];
  areas: AreaFigures[];
}

/** A slot with every seat. */
export interface SlotMap extends Slot {
  seats: { seat: string; label: string; row: string; category: string; accessible: boolean; state: UnitState }[];
}

/** What happened, in order. `booking` is the booking as it was after the change. */
export interface Change {
  cursor: string;
  shard: number;
  sequence: number;
  at: string;
  kind: string;
  event: string | null;
  slot: string | null;
  booking: Booking | null;
  due_at?: string;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

/** What doctor found. */
export interface Diagnosis {
  ok: boolean;
  checks: { name: string; ok: boolean; found: string[] }[];
}

/** What import did. */
export interface Imported {
  files: number;
  created: Record<string, number>;
  changed: number;
  unchanged: number;
  slots: number;
}

/** The copy that backup made, and the last change in it. */
export interface BackedUp {
  file: string;
  bytes: number;
  sequence: number;
}

/** Who asks: a till named `local` unless told otherwise. */
export interface Caller {
  organizer?: string;
  actor?: string;
  role?: Role;
  terminal?: string;
  address?: string;
}

/** What may stand beside the members of every request. Durations are texts as `5m`; instants may be a Date. */
export interface Beside {
  caller?: Caller;
  idempotency_key?: string;
  request_id?: string;
  deadline?: string;
  now?: string | Date;
  token?: string;
}

/** Which units: `seats`, or `best` with its filters, or `area` with `quantity`. */
export interface Wanted {
  seats?: string[];
  best?: number;
  category?: string;
  section?: string;
  accessible?: number;
  area?: string;
  quantity?: number;
}

export type HoldAsk = Wanted & Beside & { ttl?: string; buyer?: string };
export type SellAsk = Wanted & Beside & { payment?: string; buyer?: string };
