/* Feeds that call back: everything once and in order, stopping from everywhere, closing while they run, forking in the
 * middle. Also built as C++. */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "claims.h"

/* What a callback has heard, and what it is to do. */
struct ears {
  pthread_mutex_t lock;
  pthread_cond_t bell;
  venue_handle venue;
  venue_feed feed;
  int changes, last_calls, stop_after, close_inside, sell_inside, fork_inside, wait_inside, waiting;
  venue_status last;
  const char *path;
};

static void listen_well(struct ears *ears, venue_handle venue) {
  memset(ears, 0, sizeof *ears);
  CHECK(pthread_mutex_init(&ears->lock, NULL) == 0 && pthread_cond_init(&ears->bell, NULL) == 0);
  ears->venue = venue;
}

static void sell(venue_handle venue, int *seat) {
  char name[16];
  venue_booking booking = no_booking();
  /* A checker of memory runs one thread at a time, and slowly. */
  venue_options patient = local();
  patient.deadline_ms = 600000;
  snprintf(name, sizeof name, "%c-%d", 'A' + *seat / 8, *seat % 8 + 1);
  *seat += 1;
  CHECK(venue_hold_seats(venue, TEXT(SLOT), TEXT(name), &patient, &booking, NULL) == VENUE_OK);
}

/* How many changes there are. */
static int length(venue_handle venue) {
  char cursor[256] = "";
  int changes = 0;
  for (;;) {
    venue_text reply = {NULL, 0};
    venue_status status;
    do status = venue_feed_next(venue, TEXT(cursor), 0, NULL, &reply, NULL);
    while (status / 100 == 4);
    CHECK(status == VENUE_OK);
    int before = changes;
    for (const char *at = reply.data; (at = strstr(at, "\"sequence\":")) != NULL; at++) changes++;
    const char *next = strstr(reply.data, "\"next\":\"");
    CHECK(next != NULL && sscanf(next, "\"next\":\"%255[^\"]", cursor) == 1);
    venue_text_free(&reply);
    if (changes == before) return changes;
  }
}

/* The child of a fork in a callback: its handles are its parent's, and it opens its own. */
static void in_a_child(struct ears *ears) {
  venue_text error = {NULL, 0}, reply = {NULL, 0};
  venue_handle own = 0;
  FAILS(call(ears->venue, "clock_show", "", &reply, &error), VENUE_FORKED, &error, "forked");
  FAILS(venue_close(ears->venue, &error), VENUE_FORKED, &error, "forked");
  FAILS(venue_feed_stop(ears->venue, ears->feed, &error), VENUE_FORKED, &error, "forked");
  CHECK(venue_open(TEXT(ears->path), &own, NULL) == VENUE_OK);
  CHECK(venue_close(own, NULL) == VENUE_OK);
}

static int32_t heard(void *context, venue_status status, const char *text, size_t size) {
  struct ears *ears = (struct ears *)context;
  venue_text reply = {NULL, 0}, error = {NULL, 0};
  int stop = 0;
  CHECK(strlen(text) == size);
  if (ears->close_inside && status == VENUE_OK)
    FAILS(venue_close(ears->venue, &error), VENUE_REENTRANT, &error, "reentrant");
  if (ears->sell_inside && status == VENUE_OK) {
    CHECK(call(ears->venue, "slot_list", "{}", &reply, NULL) == VENUE_OK);
    venue_text_free(&reply);
  }
  if (ears->fork_inside && status == VENUE_OK) {
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
      in_a_child(ears);
      /* One child leaves here, the other goes back into the library, which lets its thread end. */
      if (ears->changes % 2 == 0) leave();
      CHECK(atexit(leave) == 0);
      return 0;
    }
    int how = 0;
    CHECK(waitpid(child, &how, 0) == child && WIFEXITED(how) && WEXITSTATUS(how) == 0);
  }
  pthread_mutex_lock(&ears->lock);
  while (ears->wait_inside && status == VENUE_OK) {
    ears->waiting = 1;
    pthread_cond_broadcast(&ears->bell);
    pthread_cond_wait(&ears->bell, &ears->lock);
  }
  CHECK(ears->last_calls == 0);
  if (status == VENUE_OK) {
    CHECK(strncmp(text, "{\"type\":\"change\"", 8) == 0 || strstr(text, "\"type\":\"change\"") != NULL);
    ears->changes++;
    stop = ears->stop_after != 0 && ears->changes >= ears->stop_after;
  } else {
    ears->last_calls++;
    ears->last = status;
    CHECK(strstr(text, "\"type\":\"error\"") != NULL);
  }
  pthread_cond_broadcast(&ears->bell);
  pthread_mutex_unlock(&ears->lock);
  return stop;
}

