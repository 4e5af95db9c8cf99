/*
 * VENUE, the embeddable booking engine: the C interface.
 *
 * Made from the Rust sources by cbindgen. Do not edit.
 *
 * Every fallible function answers a status: VENUE_OK or the number of an error, whose hundreds are its class
 * (1 refused, 2 invalid, 3 storage, 4 retry, 5 unknown, 7 bug). Its last argument may be NULL; if it is not, the
 * error as JSON is written there, and only then. Texts that come out are freed with venue_text_free.
 */

#ifndef VENUE_H
#define VENUE_H

#include <stddef.h>
#include <stdint.h>
/**
 * The statuses of the engine, by class and number. Numbers are never used again.
 */
enum {
  VENUE_FORBIDDEN = 101, /* ask as another role, or give the hold's token */
  VENUE_IDEMPOTENCY_MISMATCH = 102, /* use a new key for a new request */
  VENUE_NOT_FOUND = 103, /* check the spelling, or list what there is */
  VENUE_OVER = 104, /* choose a later slot */
  VENUE_SLOT_CANCELLED = 105, /* choose another slot */
  VENUE_CLOSED = 106, /* choose another slot, or ask the organizer */
  VENUE_NOT_ON_SALE = 107, /* come back when the sale begins */
  VENUE_HOLD_EXPIRED = 108, /* hold the places again */
  VENUE_ALREADY_CONFIRMED = 109, /* nothing is left to do: see `booking show` */
  VENUE_RELEASED = 110, /* hold the places again */
  VENUE_CANCELLED = 111, /* nothing is left to do: see `booking show` */
  VENUE_NOT_DUE = 112, /* wait until the hold ends, or release it */
  VENUE_NOT_CONFIRMED = 113, /* release a hold; only a confirmed booking is cancelled */
  VENUE_EXTEND_LIMIT = 114, /* confirm the hold, or release it */
  VENUE_PAYMENT_MISMATCH = 115, /* pay the total */
  VENUE_PAYMENT_USED = 116, /* a payment pays one booking: name another */
  VENUE_BOOKING_LIMIT = 117, /* ask for fewer */
  VENUE_BUYER_NEEDED = 118, /* name the buyer */
  VENUE_BUYER_LIMIT = 119, /* ask for fewer */
  VENUE_SEATS_TAKEN = 120, /* choose other seats: see `slot map` */
  VENUE_ALL_HELD = 121, /* ask again when the next hold ends */
  VENUE_SOLD_OUT = 122, /* choose another slot */
  VENUE_NOT_ENOUGH_FREE = 123, /* ask for fewer */
  VENUE_CURSOR_EPOCH = 124, /* read the state anew, then follow from its cursor */
  VENUE_STALE_VERSION = 125, /* look at it again, then name its version */
  VENUE_NOT_IN_FUTURE = 130, /* name a time that is still to come */
  VENUE_COLLISION = 131, /* choose a time at which the hall is free: see `slot list --hall` */
  VENUE_EVENT_DRAFT = 132, /* publish it first: see `event publish` */
  VENUE_EVENT_CANCELLED = 133, /* clone it to play it anew: see `event clone` */
  VENUE_EVENT_COMPLETED = 134, /* clone it to play it anew: see `event clone` */
  VENUE_NOT_OVER = 135, /* wait until its last slot is over, or cancel what is to come */
  VENUE_LIVE_BOOKINGS = 136, /* an event that somebody has a booking of stays: cancel it or complete it instead */
  VENUE_SLUG_TAKEN = 137, /* choose another slug */
  VENUE_FIXED = 138, /* clone the event and change the copy: see `event clone` */
  VENUE_TOO_MANY_SCHEDULES = 140, /* change the rule of one that is over: `schedule edit` */
  VENUE_TOO_MANY_SLOTS = 141, /* make the rule end sooner, with until, count or a shorter horizon */
  VENUE_USAGE = 201, /* see `venue --help` */
  VENUE_ARGUMENT = 202, /* correct the argument */
  VENUE_UNSUPPORTED = 203, /* leave it out for now */
  VENUE_UNKNOWN_VERB = 204, /* see `venue schema` for the verbs */
  VENUE_TOO_LARGE = 205, /* send less at once */
  VENUE_BAD_PATH = 206, /* name a plain file */
  VENUE_ORGANIZER_NEEDED = 207, /* add --organizer */
  VENUE_BAD_CURSOR = 208, /* use a cursor as it was given */
  VENUE_IMPORT_INVALID = 209, /* correct the file; nothing was imported */
  VENUE_ENGINE_CLOSED = 210, /* open the file again */
  VENUE_REENTRANT = 211, /* call from outside the callback */
  VENUE_FORKED = 212, /* open the file in the child process */
  VENUE_NO_FILE = 301, /* make it with `venue init`, or name another with --db */
  VENUE_FOREIGN_FILE = 302, /* name a VENUE file; this one was left as it is */
  VENUE_NEWER_SCHEMA = 303, /* use the newer version that made the file */
  VENUE_DISK_FULL = 304, /* make room; nothing is lost */
  VENUE_IO_ERROR = 305, /* check the disk; nothing is lost */
  VENUE_OUT_OF_MEMORY = 306, /* free memory and ask again */
  VENUE_DAMAGED = 307, /* run `venue doctor`, and restore a backup */
  VENUE_READ_ONLY = 308, /* check the file's permissions */
  VENUE_MOVED = 309, /* open the file again under its new name */
  VENUE_CLOCK_BEHIND = 310, /* set the clock right, or see `venue clock` */
  VENUE_CLOCK_JUMPED = 311, /* set the clock right, or `venue clock accept` if it is right */
  VENUE_NETWORK_FS = 312, /* use a local disk, or --allow-fs at your own risk */
  VENUE_TARGET_EXISTS = 313, /* name a file that does not exist yet */
  VENUE_FENCE_OWED = 314, /* the disk failed at a commit: ask again when it is back */
  VENUE_OUTPUT = 315, /* check where the output goes */
  VENUE_DATABASE = 316, /* run `venue doctor` */
  VENUE_BUSY = 401, /* ask again */
  VENUE_IN_USE = 402, /* stop the other processes, then ask again */
  VENUE_UNKNOWN = 501, /* ask again with the same key */
  VENUE_BUG = 701, /* please report this; nothing is lost */
};


