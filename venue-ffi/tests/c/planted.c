/* What a checker of memory has to find, or it is not on: each argument is a mistake that this program makes on purpose. */
#include "claims.h"

int main(int count, char **arguments) {
  CHECK(count == 3);
  venue_handle venue = 0;
  venue_text reply = {NULL, 0};
  CHECK(venue_open(TEXT(arguments[1]), &venue, NULL) == VENUE_OK);
  CHECK(call(venue, "clock_show", "", &reply, NULL) == VENUE_OK);
  volatile char seen = 0;
  const char *mistake = arguments[2];
  if (strcmp(mistake, "leak") == 0) {
    reply.data = NULL;
  } else if (strcmp(mistake, "overflow") == 0) {
    seen = reply.data[reply.size + 1];
  } else if (strcmp(mistake, "after_free") == 0) {
    const char *kept = reply.data;
    venue_text_free(&reply);
    seen = kept[0];
  } else if (strcmp(mistake, "twice") == 0) {
    venue_text copy = reply;
    venue_text_free(&copy);
    venue_text_free(&reply);
  }
  (void)seen;
  venue_text_free(&reply);
  CHECK(venue_close(venue, NULL) == VENUE_OK);
  puts("no mistake was noticed");
  return 0;
}
