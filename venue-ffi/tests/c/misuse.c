/* Every function with every argument wrong in every way: null, not UTF-8, with a zero byte, too large; structs of wrong
 * sizes; closed, forged and foreign handles; eight threads with a close in flight; a fork in the middle. What is answered
 * is a status, and what was to be written stays as it was. Also built as C++. */
#include <pthread.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include "claims.h"

enum way { RIGHT, NULLED, NOT_UTF8, ZERO_BYTE, HUGE_SIZE, WAYS };

/* The functions that can fail, and their arguments that are texts and places, in this order. */
enum function {
  OPEN, CALL, HOLD_SEATS, HOLD_BEST, HOLD_AREA, CONFIRM, RELEASE, AVAILABILITY, FEED_NEXT, FEED_START, BACKUP, RESTORE,
  CREATE, FEED_STOP, CLOSE, FUNCTIONS
};
static const int texts_of[FUNCTIONS] = {1, 2, 2, 3, 2, 1, 1, 1, 1, 1, 1, 2, 2, 0, 0};
static const int places_of[FUNCTIONS] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1, 1, 0, 0, 0};

/* What the functions write to, filled with a pattern before each attempt. */
static struct places {
  venue_handle handle;
  venue_text reply;
  venue_feed feed;
  venue_booking booking;
  venue_slot slot;
  venue_copy copy;
} places, untouched;
static char new_file[4096], old_file[4096];

static int32_t quiet(void *context, venue_status status, const char *text, size_t size) {
  (void)context, (void)status, (void)text, (void)size;
  return 0;
}

static void fresh_places(void) {
  memset(&places, 0xAA, sizeof places);
  places.booking.size = sizeof places.booking;
  places.slot.size = sizeof places.slot;
  places.copy.size = sizeof places.copy;
  untouched = places;
}

static const char *text_in(enum way way, const char *right) {
  static const char zero[] = "a\0b", not_utf8[] = "a\xff";
  switch (way) {
    case NULLED: return NULL;
    case NOT_UTF8: return not_utf8;
    case ZERO_BYTE: return zero;
    /* The size alone is refused: not a byte behind this pointer could be read. */
    case HUGE_SIZE: return (const char *)(uintptr_t)1;
    default: return right;
  }
}

static size_t size_in(enum way way, const char *right) {
  switch (way) {
    case NULLED: return 1;
    case NOT_UTF8: return 2;
    case ZERO_BYTE: return 3;
    case HUGE_SIZE: return SIZE_MAX;
    default: return strlen(right);
  }
}

/* Calls a function with one of its arguments wrong. */
static venue_status attempt(enum function function, venue_handle venue, int argument, enum way way,
                            const venue_options *options, venue_text *error) {
  int texts = texts_of[function];
#define WAY(n) (argument == (n) ? way : RIGHT)
#define SAID(n, right) text_in(WAY(n), right), size_in(WAY(n), right)
#define PLACE(n, place) (argument == texts + (n) && way == NULLED ? NULL : &(place))
  switch (function) {
    case OPEN: return venue_open(SAID(0, "/no/such/file"), PLACE(0, places.handle), error);
    case CALL: return venue_call(venue, SAID(0, "hold"), SAID(1, "{}"), PLACE(0, places.reply), error);
    case HOLD_SEATS:
      return venue_hold_seats(venue, SAID(0, SLOT), SAID(1, "Z-9"), options, PLACE(0, places.booking), error);
    case HOLD_BEST:
      return venue_hold_best(venue, SAID(0, SLOT), 2, SAID(1, "Parkett"), SAID(2, "Saal"), 0, options,
                             PLACE(0, places.booking), error);
    case HOLD_AREA:
      return venue_hold_area(venue, SAID(0, SLOT), SAID(1, "Stand"), 2, options, PLACE(0, places.booking), error);
    case CONFIRM: return venue_confirm(venue, SAID(0, "7Q4ZK2MB"), options, PLACE(0, places.booking), error);
    case RELEASE: return venue_release(venue, SAID(0, "7Q4ZK2MB"), options, PLACE(0, places.booking), error);
    case AVAILABILITY: return venue_availability(venue, SAID(0, "x@2027-01-07T20:00"), options, PLACE(0, places.slot), error);
    case FEED_NEXT: return venue_feed_next(venue, SAID(0, "wrong"), 0, options, PLACE(0, places.reply), error);
    case FEED_START:
      return venue_feed_start(venue, SAID(0, "wrong"), options, argument == texts && way == NULLED ? NULL : quiet, NULL,
                              PLACE(1, places.feed), error);
    case BACKUP: return venue_backup(venue, SAID(0, old_file), PLACE(0, places.copy), error);
    case RESTORE: return venue_restore(SAID(0, new_file), SAID(1, new_file), PLACE(0, places.reply), error);
    case CREATE: return venue_create(SAID(0, new_file), 7, SAID(1, "2027-01-01T12:00:00Z"), error);
    case FEED_STOP: return venue_feed_stop(venue, 77, error);
    default: return venue_close(venue, error);
  }
}

