/* What the edge does with wrong handles, null pointers, odd texts, threads and forks. Also built as C++. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "venue.h"

#define CHECK(condition)                                                                 \
  do {                                                                                   \
    if (!(condition)) {                                                                  \
      fprintf(stderr, "line %d: %s\n", __LINE__, #condition);                            \
      exit(1);                                                                           \
    }                                                                                    \
  } while (0)

static venue_status call(venue_handle venue, const char *name, const char *request,
                         venue_text *reply, venue_text *error) {
  return venue_call(venue, name, strlen(name), request, strlen(request), reply, error);
}

/* Fails with this status, and says so with this code. */
static void fails(venue_status got, venue_status wanted, venue_text *error, const char *code) {
  char member[64];
  snprintf(member, sizeof member, "\"code\":\"%s\"", code);
  if (got != wanted) fprintf(stderr, "status %d, not %d: %s\n", got, wanted, error->data);
  CHECK(got == wanted);
  CHECK(error->data != NULL && strstr(error->data, member) != NULL);
  CHECK(strlen(error->data) == error->size);
  venue_text_free(error);
  CHECK(error->data == NULL && error->size == 0);
}

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
  fails(venue_call(venue, NULL, 4, "", 0, &reply, &error), VENUE_NULL, &error, "null");
  fails(venue_call(venue, "info", 4, NULL, 2, &reply, &error), VENUE_NULL, &error, "null");
  fails(venue_call(venue, "info", 4, "", 0, NULL, &error), VENUE_NULL, &error, "null");
  fails(venue_call(venue, "i\xff", 2, "", 0, &reply, &error), VENUE_BAD_TEXT, &error, "bad_text");
  fails(venue_call(venue, "i\0o", 3, "", 0, &reply, &error), VENUE_BAD_TEXT, &error, "bad_text");
  /* The size alone is refused: not a byte behind this pointer could be read. */
  fails(venue_call(venue, "hold", 4, (const char *)1, (1 << 20) + 1, &reply, &error),
        VENUE_TOO_LARGE, &error, "too_large");
  fails(call(venue, "no_such_verb", "{}", &reply, &error), VENUE_UNKNOWN_VERB, &error,
        "unknown_verb");
  fails(call(venue, "hold", "{", &reply, &error), VENUE_ARGUMENT, &error, "argument");
  CHECK(call(venue, "no_such_verb", "{}", &reply, NULL) == VENUE_UNKNOWN_VERB);
  CHECK(reply.data == NULL && reply.size == 0);
}

static venue_status init(const char *path, const char *request, venue_text *reply,
                         venue_text *error) {
  return venue_init(path, strlen(path), request, strlen(request), reply, error);
}

/* Makes a file beside the one that is there, once; what is wrong with the request makes none. */
static void making(const char *path) {
  char beside[4096];
  venue_text reply = {NULL, 0}, error = {NULL, 0};
  venue_handle venue = 0;
  snprintf(beside, sizeof beside, "%s.beside", path);
  remove(beside);
  fails(init(beside, "{\"sise\":1}", &reply, &error), VENUE_ARGUMENT, &error, "argument");
  fails(init(beside, "{\"now\":\"2027-01-01T12:00:00Z\"}", &reply, &error), VENUE_ARGUMENT, &error,
        "argument");
  fails(init(beside, "{\"group\":4294967295}", &reply, &error), VENUE_ARGUMENT, &error, "argument");
  fails(init("", "", &reply, &error), VENUE_BAD_PATH, &error, "bad_path");
  fails(venue_init(NULL, 3, "", 0, &reply, &error), VENUE_NULL, &error, "null");
  fails(venue_open(beside, strlen(beside), &venue, &error), VENUE_NO_FILE, &error, "no_file");
  const char *request = "{\"test_clock\":true,\"now\":\"2027-01-01T12:00:00Z\"}";
  CHECK(init(beside, request, &reply, &error) == VENUE_OK);
  CHECK(strstr(reply.data, "\"created\":true,\"file\":") != NULL);
  CHECK(strstr(reply.data, "\"test_clock\":true") != NULL);
  venue_text_free(&reply);
  CHECK(init(beside, "", &reply, NULL) == VENUE_OK);
  CHECK(strstr(reply.data, "\"created\":false") != NULL);
  venue_text_free(&reply);
  CHECK(init(beside, "", NULL, NULL) == VENUE_OK);
  CHECK(venue_open(beside, strlen(beside), &venue, NULL) == VENUE_OK);
  CHECK(venue_close(venue, NULL) == VENUE_OK);
}

static void wrong_handles(venue_handle venue) {
  venue_text reply = {NULL, 0}, error = {NULL, 0};
  const venue_handle wrong[] = {0, 1, venue + 1, venue + ((venue_handle)1 << 32), ~(venue_handle)0};
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    fails(call(wrong[i], "clock_show", "", &reply, &error), VENUE_BAD_HANDLE, &error, "bad_handle");
    fails(venue_close(wrong[i], &error), VENUE_BAD_HANDLE, &error, "bad_handle");
  }
}

static void forked(venue_handle venue, const char *path) {
  pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    venue_text reply = {NULL, 0}, error = {NULL, 0};
    venue_handle own = 0;
    fails(call(venue, "clock_show", "", &reply, &error), VENUE_FORKED, &error, "forked");
    fails(venue_close(venue, &error), VENUE_FORKED, &error, "forked");
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
  fails(venue_open("/no/such/file", 13, &venue, &error), VENUE_NO_FILE, &error, "no_file");
  fails(venue_open("", 0, &venue, &error), VENUE_BAD_PATH, &error, "bad_path");
  fails(venue_open(NULL, 3, &venue, &error), VENUE_NULL, &error, "null");
  fails(venue_open(path, strlen(path), NULL, &error), VENUE_NULL, &error, "null");
  CHECK(venue == 0);

  CHECK(venue_open(path, strlen(path), &venue, &error) == VENUE_OK);
  CHECK(venue != 0 && error.data == NULL);
  making(path);
  wrong_arguments(venue);
  wrong_handles(venue);
  forked(venue, path);

  pthread_t threads[4];
  for (int i = 0; i < 4; i++)
    CHECK(pthread_create(&threads[i], NULL, ask_until_closed, &venue) == 0);
  usleep(20000);
  CHECK(venue_close(venue, &error) == VENUE_OK);
  for (int i = 0; i < 4; i++) CHECK(pthread_join(threads[i], NULL) == 0);
  fails(venue_close(venue, &error), VENUE_BAD_HANDLE, &error, "bad_handle");

  /* The place is used again, and the old handle still leads nowhere. */
  CHECK(venue_open(path, strlen(path), &again, NULL) == VENUE_OK);
  CHECK(again != venue);
  fails(call(venue, "clock_show", "", &error, &error), VENUE_BAD_HANDLE, &error, "bad_handle");
  CHECK(venue_close(again, NULL) == VENUE_OK);
  venue_text_free(NULL);
  puts("the edge holds");
  return 0;
}