/*
 The booking holds its units until `expires_at_us`.
 */
#define VENUE_STATE_HELD 1

/*
 It is final.
 */
#define VENUE_STATE_CONFIRMED 2

/*
 Its units were given back.
 */
#define VENUE_STATE_RELEASED 3

/*
 Its time ran out.
 */
#define VENUE_STATE_EXPIRED 4

/*
 It was undone.
 */
#define VENUE_STATE_CANCELLED 5

/*
 The number of this binary interface. It changes only when a program built against an older header would not
 work any more; the shared library's name ends with it.
 */
#define VENUE_ABI_VERSION 1

/*
 For `venue_create`: a file for tests, which never reads the wall clock.
 */
#define VENUE_NEW_TEST_CLOCK 1

/*
 A role that nobody named: a terminal's.
 */
#define VENUE_ROLE_NONE 0

/*
 Anybody.
 */
#define VENUE_ROLE_PUBLIC 1

/*
 A buyer who is known to the host.
 */
#define VENUE_ROLE_CUSTOMER 2

/*
 A till or its operator: sells, and acts for others.
 */
#define VENUE_ROLE_TERMINAL 3

/*
 The organizer's staff.
 */
#define VENUE_ROLE_ORGANIZER 4

/*
 Whoever runs the installation.
 */
#define VENUE_ROLE_ADMIN 5

/*
 The slot is on sale to the public.
 */
#define VENUE_SALE_OPEN 1

/*
 The public's sale has not begun or has ended, or the event is a draft.
 */
#define VENUE_SALE_NOT_NOW 2

/*
 The organizer closed it.
 */
#define VENUE_SALE_CLOSED 3

/*
 It does not take place.
 */
#define VENUE_SALE_CANCELLED 4

/*
 It has ended.
 */
#define VENUE_SALE_OVER 5

