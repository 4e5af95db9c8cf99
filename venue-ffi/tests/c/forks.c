/* Forks: a parent with busy threads, children that open the same file, and what the others see of them. Also built as C++. */
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include "claims.h"

static volatile int stop;

static void *busy(void *argument) {
  venue_handle venue = *(venue_handle *)argument;
  venue_options patient = local();
  patient.deadline_ms = 600000;
  while (!stop) {
    venue_booking booking = no_booking();
    venue_text reply = {NULL, 0};
    begin_turn();
    if (venue_hold_seats(venue, TEXT(SLOT), TEXT("A-1"), &patient, &booking, NULL) == VENUE_OK)
      CHECK(venue_release(venue, TEXT(booking.id), &patient, &booking, NULL) == VENUE_OK);
    /* More threads than can read at once, and a checker of memory lets one after the other go on, slowly. */
    venue_status status = call(venue, "slot_map", "{\"slot\":\"" SLOT "\"}", &reply, NULL);
    CHECK(status == VENUE_OK || status == VENUE_BUSY);
    venue_text_free(&reply);
    end_turn();
  }
  return NULL;
}

/* Who else has a lock on this part of this file; 0 is nobody. This process's own locks are not seen. */
static pid_t owner(const char *path, const char *behind, off_t start, off_t length) {
  char name[4200];
  struct flock lock;
  snprintf(name, sizeof name, "%s%s", path, behind);
  int file = open(name, O_RDWR);
  CHECK(file >= 0);
  memset(&lock, 0, sizeof lock);
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = start;
  lock.l_len = length;
  CHECK(fcntl(file, F_GETLK, &lock) == 0);
  close(file);
  return lock.l_type == F_UNLCK ? 0 : lock.l_pid;
}

/* A child sells through a handle of its own, as often as its parent forks in the middle of everything. */
static void children_of_a_busy_parent(venue_handle venue, const char *path) {
  pthread_t threads[6];
  for (int i = 0; i < 6; i++) CHECK(pthread_create(&threads[i], NULL, busy, &venue) == 0);
  for (int i = 0; i < 12; i++) {
    usleep(3000);
    pid_t child = fork_between_turns();
    CHECK(child >= 0);
    if (child == 0) {
      char seat[16];
      venue_handle own = 0;
      venue_options patient = local();
      venue_booking booking = no_booking();
      venue_text error = {NULL, 0};
      patient.deadline_ms = 600000;
      snprintf(seat, sizeof seat, "%c-%d", 'B' + i / 8, i % 8 + 1);
      FAILS(venue_hold_seats(venue, TEXT(SLOT), TEXT(seat), NULL, &booking, &error), VENUE_FORKED, &error, "forked");
      CHECK(venue_open(TEXT(path), &own, NULL) == VENUE_OK);
      venue_status status = venue_hold_seats(own, TEXT(SLOT), TEXT(seat), &patient, &booking, &error);
      if (status != VENUE_OK) fprintf(stderr, "%s\n", error.data);
      CHECK(status == VENUE_OK);
      CHECK(venue_confirm(own, TEXT(booking.id), &patient, &booking, NULL) == VENUE_OK);
      CHECK(venue_close(own, NULL) == VENUE_OK);
      leave();
    }
    int how = 0;
    CHECK(waitpid(child, &how, 0) == child && WIFEXITED(how) && WEXITSTATUS(how) == 0);
  }
  stop = 1;
  for (int i = 0; i < 6; i++) CHECK(pthread_join(threads[i], NULL) == 0);
  venue_slot slot = no_slot();
  CHECK(venue_availability(venue, TEXT(SLOT), NULL, &slot, NULL) == VENUE_OK);
  CHECK(slot.sold == 12 && slot.held == 0);
}

/* A callback that does not return before it is let go, so that its handle cannot be closed. */
static pthread_mutex_t door = PTHREAD_MUTEX_INITIALIZER;
static volatile int inside_callback, closed;

