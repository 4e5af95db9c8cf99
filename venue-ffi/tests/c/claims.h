/* What the programs beside this file share: claims that end the program when they do not hold, and calls with less to
 * write. Also read as C++. */
#ifndef CLAIMS_H
#define CLAIMS_H

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "venue.h"

#define CHECK(condition)                                                                 \
  do {                                                                                   \
    if (!(condition)) {                                                                  \
      fprintf(stderr, "%s, line %d: %s\n", __FILE__, __LINE__, #condition);              \
      exit(1);                                                                           \
    }                                                                                    \
  } while (0)

/* Fails with this status, and says so with this code. */
#define FAILS(got, wanted, error, code) fails(__FILE__, __LINE__, got, wanted, error, code)

/* A text and its size, as two arguments. */
#define TEXT(text) text, strlen(text)

static inline void fails(const char *file, int line, venue_status got, venue_status wanted, venue_text *error,
                         const char *code) {
  char member[64];
  snprintf(member, sizeof member, "\"code\":\"%s\"", code);
  if (got != wanted || error->data == NULL || strstr(error->data, member) == NULL ||
      strlen(error->data) != error->size) {
    fprintf(stderr, "%s, line %d: status %d, not %d %s: %s\n", file, line, got, wanted, code,
            error->data == NULL ? "" : error->data);
    exit(1);
  }
  venue_text_free(error);
  CHECK(error->data == NULL && error->size == 0);
}

static inline venue_status call(venue_handle venue, const char *name, const char *request, venue_text *reply,
                                venue_text *error) {
  return venue_call(venue, TEXT(name), TEXT(request), reply, error);
}

static inline venue_view view(const char *text) {
  venue_view lent;
  lent.data = text;
  lent.size = strlen(text);
  return lent;
}

/* The box office. */
static inline venue_options local(void) {
  venue_options options;
  memset(&options, 0, sizeof options);
  options.size = sizeof options;
  return options;
}

static inline venue_booking no_booking(void) {
  venue_booking booking;
  memset(&booking, 0, sizeof booking);
  booking.size = sizeof booking;
  return booking;
}

static inline venue_slot no_slot(void) {
  venue_slot slot;
  memset(&slot, 0, sizeof slot);
  slot.size = sizeof slot;
  return slot;
}

/* How a forked child ends: as another program. It has no threads of its parent's, so whatever only they knew of would look
 * lost to a checker of memory at its end. */
static inline void leave(void) {
  execl("/bin/true", "true", (char *)NULL);
  _exit(3);
}

/* Threads that work while others fork do it in turns. At a fork they are in the middle of one, but under AddressSanitizer:
 * its allocator (GCC 12's) does not know of forks, and a child for which another thread was in it would wait for ever. */
#ifdef __SANITIZE_ADDRESS__
static pthread_rwlock_t turns = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;
static inline void begin_turn(void) { CHECK(pthread_rwlock_rdlock(&turns) == 0); }
static inline void end_turn(void) { CHECK(pthread_rwlock_unlock(&turns) == 0); }
static inline pid_t fork_between_turns(void) {
  CHECK(pthread_rwlock_wrlock(&turns) == 0);
  pid_t child = fork();
  if (child != 0) end_turn();
  return child;
}
#else
static inline void begin_turn(void) {}
static inline void end_turn(void) {}
static inline pid_t fork_between_turns(void) { return fork(); }
#endif

/* The slot of the README's season. */
#define SLOT "metropolis@2027-01-07T20:00"

#endif