/*
 What a function answers: `VENUE_OK`, or the number of an error. The hundreds are its class: 1 refused, 2
 invalid, 3 storage, 4 retry, 5 unknown, 7 bug.
 */
typedef int32_t venue_status;

/*
 An open file. 0 is never one.
 */
typedef uint64_t venue_handle;

/*
 A text that is lent to VENUE for a call: `size` bytes of UTF-8 at `data`, without a zero byte among them. All zero:
 nothing is said.
 */
typedef struct venue_view {
  /*
   The bytes, or null.
   */
  const char *data;
  /*
   How many they are.
   */
  size_t size;
} venue_view;

/*
 Who asks, and what goes along with a request. All zero but for `size` is the box office: role terminal, as `local`.

 Set `size` to `sizeof(venue_options)`. Later versions add members at the end, and read structs of any size that an
 earlier header had.
 */
typedef struct venue_options {
  /*
   `sizeof(venue_options)`.
   */
  uint32_t size;
  /*
   In which role, `VENUE_ROLE_..`.
   */
  int32_t role;
  /*
   For which organizer, by slug; the only one in the file where nothing is said.
   */
  struct venue_view organizer;
  /*
   Who acts.
   */
  struct venue_view actor;
  /*
   At which till.
   */
  struct venue_view terminal;
  /*
   From which network address.
   */
  struct venue_view address;
  /*
   Of a command: what makes it safe to repeat. The same key and content get the same answer for at least 24 hours.
   */
  struct venue_view idempotency_key;
  /*
   Of a command: its name in logs.
   */
  struct venue_view request_id;
  /*
   Of confirm and release: what hold answered with. Staff needs none.
   */
  struct venue_view token;
  /*
   Of hold: for whom.
   */
  struct venue_view buyer;
  /*
   Of confirm: how it is paid, `METHOD[:REFERENCE[:AMOUNT]]` as in `card:tx-17:64.00`.
   */
  struct venue_view payment;
  /*
   Of the feed: only what concerns this event, by slug.
   */
  struct venue_view event;
  /*
   Of the feed: only what concerns this slot.
   */
  struct venue_view slot;
  /*
   Of a command: how many milliseconds it may wait to be begun, 1 to 600,000; 0 is 5,000. What is not begun by then
   answers `VENUE_BUSY`, and nothing happened.
   */
  uint32_t deadline_ms;
  /*
   Of hold: for how many milliseconds, 30,000 to 3,600,000; 0 is as long as the event says.
   */
  uint32_t ttl_ms;
  /*
   Of the feed: at most so many changes at once, 1 to 1,000; 0 is 100.
   */
  uint32_t limit;
  /*
   Zero.
   */
  uint32_t reserved;
} venue_options;

/*
 A booking. Its seats and tickets are read with `venue_call`, by the verbs `booking_show` and `ticket_list`; the
 tickets' numbers are the reference and 01, 02 .. up to `tickets`.

 Set `size` to `sizeof(venue_booking)` before the call: so much is written. Texts end with a zero byte. Instants are
 microseconds since 1970-01-01T00:00:00Z.
 */
typedef struct venue_booking {
  /*
   `sizeof(venue_booking)`, set by the program.
   */
  uint32_t size;
  /*
   What it is, `VENUE_STATE_..`.
   */
  int32_t state;
  /*
   Its id.
   */
  char id[40];
  /*
   Its slot's id.
   */
  char slot[40];
  /*
   What people call it.
   */
  char reference[16];
  /*
   Of hold: what proves that one made it. Empty otherwise, and if the file's secret is lost.
   */
  char token[72];
  /*
   Of `total_minor`, as in `EUR`.
   */
  char currency[8];
  /*
   The sum of its prices, in minor units.
   */
  int64_t total_minor;
  /*
   When it was made.
   */
  int64_t created_at_us;
  /*
   When the hold ends; 0 where it is none.
   */
  int64_t expires_at_us;
  /*
   When it was released, expired or cancelled; 0 where it was not.
   */
  int64_t ended_at_us;
  /*
   How many places it has.
   */
  uint32_t places;
  /*
   How many tickets were issued.
   */
  uint32_t tickets;
} venue_booking;

