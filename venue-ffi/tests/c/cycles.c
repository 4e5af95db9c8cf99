/* Opens and closes again and again: memory and descriptors stay what they were. Prints both, after a tenth and at the end. */
#include <dirent.h>
#include <unistd.h>

#include "claims.h"

static int32_t quiet(void *context, venue_status status, const char *text, size_t size) {
  (void)context, (void)status, (void)text, (void)size;
  return 0;
}

static long resident_kib(void) {
  long pages = 0, resident = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  CHECK(file != NULL && fscanf(file, "%ld %ld", &pages, &resident) == 2);
  fclose(file);
  return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static long descriptors(void) {
  long found = 0;
  DIR *folder = opendir("/proc/self/fd");
  CHECK(folder != NULL);
  while (readdir(folder) != NULL) found++;
  closedir(folder);
  return found;
}

int main(int count, char **arguments) {
  CHECK(count == 3);
  long cycles = atol(arguments[2]), memory = 0, files = 0;
  CHECK(cycles >= 10);
  for (long cycle = 1; cycle <= cycles; cycle++) {
    venue_handle venue = 0;
    venue_slot slot = no_slot();
    venue_text reply = {NULL, 0}, error = {NULL, 0};
    venue_feed feed = 0;
    CHECK(venue_open(TEXT(arguments[1]), &venue, NULL) == VENUE_OK);
    if (cycle % 16 == 0) {
      CHECK(venue_availability(venue, TEXT(SLOT), NULL, &slot, NULL) == VENUE_OK);
      CHECK(call(venue, "no_such_verb", "{}", &reply, &error) == VENUE_UNKNOWN_VERB);
      venue_text_free(&error);
    }
    if (cycle % 64 == 0)
      CHECK(venue_feed_start(venue, NULL, 0, NULL, quiet, NULL, &feed, NULL) == VENUE_OK);
    CHECK(venue_close(venue, NULL) == VENUE_OK);
    if (cycle == cycles / 10) {
      memory = resident_kib();
      files = descriptors();
    }
  }
  printf("%ld %ld %ld %ld\n", memory, resident_kib(), files, descriptors());
  return 0;
}
