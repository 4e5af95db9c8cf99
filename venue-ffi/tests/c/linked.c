/* A program as a host builds it, with what pkg-config says: makes a file, opens it, asks, closes. */
#include <stdio.h>
#include <string.h>
#include <venue.h>

int main(int count, char **arguments) {
  venue_handle venue = 0;
  venue_text reply = {NULL, 0}, error = {NULL, 0};
  if (count != 2 || venue_abi_version() != VENUE_ABI_VERSION) return 2;
  const char *path = arguments[1];
  venue_status status = venue_create(path, strlen(path), 0, NULL, 0, &error);
  if (status == VENUE_OK) status = venue_open(path, strlen(path), &venue, &error);
  if (status == VENUE_OK) status = venue_call(venue, "doctor", 6, NULL, 0, &reply, &error);
  if (status == VENUE_OK) status = venue_close(venue, &error);
  if (status != VENUE_OK) fprintf(stderr, "status %d: %s\n", (int)status, error.data);
  if (status == VENUE_OK) printf("linked with VENUE %s\n", venue_version());
  int well = reply.data != NULL && strstr(reply.data, "\"ok\":true") != NULL;
  venue_text_free(&reply);
  venue_text_free(&error);
  return status == VENUE_OK && well ? 0 : 1;
}