/*
 A text from VENUE: `size` bytes of UTF-8 at `data`, and a zero byte behind them that is not counted. It
 belongs to whoever got it, until `venue_text_free`; neither member may be changed before that.
 */
typedef struct venue_text {
  /*
   The bytes, or null.
   */
  char *data;
  /*
   How many they are.
   */
  size_t size;
} venue_text;

/*
 What a feed calls, one call at a time, on its own thread. On `VENUE_OK` the text is a change, as JSON:
 `{"type":"change","data":{..}}`. The last call has another status and the error as JSON: `VENUE_ENGINE_CLOSED`
 when the feed was stopped or the handle is being closed, else why it ended; `context` is not used afterwards.

 The text ends with a zero byte that is not counted, and lives until the callback returns. To end the feed return
 anything but 0. Every function of the library may be called from inside but `venue_close`, which answers
 `VENUE_REENTRANT`. Nothing may be thrown out of it.
 */
typedef int32_t (*venue_change_callback)(void *context,
                                         venue_status status,
                                         const char *text,
                                         size_t text_size);

/*
 A feed that calls back. 0 is never one.
 */
typedef uint64_t venue_feed;

/*
 What a backup is.

 Set `size` to `sizeof(venue_copy)` before the call: so much is written.
 */
typedef struct venue_copy {
  /*
   `sizeof(venue_copy)`, set by the program.
   */
  uint32_t size;
  /*
   Zero.
   */
  uint32_t reserved;
  /*
   The copy's length.
   */
  uint64_t bytes;
  /*
   The newest change in it.
   */
  int64_t sequence;
} venue_copy;

/*
 How much of a slot is free, as of now: capacity = sold + held + house + killed + free. Prices and areas are read
 with `venue_call`, by the verb `slot_show`.

 Set `size` to `sizeof(venue_slot)` before the call: so much is written. Instants are microseconds since
 1970-01-01T00:00:00Z.
 */
typedef struct venue_slot {
  /*
   `sizeof(venue_slot)`, set by the program.
   */
  uint32_t size;
  /*
   What it is to the public, `VENUE_SALE_..`.
   */
  int32_t state;
  /*
   Its id.
   */
  char id[40];
  /*
   First instant.
   */
  int64_t starts_at_us;
  /*
   First instant after it.
   */
  int64_t ends_at_us;
  /*
   All units.
   */
  int64_t capacity;
  /*
   Sold.
   */
  int64_t sold;
  /*
   In holds that live now.
   */
  int64_t held;
  /*
   Kept for staff.
   */
  int64_t house;
  /*
   Withdrawn.
   */
  int64_t killed;
  /*
   Units that anybody may have now.
   */
  int64_t free;
  /*
   Bumped by every write that touches the slot.
   */
  int64_t version;
} venue_slot;

/*
 Done.
 */
#define VENUE_OK 0

/*
 The handle was closed, or never given.
 */
#define VENUE_BAD_HANDLE 290

/*
 A pointer that is needed is null.
 */
#define VENUE_NULL 291

/*
 A text is not UTF-8, or has a zero byte in it.
 */
#define VENUE_BAD_TEXT 292

/*
 The `size` of a struct is none that this library knows, or what a newer header added to it is not zero.
 */
#define VENUE_BAD_SIZE 293

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/*
 Holds seats by name, all of them or none: `A-1,A-2`, by label or stable id, without spaces. `slot` is an id, or
 `EVENT@LOCAL` as in `metropolis@2027-01-07T20:00`.

 Threads: any, many at once on one handle; of two that want the same seat one gets it. Ownership: all texts and the
 options are borrowed for the call; `booking` is the caller's, with nothing in it to free. It is written only on
 `VENUE_OK`, `error` only otherwise. Errors: `VENUE_SEATS_TAKEN`, `VENUE_ALL_HELD`, `VENUE_SOLD_OUT`,
 `VENUE_NOT_FOUND`, `VENUE_BOOKING_LIMIT` and the others of the verb hold; `VENUE_BUSY` if the deadline passed and
 nothing happened; on `VENUE_UNKNOWN` ask again with the key that the error carries.

 # Safety
 `slot` and `seats` point to as many bytes as their sizes say; `options` is null or points to options; `booking` is
 null or points to a struct of the size it says; `error` is null or can be written.
 */
