/* The story: open, import, hold, confirm, tickets, feed, and what bad input is answered.
 *
 * Usage: box_office SEASON FOLDER. The file kino.venue in the folder is made anew, with a test clock. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <venue.h>

#include "member.h"

#define SLOT "metropolis@2027-01-07T20:00"
/* A text and its size, as two arguments. */
#define TEXT(text) text, strlen(text)

/* What nobody expected ends the program: a host would show it, by its class. */
static void must(venue_status status, venue_text *error) {
  if (status == VENUE_OK) return;
  fprintf(stderr, "status %" PRId32 ": %s\n", status, error->data == NULL ? "" : error->data);
  exit(status / 100);
}

static const char *class_of(venue_status status) {
  static const char *const names[] = {"done", "refused", "invalid", "storage", "retry", "unknown", "", "bug"};
  return names[status / 100];
}

/* Says which error it was, with the first fact that names something, and frees it. */
static void tell(venue_status status, venue_text *error) {
  char code[64], fact[128];
  member(error->data, "code", code, sizeof code);
  if (member(error->data, "name", fact, sizeof fact) || member(error->data, "names", fact, sizeof fact))
    printf("%s: %s, %s\n", class_of(status), code, fact);
  else
    printf("%s: %s\n", class_of(status), code);
  venue_text_free(error);
}

static void show_money(int64_t minor, const char *currency) {
  printf("%" PRId64 ".%02" PRId64 " %s", minor / 100, minor % 100, currency);
}

static void show_instant(int64_t micros) {
  char text[32];
  time_t seconds = (time_t)(micros / 1000000);
  struct tm parts;
  strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", gmtime_r(&seconds, &parts));
  printf("%s.%06" PRId64 "Z", text, micros % 1000000);
}

static void show_free(venue_handle venue) {
  venue_text error = {0};
  venue_slot slot = {.size = sizeof slot};
  must(venue_availability(venue, TEXT(SLOT), NULL, &slot, &error), &error);
  printf("free: %" PRId64 " of %" PRId64 "\n", slot.free, slot.capacity);
}

static void call(venue_handle venue, const char *verb, const char *request, venue_text *reply) {
  venue_text error = {0};
  must(venue_call(venue, TEXT(verb), TEXT(request), reply, &error), &error);
}

static void import(venue_handle venue, const char *season) {
  char request[4300], slots[16];
  venue_text reply = {0};
  /* A path with a quote or a backslash would have to be written as JSON wants it. */
  snprintf(request, sizeof request, "{\"files\":[\"%s\"]}", season);
  call(venue, "import", request, &reply);
  member(reply.data, "slots", slots, sizeof slots);
  printf("imported: %s slot\n", slots);
  venue_text_free(&reply);
}

/* Two seats are held, nobody else gets them, and they are sold. The booking's reference comes back. */
static void sell_seats(venue_handle venue, char reference[16]) {
  venue_text error = {0}, reply = {0};
  venue_booking hold = {.size = sizeof hold}, other = {.size = sizeof other}, sold = {.size = sizeof sold};
  must(venue_hold_seats(venue, TEXT(SLOT), TEXT("C-4,C-5"), NULL, &hold, &error), &error);
  printf("held: C-4, C-5 for ");
  show_money(hold.total_minor, hold.currency);
  printf(" until ");
  show_instant(hold.expires_at_us);
  putchar('\n');

  venue_status status = venue_hold_seats(venue, TEXT(SLOT), TEXT("C-5,C-6"), NULL, &other, &error);
  if (status == VENUE_SEATS_TAKEN) {
    char seat[80], why[16];
    member(error.data, "seat", seat, sizeof seat);
    member(error.data, "why", why, sizeof why);
    printf("refused: seats_taken, %s is %s\n", seat, why);
  }
  venue_text_free(&error);

  /* A till needs no token; somebody on the web shows the one that hold answered with: options.token. */
  venue_options options = {.size = sizeof options, .payment = {TEXT("card:tx-17")}};
  must(venue_confirm(venue, TEXT(hold.reference), &options, &sold, &error), &error);
  memcpy(reference, sold.reference, sizeof sold.reference);

  char request[64], seats[2][80];
  snprintf(request, sizeof request, "{\"booking\":\"%s\"}", reference);
  call(venue, "ticket_list", request, &reply);
  const char *rest = member(reply.data, "seat", seats[0], sizeof seats[0]);
  member(rest, "seat", seats[1], sizeof seats[1]);
  printf("sold: %" PRIu32 " tickets, %s and %s\n", sold.tickets, seats[0], seats[1]);
  venue_text_free(&reply);
}

