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
 The number of this binary interface. It changes only when a program built against an older header would not
 work any more; the shared library's name ends with it.
 */
#define VENUE_ABI_VERSION 1

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

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

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
 only otherwise. A child process opens handles of its own.

 # Safety
 `path` points to `path_size` bytes; `handle` is null or can be written; `error` is null or can be written.
 */
venue_status venue_open(const char *path,
                        size_t path_size,
                        venue_handle *handle,
                        struct venue_text *error);

/*
 Closes a handle: calls in flight end first, later ones answer `VENUE_BAD_HANDLE`.

 Threads: any, but not from inside a call of the same handle. Ownership: the error, if one is written, is to be
 freed with `venue_text_free`. Lifetime: the handle ends here; texts that were given live on.

 # Safety
 `error` is null or can be written.
 */
venue_status venue_close(venue_handle handle,
                         struct venue_text *error);

/*
 Does what the verb of this name does. The request is a JSON object, or empty; the reply is one too.

 Threads: any, many at once on one handle; they are decided one by one. Ownership: name and request are borrowed
 for the call; the reply, or else the error, is to be freed with `venue_text_free`. `reply` is written only on
 `VENUE_OK`, `error` only otherwise. On an error of class 5 (unknown) ask again with the key that it carries.

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
 Makes a file and its secret, both whole or absent; a VENUE file that is there is left as it is. The request is
 a JSON object, or empty: `group` (a number), `test_clock` (true or false), `now` (where a test clock begins). The
 reply is `{"type":"init","data":{"file","created","test_clock"}}`.

 Threads: any. Ownership: path and request are borrowed for the call; the reply, or else the error, is to be freed
 with `venue_text_free`. `reply` may be null; it is written only on `VENUE_OK`, `error` only otherwise.

 # Safety
 `path` and `request` point to as many bytes as their sizes say; `reply` and `error` are null or can be written.
 */
venue_status venue_init(const char *path,
                        size_t path_size,
                        const char *request,
                        size_t request_size,
                        struct venue_text *reply,
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