venue_status venue_hold_seats(venue_handle handle,
                              const char *slot,
                              size_t slot_size,
                              const char *seats,
                              size_t seats_size,
                              const struct venue_options *options,
                              struct venue_booking *booking,
                              struct venue_text *error);

/*
 Holds the best `quantity` seats together, of a category and a section where these are said, `accessible` of them
 for wheelchairs.

 This version answers `VENUE_UNSUPPORTED`. Threads, ownership, errors: as `venue_hold_seats`.

 # Safety
 As for `venue_hold_seats`; `category` and `section` are null or point to as many bytes as their sizes say.
 */
venue_status venue_hold_best(venue_handle handle,
                             const char *slot,
                             size_t slot_size,
                             uint32_t quantity,
                             const char *category,
                             size_t category_size,
                             const char *section,
                             size_t section_size,
                             uint32_t accessible,
                             const struct venue_options *options,
                             struct venue_booking *booking,
                             struct venue_text *error);

/*
 Holds `quantity` places of an area, all of them or none.

 Threads, ownership: as `venue_hold_seats`. Errors: `VENUE_NOT_ENOUGH_FREE` and those of `venue_hold_seats`.

 # Safety
 As for `venue_hold_seats`; `area` points to as many bytes as its size says.
 */
venue_status venue_hold_area(venue_handle handle,
                             const char *slot,
                             size_t slot_size,
                             const char *area,
                             size_t area_size,
                             uint32_t quantity,
                             const struct venue_options *options,
                             struct venue_booking *booking,
                             struct venue_text *error);

/*
 Makes a hold final and issues its tickets. `name` is the booking's id or reference.

 Threads, ownership: as `venue_hold_seats`. Errors: `VENUE_HOLD_EXPIRED`, `VENUE_ALREADY_CONFIRMED`,
 `VENUE_FORBIDDEN` without the hold's token where the role needs it, and the others of the verb confirm.

 # Safety
 As for `venue_hold_seats`; `name` points to as many bytes as its size says.
 */
venue_status venue_confirm(venue_handle handle,
                           const char *name,
                           size_t name_size,
                           const struct venue_options *options,
                           struct venue_booking *booking,
                           struct venue_text *error);

/*
 Gives a hold back. `name` is the booking's id or reference.

 Threads, ownership: as `venue_hold_seats`. Errors: as `venue_confirm`.

 # Safety
 As for `venue_confirm`.
 */
venue_status venue_release(venue_handle handle,
                           const char *name,
                           size_t name_size,
                           const struct venue_options *options,
                           struct venue_booking *booking,
                           struct venue_text *error);

/*
 The number of the binary interface that the library has. Compare it with `VENUE_ABI_VERSION`.

 Threads: any. Never fails.
 */
uint32_t venue_abi_version(void);

/*
 The library's version, as `0.1.0`.

 Threads: any. Ownership: the text is the library's and lives as long as the program. Never fails.
 */
const char *venue_version(void);

/*
 Opens a file that exists, and gives a handle for it.

 Threads: any. Ownership: the path is borrowed for the call; the handle is to be closed with `venue_close`; the
 error, if one is written, is to be freed with `venue_text_free`. `handle` is written only on `VENUE_OK`, `error`
 only otherwise. A child process opens handles of its own. Errors: `VENUE_NO_FILE`, `VENUE_FOREIGN_FILE`,
 `VENUE_NEWER_SCHEMA`, `VENUE_BAD_PATH`, `VENUE_NETWORK_FS`.

 # Safety
 `path` points to `path_size` bytes; `handle` is null or can be written; `error` is null or can be written.
 */
venue_status venue_open(const char *path,
                        size_t path_size,
                        venue_handle *handle,
                        struct venue_text *error);