static int32_t stop_me(void *context, venue_status status, const char *text, size_t size) {
  struct ears *ears = (struct ears *)context;
  if (status == VENUE_OK) CHECK(venue_feed_stop(ears->venue, ears->feed, NULL) == VENUE_OK);
  return heard(context, status, text, size);
}

static void wait_for(struct ears *ears, int changes, int last_calls) {
  pthread_mutex_lock(&ears->lock);
  while (ears->changes < changes || ears->last_calls < last_calls) pthread_cond_wait(&ears->bell, &ears->lock);
  pthread_mutex_unlock(&ears->lock);
}

static void begin(struct ears *ears, venue_change_callback callback) {
  venue_status status;
  do status = venue_feed_start(ears->venue, NULL, 0, NULL, callback, ears, &ears->feed, NULL);
  while (status / 100 == 4);
  CHECK(status == VENUE_OK);
  CHECK(ears->feed != 0);
}

/* Two feeds hear the same; each ends with one last call. */
static void everything_once(venue_handle venue, int *seat) {
  struct ears one, two;
  venue_text error = {NULL, 0};
  listen_well(&one, venue);
  listen_well(&two, venue);
  one.close_inside = 1;
  two.sell_inside = 1;
  begin(&one, heard);
  begin(&two, heard);
  CHECK(one.feed != two.feed);
  for (int i = 0; i < 5; i++) sell(venue, seat);
  wait_for(&one, length(venue), 0);
  wait_for(&two, length(venue), 0);
  CHECK(venue_feed_stop(venue, one.feed, NULL) == VENUE_OK);
  CHECK(venue_feed_stop(venue, two.feed, NULL) == VENUE_OK);
  CHECK(one.last_calls == 1 && one.last == VENUE_ENGINE_CLOSED);
  CHECK(one.changes == length(venue) && two.changes == one.changes);
  CHECK(venue_feed_stop(venue, one.feed, NULL) == VENUE_OK);
  FAILS(venue_feed_stop(venue, two.feed + 1, &error), VENUE_BAD_HANDLE, &error, "bad_handle");
  FAILS(venue_feed_stop(venue, 0, &error), VENUE_BAD_HANDLE, &error, "bad_handle");
}

static void stopped_from_inside(venue_handle venue) {
  struct ears ears;
  listen_well(&ears, venue);
  ears.stop_after = 2;
  begin(&ears, heard);
  wait_for(&ears, 2, 1);
  CHECK(ears.changes == 2);
  CHECK(venue_feed_stop(venue, ears.feed, NULL) == VENUE_OK);

  struct ears other;
  listen_well(&other, venue);
  begin(&other, stop_me);
  wait_for(&other, 1, 1);
  CHECK(venue_feed_stop(venue, other.feed, NULL) == VENUE_OK);
  CHECK(other.changes == 1 && other.last == VENUE_ENGINE_CLOSED);
}

static void wrong_feeds(venue_handle venue) {
  venue_text error = {NULL, 0};
  venue_feed feed = 0;
  struct ears ears;
  listen_well(&ears, venue);
  FAILS(venue_feed_start(venue, TEXT("x"), NULL, heard, &ears, &feed, &error), VENUE_BAD_CURSOR, &error, "bad_cursor");
  FAILS(venue_feed_start(venue, NULL, 0, NULL, NULL, &ears, &feed, &error), VENUE_NULL, &error, "null");
  FAILS(venue_feed_start(venue, NULL, 0, NULL, heard, &ears, NULL, &error), VENUE_NULL, &error, "null");
  CHECK(feed == 0);
}