/* Places without numbers, held and sold in one act: verbs without a function of their own go by venue_call. */
static void sell_places(venue_handle venue) {
  char quantity[16], minor[24];
  venue_text reply = {0};
  call(venue, "sell", "{\"slot\":\"" SLOT "\",\"area\":\"Empore\",\"quantity\":3,\"payment\":\"cash\"}", &reply);
  member(reply.data, "quantity", quantity, sizeof quantity);
  const char *total = strstr(reply.data, "\"total\":");
  member(total, "minor", minor, sizeof minor);
  printf("sold: %s places of Empore for ", quantity);
  show_money(atoll(minor), "EUR");
  putchar('\n');
  venue_text_free(&reply);
}

static void give_back(venue_handle venue) {
  char state[16];
  venue_text error = {0}, reply = {0};
  venue_booking hold = {.size = sizeof hold};
  must(venue_hold_seats(venue, TEXT(SLOT), TEXT("D-1"), NULL, &hold, &error), &error);
  must(venue_release(venue, TEXT(hold.id), NULL, &hold, &error), &error);
  call(venue, "slot_map", "{\"slot\":\"" SLOT "\"}", &reply);
  object_with(reply.data, "seat", "D-1", "state", state, sizeof state);
  printf("given back: D-1 is %s again\n", state);
  venue_text_free(&reply);
}

/* The feed from its beginning, page by page. A host keeps the cursor, and waits longer than 0 ms for what comes next. */
static void show_feed(venue_handle venue) {
  char cursor[256] = "", kind[64];
  const char *before = "happened: ";
  for (;;) {
    int changes = 0;
    venue_text reply = {0}, error = {0};
    must(venue_feed_next(venue, TEXT(cursor), 0, NULL, &reply, &error), &error);
    for (const char *rest = reply.data; (rest = member(rest, "kind", kind, sizeof kind)) != NULL; changes++) {
      printf("%s%s", before, kind);
      before = ", ";
    }
    member(reply.data, "next", cursor, sizeof cursor);
    venue_text_free(&reply);
    if (changes == 0) break;
  }
  putchar('\n');
}

/* What is wrong is named, and nothing is half done. */
static void bad_input(venue_handle venue, const char *sold) {
  venue_text reply = {0}, error = {0};
  venue_booking none = {.size = sizeof none};
  const char *wrong = "{\"slot\":\"" SLOT "\",\"seets\":[\"A-1\"]}";
  venue_status status = venue_call(venue, TEXT("hold"), TEXT(wrong), &reply, &error);
  tell(status, &error);
  status = venue_call(venue, TEXT("salute"), TEXT("{}"), &reply, &error);
  tell(status, &error);
  status = venue_hold_seats(venue, TEXT("metropolis"), TEXT("A-1"), NULL, &none, &error);
  tell(status, &error);
  status = venue_hold_seats(venue, TEXT(SLOT), TEXT("Z-99"), NULL, &none, &error);
  tell(status, &error);
  status = venue_confirm(venue, TEXT(sold), NULL, &none, &error);
  tell(status, &error);
}

int main(int count, char **arguments) {
  if (count != 3) {
    fprintf(stderr, "usage: box_office SEASON FOLDER\n");
    return 2;
  }
  char path[4200], reference[16], well[8];
  venue_handle venue = 0;
  venue_text error = {0}, reply = {0};
  snprintf(path, sizeof path, "%s/kino.venue", arguments[2]);
  must(venue_create(TEXT(path), VENUE_NEW_TEST_CLOCK, TEXT("2027-01-01T12:00:00Z"), &error), &error);
  must(venue_open(TEXT(path), &venue, &error), &error);
  import(venue, arguments[1]);
  show_free(venue);
  sell_seats(venue, reference);
  sell_places(venue);
  give_back(venue);
  show_free(venue);
  show_feed(venue);
  bad_input(venue, reference);

  venue_handle closed = venue;
  must(venue_close(venue, &error), &error);
  venue_status status = venue_call(closed, TEXT("doctor"), TEXT("{}"), &reply, &error);
  tell(status, &error);

  must(venue_open(TEXT(path), &venue, &error), &error);
  call(venue, "doctor", "{}", &reply);
  member(reply.data, "ok", well, sizeof well);
  int all_is_well = strcmp(well, "true") == 0;
  printf("doctor: %s\n", all_is_well ? "all is well" : "something is wrong");
  venue_text_free(&reply);
  must(venue_close(venue, &error), &error);
  return all_is_well ? 0 : 1;
}