/*
 Closes a handle: calls in flight end first, and its feeds with their last callback; later calls answer
 `VENUE_BAD_HANDLE`.

 Threads: any, but from inside a callback it answers `VENUE_REENTRANT` and closes nothing. Ownership: the error, if
 one is written, is to be freed with `venue_text_free`. Lifetime: the handle ends here; texts that were given live on.
 Errors: `VENUE_BAD_HANDLE`, also for a second close; `VENUE_FORKED` in a child, which leaves the parent's file alone.

 # Safety
 `error` is null or can be written.
 */
venue_status venue_close(venue_handle handle,
                         struct venue_text *error);

/*
 Does what the verb of this name does, any verb of `venue schema`. The request is a JSON object, or empty; the reply is
 one too.

 Threads: any, many at once on one handle; they are decided one by one. Ownership: name and request are borrowed
 for the call; the reply, or else the error, is to be freed with `venue_text_free`. `reply` is written only on
 `VENUE_OK`, `error` only otherwise. Errors: `VENUE_UNKNOWN_VERB`, `VENUE_ARGUMENT` naming a wrong member, else those of
 the verb. The member `deadline` says how long a command may wait to be begun (`VENUE_BUSY`: nothing happened). On
 `VENUE_UNKNOWN` ask again with the key that the error carries.

 # Safety
 `name` and `request` point to as many bytes as their sizes say; `reply` and `error` are null or can be written.
 */
venue_status venue_call(venue_handle handle,
                        const char *name,
                        size_t name_size,
                        const char *request,
                        size_t request_size,
                        struct venue_text *reply,
                        struct venue_text *error);

/*
 Gives the changes after a cursor, in their order: at least one, unless nothing happened for `timeout_ms`
 milliseconds. The reply is that of the verb feed: `{"type":"feed","data":{"items":[..],"next":CURSOR}}`; the next
 call begins at `next`, which is a cursor also when there are no items. An empty cursor is the beginning.

 Threads: any, many at once on one handle; who waits holds up nobody. `venue_close` ends the wait within 50 ms, with
 `VENUE_ENGINE_CLOSED`. Ownership: cursor and options are borrowed for the call; the reply, or else the error, is to
 be freed with `venue_text_free`. `reply` is written only on `VENUE_OK`, `error` only otherwise. Errors:
 `VENUE_BAD_CURSOR`, `VENUE_CURSOR_EPOCH` after a restore, `VENUE_NOT_FOUND`, `VENUE_FORBIDDEN`, `VENUE_BUSY` if too many
 read at once.

 # Safety
 `cursor` is null or points to as many bytes as its size says; `options` is null or points to options; `reply` and
 `error` are null or can be written.
 */
venue_status venue_feed_next(venue_handle handle,
                             const char *cursor,
                             size_t cursor_size,
                             uint32_t timeout_ms,
                             const struct venue_options *options,
                             struct venue_text *reply,
                             struct venue_text *error);

/*
 Calls back for every change after a cursor, from a thread that the feed starts for itself, until `venue_feed_stop`,
 `venue_close`, an error, or a callback that does not return 0. An empty cursor is the beginning.

 Threads: any. The new thread inherits the signal mask of the one that starts it. A slow callback holds up nobody and
 misses nothing. Ownership: cursor and options are borrowed for the call; `context` has to live until the last
 callback, or until `venue_feed_stop` or `venue_close` has returned on another thread. `feed` is written only on
 `VENUE_OK`, before the first callback; `error` only otherwise. A child process has no such thread. Errors: as
 `venue_feed_next`; `VENUE_ARGUMENT` with 64 feeds on one handle; `VENUE_OUT_OF_MEMORY` without a thread.

 # Safety
 As for `venue_feed_next`; `callback` is null or a function that may be called with `context` from another thread;
 `feed` is null or can be written.
 */
venue_status venue_feed_start(venue_handle handle,
                              const char *cursor,
                              size_t cursor_size,
                              const struct venue_options *options,
                              venue_change_callback callback,
                              void *context,
                              venue_feed *feed,
                              struct venue_text *error);

/*
 Stops a feed that calls back. After it has returned no callback runs any more. From inside a callback it returns at
 once, and the last call comes afterwards. A feed that has ended by itself is stopped without an error.

 Threads: any. It waits for the callback that runs, so hold no lock that the callback takes. Ownership: the error, if
 one is written, is to be freed with `venue_text_free`. Errors: `VENUE_BAD_HANDLE` for a handle or feed that was never
 given, and for a closed handle.

 # Safety
 `error` is null or can be written.
 */
