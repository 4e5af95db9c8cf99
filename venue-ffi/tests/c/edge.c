/* What the edge does with wrong handles, null pointers, odd texts, threads and forks. Also built as C++. */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "claims.h"

static void *ask_until_closed(void *argument) {
  venue_handle venue = *(venue_handle *)argument;
  for (;;) {
    venue_text reply = {NULL, 0};
    venue_status status = call(venue, "clock_show", "", &reply, NULL);
    if (status == VENUE_BAD_HANDLE) return NULL;
    CHECK(status == VENUE_OK);
    venue_text_free(&reply);
  }
}

static void wrong_arguments(venue_handle venue) {
  venue_text reply = {NULL, 0}, error = {NULL, 0};
  FAILS(venue_call(venue, NULL, 4, "", 0, &reply, &error), VENUE_NULL, &error, "null");
  FAILS(venue_call(venue, "info", 4, NULL, 2, &reply, &error), VENUE_NULL, &error, "null");
  FAILS(venue_call(venue, "info", 4, "", 0, NULL, &error), VENUE_NULL, &error, "null");
  FAILS(venue_call(venue, "i\xff", 2, "", 0, &reply, &error), VENUE_BAD_TEXT, &error, "bad_text");
  FAILS(venue_call(venue, "i\0o", 3, "", 0, &reply, &error), VENUE_BAD_TEXT, &error, "bad_text");
  /* The size alone is refused: not a byte behind this pointer could be read. */
  FAILS(venue_call(venue, "hold", 4, (const char *)1, (1 << 20) + 1, &reply, &error),
        VENUE_TOO_LARGE, &error, "too_large");
  FAILS(call(venue, "no_such_verb", "{}", &reply, &error), VENUE_UNKNOWN_VERB, &error,
        "unknown_verb");
  FAILS(call(venue, "hold", "{", &reply, &error), VENUE_ARGUMENT, &error, "argument");
  CHECK(call(venue, "no_such_verb", "{}", &reply, NULL) == VENUE_UNKNOWN_VERB);
  CHECK(reply.data == NULL && reply.size == 0);
}

static void wrong_handles(venue_handle venue) {
  venue_text reply = {NULL, 0}, error = {NULL, 0};
  const venue_handle wrong[] = {0, 1, venue + 1, venue + ((venue_handle)1 << 32), ~(venue_handle)0};
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    FAILS(call(wrong[i], "clock_show", "", &reply, &error), VENUE_BAD_HANDLE, &error, "bad_handle");
    FAILS(venue_close(wrong[i], &error), VENUE_BAD_HANDLE, &error, "bad_handle");
  }
}

static void forked(venue_handle venue, const char *path) {
  pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    venue_text reply = {NULL, 0}, error = {NULL, 0};
    venue_handle own = 0;
    FAILS(call(venue, "clock_show", "", &reply, &error), VENUE_FORKED, &error, "forked");
    FAILS(venue_close(venue, &error), VENUE_FORKED, &error, "forked");
    CHECK(venue_open(path, strlen(path), &own, NULL) == VENUE_OK);
    CHECK(own != venue);
    CHECK(call(own, "clock_show", "", &reply, NULL) == VENUE_OK);
    venue_text_free(&reply);
    CHECK(venue_close(own, NULL) == VENUE_OK);
    exit(0);
  }
  int status = 0;
  CHECK(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(int count, char **arguments) {
  CHECK(count == 2);
  const char *path = arguments[1];
  venue_text error = {NULL, 0};
  venue_handle venue = 0, again = 0;
  CHECK(venue_abi_version() == VENUE_ABI_VERSION);
  CHECK(strchr(venue_version(), '.') != NULL);
  FAILS(venue_open("/no/such/file", 13, &venue, &error), VENUE_NO_FILE, &error, "no_file");
  FAILS(venue_open("", 0, &venue, &error), VENUE_BAD_PATH, &error, "bad_path");
  FAILS(venue_open(NULL, 3, &venue, &error), VENUE_NULL, &error, "null");
  FAILS(venue_open(path, strlen(path), NULL, &error), VENUE_NULL, &error, "null");
  CHECK(venue == 0);

  CHECK(venue_open(path, strlen(path), &venue, &error) == VENUE_OK);
  CHECK(venue != 0 && error.data == NULL);
  wrong_arguments(venue);
  wrong_handles(venue);
  forked(venue, path);

  pthread_t threads[4];
  for (int i = 0; i < 4; i++)
    CHECK(pthread_create(&threads[i], NULL, ask_until_closed, &venue) == 0);
  usleep(20000);
  CHECK(venue_close(venue, &error) == VENUE_OK);
  for (int i = 0; i < 4; i++) CHECK(pthread_join(threads[i], NULL) == 0);
  FAILS(venue_close(venue, &error), VENUE_BAD_HANDLE, &error, "bad_handle");

  /* The place is used again, and the old handle still leads nowhere. */
  CHECK(venue_open(path, strlen(path), &again, NULL) == VENUE_OK);
  CHECK(again != venue);
  FAILS(call(venue, "clock_show", "", &error, &error), VENUE_BAD_HANDLE, &error, "bad_handle");
  CHECK(venue_close(again, NULL) == VENUE_OK);
  venue_text_free(NULL);
  puts("the edge holds");
  return 0;
}