/* As many as a handle can have, all of them in a callback that does not return: each counts, and one more is refused. */
static void a_crowd(venue_handle venue) {
  venue_text error = {NULL, 0};
  venue_feed feed = 0;
  struct ears crowd[64], ears;
  listen_well(&ears, venue);
  for (int i = 0; i < 64; i++) {
    listen_well(&crowd[i], venue);
    crowd[i].wait_inside = 1;
    begin(&crowd[i], heard);
    pthread_mutex_lock(&crowd[i].lock);
    while (!crowd[i].waiting) pthread_cond_wait(&crowd[i].bell, &crowd[i].lock);
    pthread_mutex_unlock(&crowd[i].lock);
  }
  FAILS(venue_feed_start(venue, NULL, 0, NULL, heard, &ears, &feed, &error), VENUE_ARGUMENT, &error, "argument");
  CHECK(feed == 0);
  for (int i = 0; i < 64; i++) {
    pthread_mutex_lock(&crowd[i].lock);
    crowd[i].wait_inside = 0;
    pthread_cond_broadcast(&crowd[i].bell);
    pthread_mutex_unlock(&crowd[i].lock);
    CHECK(venue_feed_stop(venue, crowd[i].feed, NULL) == VENUE_OK);
    CHECK(crowd[i].last_calls == 1 && crowd[i].last == VENUE_ENGINE_CLOSED);
  }
}

static void forks(venue_handle venue, const char *path) {
  struct ears ears;
  listen_well(&ears, venue);
  ears.fork_inside = 1;
  ears.path = path;
  begin(&ears, heard);
  wait_for(&ears, 4, 0);
  CHECK(venue_feed_stop(venue, ears.feed, NULL) == VENUE_OK);
}

static void *poll_until_closed(void *argument) {
  venue_handle venue = *(venue_handle *)argument;
  venue_text reply = {NULL, 0};
  /* The feed has no end: only the close ends this wait of 49 days. */
  venue_status status = VENUE_OK;
  char cursor[256] = "";
  while (status == VENUE_OK) {
    do status = venue_feed_next(venue, TEXT(cursor), UINT32_MAX, NULL, &reply, NULL);
    while (status / 100 == 4);
    if (status != VENUE_OK) break;
    const char *next = strstr(reply.data, "\"next\":\"");
    CHECK(next != NULL && sscanf(next, "\"next\":\"%255[^\"]", cursor) == 1);
    venue_text_free(&reply);
  }
  CHECK(status == VENUE_ENGINE_CLOSED || status == VENUE_BAD_HANDLE);
  return NULL;
}

/* Closing ends those who call back and those who wait. */
static void closed_while_running(venue_handle venue) {
  struct ears ears[3];
  pthread_t waiting;
  for (int i = 0; i < 3; i++) {
    listen_well(&ears[i], venue);
    ears[i].sell_inside = i == 1;
    begin(&ears[i], heard);
  }
  ears[1].sell_inside = 0;
  CHECK(pthread_create(&waiting, NULL, poll_until_closed, &venue) == 0);
  wait_for(&ears[0], 1, 0);
  CHECK(venue_close(venue, NULL) == VENUE_OK);
  for (int i = 0; i < 3; i++) CHECK(ears[i].last_calls == 1 && ears[i].last == VENUE_ENGINE_CLOSED);
  CHECK(pthread_join(waiting, NULL) == 0);
}

int main(int count, char **arguments) {
  CHECK(count == 2);
  venue_handle venue = 0;
  int seat = 0;
  CHECK(venue_open(TEXT(arguments[1]), &venue, NULL) == VENUE_OK);
  everything_once(venue, &seat);
  stopped_from_inside(venue);
  wrong_feeds(venue);
  a_crowd(venue);
  forks(venue, arguments[1]);
  closed_while_running(venue);
  puts("heard");
  return 0;
}