venue_status venue_feed_stop(venue_handle handle,
                             venue_feed feed,
                             struct venue_text *error);

/*
 Makes a file and its secret, both whole or absent. A VENUE file that is there is left as it is, and that is no error.

 `flags` is 0, or `VENUE_NEW_TEST_CLOCK`: such a file stands at the instant `now` (RFC 3339; the machine's where it is
 empty) until a command brings a later one, by the member `now` of `venue_call`.

 Threads: any. Ownership: the texts are borrowed for the call; the error, if one is written, is to be freed with
 `venue_text_free`. Errors: `VENUE_FOREIGN_FILE`, `VENUE_NEWER_SCHEMA`, `VENUE_BAD_PATH`, `VENUE_NETWORK_FS`,
 `VENUE_ARGUMENT` for other flags.

 # Safety
 `path` points to `path_size` bytes; `now` is null or points to `now_size` bytes; `error` is null or can be written.
 */
venue_status venue_create(const char *path,
                          size_t path_size,
                          uint32_t flags,
                          const char *now,
                          size_t now_size,
                          struct venue_text *error);

/*
 Copies the file, as it is at one instant and while it is in use, to a new file.

 Threads: any; sales go on meanwhile. Ownership: the target's name is borrowed for the call; `copy` is the caller's. It
 is written only on `VENUE_OK`, `error` only otherwise, and then no target is left behind. Errors:
 `VENUE_TARGET_EXISTS`, `VENUE_DISK_FULL`, `VENUE_IO_ERROR`, `VENUE_DAMAGED`.

 # Safety
 `target` points to `target_size` bytes; `copy` is null or points to a struct of the size it says; `error` is null or
 can be written.
 */
venue_status venue_backup(venue_handle handle,
                          const char *target,
                          size_t target_size,
                          struct venue_copy *copy,
                          struct venue_text *error);

/*
 Puts a backup in the place of a file that nobody has open, this process included. The file that was there is kept beside
 it. The reply is `{"type":"restore","data":{"file":..,"before":..}}`.

 Threads: any. Ownership: the names are borrowed for the call; the reply, or else the error, is to be freed with
 `venue_text_free`. `reply` is written only on `VENUE_OK`, `error` only otherwise. Errors: `VENUE_IN_USE` while anybody
 has the target open; `VENUE_NO_FILE`, `VENUE_FOREIGN_FILE`, `VENUE_NEWER_SCHEMA`, `VENUE_DAMAGED` of the backup: the
 target stays as it is.

 # Safety
 `backup` and `target` point to as many bytes as their sizes say; `reply` and `error` are null or can be written.
 */
venue_status venue_restore(const char *backup,
                           size_t backup_size,
                           const char *target,
                           size_t target_size,
                           struct venue_text *reply,
                           struct venue_text *error);

/*
 Says how much of a slot is free. `slot` is an id, or `EVENT@LOCAL`.

 Threads: any, many at once on one handle; it waits for nobody who writes. Ownership: the slot's name and the
 options are borrowed for the call; `found` is the caller's, with nothing in it to free. It is written only on
 `VENUE_OK`, `error` only otherwise. Errors: `VENUE_NOT_FOUND`, `VENUE_BUSY` if too many read at once.

 # Safety
 `slot` points to as many bytes as its size says; `options` is null or points to options; `found` is null or points
 to a struct of the size it says; `error` is null or can be written.
 */
venue_status venue_availability(venue_handle handle,
                                const char *slot,
                                size_t slot_size,
                                const struct venue_options *options,
                                struct venue_slot *found,
                                struct venue_text *error);

/*
 Frees a text and makes it empty. Null and empty texts are fine, so freeing twice is too.

 Threads: any; one text from one thread at a time. Ownership: `text` itself stays the caller's, its bytes are
 gone. Lifetime: pointers into the text end here.

 # Safety
 `text` is null, or points to a text that this library wrote or that is all zero.
 */
void venue_text_free(struct venue_text *text);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* VENUE_H */