static void every_argument_of_every_function(venue_handle venue) {
  static const venue_status wanted[WAYS] = {0, VENUE_NULL, VENUE_BAD_TEXT, VENUE_BAD_TEXT, VENUE_TOO_LARGE};
  static const char *const codes[WAYS] = {"", "null", "bad_text", "bad_text", "too_large"};
  for (int function = 0; function < FEED_STOP; function++)
    for (int argument = 0; argument < texts_of[function] + places_of[function]; argument++)
      for (int way = NULLED; way < WAYS; way++) {
        if (argument >= texts_of[function] && way != NULLED) continue;
        venue_text error = {NULL, 0};
        fresh_places();
        FAILS(attempt((enum function)function, venue, argument, (enum way)way, NULL, &error), wanted[way], &error,
              codes[way]);
        /* Without a place for the error it fails all the same. */
        CHECK(attempt((enum function)function, venue, argument, (enum way)way, NULL, NULL) == wanted[way]);
        CHECK(memcmp(&places, &untouched, sizeof places) == 0);
      }
}

/* All arguments right, as far as texts go: the engine itself refuses each of these. */
static void what_the_engine_refuses(venue_handle venue) {
  for (int function = 0; function < FEED_STOP; function++) {
    venue_text error = {NULL, 0};
    fresh_places();
    CHECK(attempt((enum function)function, venue, -1, RIGHT, NULL, &error) != VENUE_OK);
    CHECK(error.data != NULL && strstr(error.data, "\"code\":\"") != NULL);
    venue_text_free(&error);
    CHECK(memcmp(&places, &untouched, sizeof places) == 0);
  }
}

static void every_text_of_the_options(venue_handle venue) {
  static const venue_status wanted[WAYS] = {0, VENUE_NULL, VENUE_BAD_TEXT, VENUE_BAD_TEXT, VENUE_TOO_LARGE};
  static const char *const codes[WAYS] = {"", "null", "bad_text", "bad_text", "too_large"};
  for (int way = NULLED; way < WAYS; way++)
    for (int text = 0; text < 11; text++) {
      venue_text error = {NULL, 0};
      venue_options options = local();
      venue_view *views[11] = {&options.organizer, &options.actor, &options.terminal, &options.address,
                               &options.idempotency_key, &options.request_id, &options.token, &options.buyer,
                               &options.payment, &options.event, &options.slot};
      views[text]->data = text_in((enum way)way, "");
      views[text]->size = size_in((enum way)way, "");
      fresh_places();
      FAILS(attempt(HOLD_SEATS, venue, -1, RIGHT, &options, &error), wanted[way], &error, codes[way]);
      CHECK(memcmp(&places, &untouched, sizeof places) == 0);
    }
}

static void every_size_of_every_struct(venue_handle venue) {
  static const uint32_t wrong[] = {0, 1, 4, 15, 4097, 0x80000000u, UINT32_MAX};
  venue_text error = {NULL, 0};
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    venue_options options = local();
    options.size = wrong[i];
    fresh_places();
    FAILS(attempt(HOLD_SEATS, venue, -1, RIGHT, &options, &error), VENUE_BAD_SIZE, &error, "bad_size");
    FAILS(attempt(FEED_NEXT, venue, -1, RIGHT, &options, &error), VENUE_BAD_SIZE, &error, "bad_size");
    places.booking.size = places.slot.size = places.copy.size = wrong[i];
    untouched = places;
    FAILS(attempt(CONFIRM, venue, -1, RIGHT, NULL, &error), VENUE_BAD_SIZE, &error, "bad_size");
    FAILS(attempt(AVAILABILITY, venue, -1, RIGHT, NULL, &error), VENUE_BAD_SIZE, &error, "bad_size");
    FAILS(attempt(BACKUP, venue, -1, RIGHT, NULL, &error), VENUE_BAD_SIZE, &error, "bad_size");
    CHECK(memcmp(&places, &untouched, sizeof places) == 0);
  }
  /* A program of the future: what it says is refused, what it leaves out is not missed; what it gets is zero. */
  struct { venue_options known; uint64_t added; } newer;
  memset(&newer, 0, sizeof newer);
  fresh_places();
  newer.known.size = sizeof newer;
  FAILS(attempt(CONFIRM, venue, -1, RIGHT, &newer.known, &error), VENUE_NOT_FOUND, &error, "not_found");
  newer.added = 1;
  FAILS(attempt(CONFIRM, venue, -1, RIGHT, &newer.known, &error), VENUE_BAD_SIZE, &error, "bad_size");
  struct { venue_slot known; uint64_t added; } grown;
  memset(&grown, 0xAA, sizeof grown);
  grown.known.size = sizeof grown;
  CHECK(venue_availability(venue, TEXT(SLOT), NULL, &grown.known, NULL) == VENUE_OK);
  CHECK(grown.known.size == sizeof grown && grown.known.capacity == 40 && grown.added == 0);
}