static int32_t behind_the_door(void *context, venue_status status, const char *text, size_t size) {
  (void)context, (void)text, (void)size;
  inside_callback = 1;
  if (status == VENUE_OK) CHECK(pthread_mutex_lock(&door) == 0 && pthread_mutex_unlock(&door) == 0);
  return 0;
}

static void *close_it(void *argument) {
  CHECK(venue_close(*(venue_handle *)argument, NULL) == VENUE_OK);
  closed = 1;
  return NULL;
}

/* Begins to close a handle, which does not end before the door is open. */
static pthread_t begin_to_close(venue_handle *venue) {
  pthread_t closing;
  venue_feed feed = 0;
  venue_slot slot = no_slot();
  CHECK(pthread_mutex_lock(&door) == 0);
  CHECK(venue_feed_start(*venue, NULL, 0, NULL, behind_the_door, NULL, &feed, NULL) == VENUE_OK);
  while (!inside_callback) usleep(1000);
  CHECK(pthread_create(&closing, NULL, close_it, venue) == 0);
  while (venue_availability(*venue, TEXT(SLOT), NULL, &slot, NULL) != VENUE_BAD_HANDLE) usleep(1000);
  CHECK(!closed);
  return closing;
}

/* A child that works is seen by others also when its parent has gone: it has its locks itself. A process that only looks,
 * started before any file was open, asks for them. That is so, too, if the parent closes its handle while it forks. */
static void a_child_is_seen(const char *path, int while_closing) {
  int asked[2], told[2], done[2];
  CHECK(pipe(asked) == 0 && pipe(told) == 0 && pipe(done) == 0);
  pid_t looker = fork();
  CHECK(looker >= 0);
  if (looker == 0) {
    pid_t child = 0;
    CHECK(read(asked[0], &child, sizeof child) == (ssize_t)sizeof child);
    int seen = owner(path, "", 0x40000002, 510) == child && owner(path, "-shm", 128, 1) == child;
    _exit(seen ? 0 : 1);
  }
  venue_handle venue = 0;
  CHECK(venue_open(TEXT(path), &venue, NULL) == VENUE_OK);
  pthread_t closing = pthread_self();
  if (while_closing) closing = begin_to_close(&venue);
  pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    venue_handle own = 0;
    char byte = 0;
    venue_slot slot = no_slot();
    /* So that it ends with its parent, whatever happens there. */
    close(done[1]);
    CHECK(venue_open(TEXT(path), &own, NULL) == VENUE_OK);
    CHECK(venue_availability(own, TEXT(SLOT), NULL, &slot, NULL) == VENUE_OK);
    CHECK(write(told[1], "!", 1) == 1 && read(done[0], &byte, 1) >= 0);
    leave();
  }
  char byte = 0;
  int how = 0;
  CHECK(read(told[0], &byte, 1) == 1);
  if (while_closing)
    CHECK(pthread_mutex_unlock(&door) == 0 && pthread_join(closing, NULL) == 0);
  else
    CHECK(venue_close(venue, NULL) == VENUE_OK);
  CHECK(write(asked[1], &child, sizeof child) == (ssize_t)sizeof child);
  CHECK(waitpid(looker, &how, 0) == looker && WIFEXITED(how));
  CHECK(WEXITSTATUS(how) == 0);
  CHECK(write(done[1], "!", 1) == 1);
  CHECK(waitpid(child, &how, 0) == child && WIFEXITED(how) && WEXITSTATUS(how) == 0);
}

int main(int count, char **arguments) {
  CHECK(count == 2);
  const char *path = arguments[1];
  venue_handle venue = 0;
  a_child_is_seen(path, 0);
  a_child_is_seen(path, 1);
  CHECK(venue_open(TEXT(path), &venue, NULL) == VENUE_OK);
  children_of_a_busy_parent(venue, path);
  CHECK(venue_close(venue, NULL) == VENUE_OK);
  puts("each sold its own");
  return 0;
}
