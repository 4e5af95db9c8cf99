/* A program that has a SQLite of its own beside the static library: each keeps to itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <venue.h>

/* As little of it as shows which one answers. VENUE's own would crash if it came here. */
const char *sqlite3_libversion(void) { return "the program's own"; }
int sqlite3_open_v2(const char *path, void **connection, int flags, const char *vfs) {
  (void)path, (void)connection, (void)flags, (void)vfs;
  abort();
}
int sqlite3_step(void *statement) {
  (void)statement;
  abort();
}

int main(int count, char **arguments) {
  venue_handle venue = 0;
  venue_text reply = {NULL, 0}, error = {NULL, 0};
  if (count != 2) return 2;
  const char *path = arguments[1];
  venue_status status = venue_create(path, strlen(path), 0, NULL, 0, &error);
  if (status == VENUE_OK) status = venue_open(path, strlen(path), &venue, &error);
  if (status == VENUE_OK) status = venue_call(venue, "info", 4, NULL, 0, &reply, &error);
  if (status == VENUE_OK) status = venue_close(venue, &error);
  if (status != VENUE_OK) fprintf(stderr, "status %d: %s\n", (int)status, error.data);
  /* Ours tells its version in numbers. */
  int apart = reply.data != NULL && strstr(reply.data, "\"sqlite\":\"3.") != NULL &&
              strcmp(sqlite3_libversion(), "the program's own") == 0;
  venue_text_free(&reply);
  venue_text_free(&error);
  if (apart) puts("two SQLites in one program, apart");
  return status == VENUE_OK && apart ? 0 : 1;
}