static void wrong_handles(venue_handle venue, venue_handle closed) {
  const venue_handle wrong[] = {0, 1, closed, venue + 1, venue + ((venue_handle)1 << 32), ~(venue_handle)0,
                                venue ^ ((venue_handle)0x7fff << 48)};
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
    for (int function = CALL; function < FUNCTIONS; function++) {
      if (function == RESTORE || function == CREATE) continue;
      venue_text error = {NULL, 0};
      fresh_places();
      FAILS(attempt((enum function)function, wrong[i], -1, RIGHT, NULL, &error), VENUE_BAD_HANDLE, &error, "bad_handle");
      CHECK(attempt((enum function)function, wrong[i], -1, RIGHT, NULL, NULL) == VENUE_BAD_HANDLE);
      CHECK(memcmp(&places, &untouched, sizeof places) == 0);
    }
}

/* One of eight: reads, holds, gives back, follows, until the handle is closed under it. */
static void *busy(void *argument) {
  venue_handle venue = *(venue_handle *)argument;
  venue_options patient = local();
  patient.deadline_ms = 600000;
  for (int turn = 0;; turn++) {
    venue_booking booking = no_booking();
    venue_slot slot = no_slot();
    venue_text reply = {NULL, 0}, error = {NULL, 0};
    venue_feed feed = 0;
    venue_status status;
    begin_turn();
    switch (turn % 5) {
      case 0: status = venue_availability(venue, TEXT(SLOT), NULL, &slot, NULL); break;
      case 1:
        status = venue_hold_seats(venue, TEXT(SLOT), TEXT("A-1"), &patient, &booking, &error);
        CHECK(status == VENUE_OK || error.data != NULL);
        venue_text_free(&error);
        if (status == VENUE_OK) status = venue_release(venue, TEXT(booking.id), &patient, &booking, NULL);
        if (status == VENUE_ALL_HELD || status == VENUE_SEATS_TAKEN) status = VENUE_OK;
        break;
      case 2: status = venue_feed_next(venue, NULL, 0, 1, NULL, &reply, NULL); break;
      case 3: status = call(venue, "booking_list", "{\"limit\":3}", &reply, NULL); break;
      default:
        status = venue_feed_start(venue, NULL, 0, NULL, quiet, NULL, &feed, NULL);
        if (status == VENUE_OK) status = venue_feed_stop(venue, feed, NULL);
    }
    venue_text_free(&reply);
    end_turn();
    if (status == VENUE_BAD_HANDLE) return NULL;
    CHECK(status == VENUE_OK || status == VENUE_ENGINE_CLOSED || status / 100 == 4);
  }
}

static void in_a_child(venue_handle venue, const char *path) {
  for (int function = CALL; function < FUNCTIONS; function++) {
    if (function == RESTORE || function == CREATE) continue;
    venue_text error = {NULL, 0};
    fresh_places();
    FAILS(attempt((enum function)function, venue, -1, RIGHT, NULL, &error), VENUE_FORKED, &error, "forked");
    CHECK(memcmp(&places, &untouched, sizeof places) == 0);
  }
  venue_handle own = 0;
  CHECK(venue_open(TEXT(path), &own, NULL) == VENUE_OK);
  CHECK(own != venue);
  venue_slot slot = no_slot();
  CHECK(venue_availability(own, TEXT(SLOT), NULL, &slot, NULL) == VENUE_OK);
  CHECK(venue_close(own, NULL) == VENUE_OK);
  CHECK(venue_close(own, NULL) == VENUE_BAD_HANDLE);
}

/* Eight threads, forks while they work, and a close while they work. */
static void in_the_middle(venue_handle venue, const char *path) {
  pthread_t threads[8];
  for (int i = 0; i < 8; i++) CHECK(pthread_create(&threads[i], NULL, busy, &venue) == 0);
  for (int i = 0; i < 3; i++) {
    usleep(10000);
    pid_t child = fork_between_turns();
    CHECK(child >= 0);
    if (child == 0) {
      in_a_child(venue, path);
      leave();
    }
    int how = 0;
    CHECK(waitpid(child, &how, 0) == child && WIFEXITED(how) && WEXITSTATUS(how) == 0);
  }
  CHECK(venue_close(venue, NULL) == VENUE_OK);
  for (int i = 0; i < 8; i++) CHECK(pthread_join(threads[i], NULL) == 0);
}

int main(int count, char **arguments) {
  CHECK(count == 2);
  const char *path = arguments[1];
  snprintf(new_file, sizeof new_file, "%s.new", path);
  snprintf(old_file, sizeof old_file, "%s", path);
  venue_handle venue = 0, closed = 0;
  CHECK(venue_open(TEXT(path), &closed, NULL) == VENUE_OK);
  CHECK(venue_close(closed, NULL) == VENUE_OK);
  CHECK(venue_close(closed, NULL) == VENUE_BAD_HANDLE);
  CHECK(venue_open(TEXT(path), &venue, NULL) == VENUE_OK);
  CHECK(venue != closed);
  every_argument_of_every_function(venue);
  what_the_engine_refuses(venue);
  every_text_of_the_options(venue);
  every_size_of_every_struct(venue);
  wrong_handles(venue, closed);
  in_the_middle(venue, path);
  wrong_handles(venue + 1, venue);
  CHECK(access(new_file, F_OK) != 0);
  puts("nothing broke");
  return 0;
}
