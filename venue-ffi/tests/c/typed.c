/* The hot path without JSON: a sale, what comes too late, who may what, the feed, a backup. Also built as C++. */
#include "claims.h"

static const char *path;

static int64_t free_seats(venue_handle venue) {
  venue_slot slot = no_slot();
  CHECK(venue_availability(venue, TEXT(SLOT), NULL, &slot, NULL) == VENUE_OK);
  CHECK(slot.size == sizeof slot && slot.state == VENUE_SALE_OPEN);
  CHECK(slot.capacity == slot.sold + slot.held + slot.house + slot.killed + slot.free);
  CHECK(slot.starts_at_us < slot.ends_at_us && strlen(slot.id) == 36);
  return slot.free;
}

static void a_sale(venue_handle venue) {
  venue_text error = {NULL, 0};
  venue_booking hold = no_booking(), sold = no_booking(), late = no_booking();
  int64_t before = free_seats(venue);
  CHECK(venue_hold_seats(venue, TEXT(SLOT), TEXT("B-1,B-2"), NULL, &hold, &error) == VENUE_OK);
  CHECK(error.data == NULL && hold.size == sizeof hold);
  CHECK(hold.state == VENUE_STATE_HELD && hold.places == 2 && hold.tickets == 0);
  CHECK(strlen(hold.id) == 36 && strlen(hold.slot) == 36 && strlen(hold.reference) == 8);
  CHECK(strlen(hold.token) == 64 && strcmp(hold.currency, "EUR") == 0 && hold.total_minor == 2300);
  CHECK(hold.expires_at_us == hold.created_at_us + 5 * 60 * 1000000LL && hold.ended_at_us == 0);
  CHECK(free_seats(venue) == before - 2);

  CHECK(venue_confirm(venue, TEXT(hold.reference), NULL, &sold, &error) == VENUE_OK);
  CHECK(sold.state == VENUE_STATE_CONFIRMED && sold.tickets == 2 && sold.token[0] == 0);
  CHECK(strcmp(sold.id, hold.id) == 0 && sold.expires_at_us == 0);

  FAILS(venue_confirm(venue, TEXT(hold.id), NULL, &late, &error), VENUE_ALREADY_CONFIRMED, &error, "already_confirmed");
  FAILS(venue_release(venue, TEXT(hold.id), NULL, &late, &error), VENUE_ALREADY_CONFIRMED, &error, "already_confirmed");
  FAILS(venue_hold_seats(venue, TEXT(SLOT), TEXT("B-2,B-3"), NULL, &late, &error), VENUE_SEATS_TAKEN, &error,
        "seats_taken");
  CHECK(late.state == 0 && late.id[0] == 0);

  CHECK(venue_hold_seats(venue, TEXT(SLOT), TEXT("B-3"), NULL, &hold, NULL) == VENUE_OK);
  CHECK(venue_release(venue, TEXT(hold.reference), NULL, &hold, NULL) == VENUE_OK);
  CHECK(hold.state == VENUE_STATE_RELEASED && hold.ended_at_us != 0 && hold.places == 1);
  CHECK(free_seats(venue) == before - 2);
}

static void options(venue_handle venue) {
  venue_text error = {NULL, 0};
  venue_booking hold = no_booking(), again = no_booking();
  venue_options public_buyer = local();
  public_buyer.role = VENUE_ROLE_PUBLIC;
  public_buyer.buyer = view("somebody");
  public_buyer.address = view("192.0.2.7");
  public_buyer.idempotency_key = view("a-key-that-nobody-else-has");
  public_buyer.ttl_ms = 60000;
  public_buyer.deadline_ms = 10000;
  CHECK(venue_hold_seats(venue, TEXT(SLOT), TEXT("B-4"), &public_buyer, &hold, NULL) == VENUE_OK);
  CHECK(hold.expires_at_us == hold.created_at_us + 60 * 1000000LL);
  /* The same key and content: the same answer, token included. */
  CHECK(venue_hold_seats(venue, TEXT(SLOT), TEXT("B-4"), &public_buyer, &again, NULL) == VENUE_OK);
  CHECK(memcmp(&hold, &again, sizeof hold) == 0);
  FAILS(venue_hold_seats(venue, TEXT(SLOT), TEXT("B-5"), &public_buyer, &again, &error), VENUE_IDEMPOTENCY_MISMATCH,
        &error, "idempotency_mismatch");

  venue_options stranger = local();
  stranger.role = VENUE_ROLE_PUBLIC;
  FAILS(venue_confirm(venue, TEXT(hold.id), &stranger, &again, &error), VENUE_FORBIDDEN, &error, "forbidden");
  stranger.token = view(hold.token);
  stranger.payment = view("card:tx-17:11.50");
  CHECK(venue_confirm(venue, TEXT(hold.id), &stranger, &again, &error) == VENUE_OK);

  /* What a function does not read is refused, and named. */
  FAILS(venue_release(venue, TEXT(hold.id), &stranger, &again, &error), VENUE_ARGUMENT, &error, "argument");
  FAILS(venue_confirm(venue, TEXT(hold.id), &public_buyer, &again, &error), VENUE_ARGUMENT, &error, "argument");
  venue_options wrong = local();
  wrong.role = 6;
  FAILS(venue_hold_seats(venue, TEXT(SLOT), TEXT("B-5"), &wrong, &again, &error), VENUE_ARGUMENT, &error, "argument");
  wrong.role = VENUE_ROLE_NONE;
  wrong.deadline_ms = 600001;
  FAILS(venue_hold_seats(venue, TEXT(SLOT), TEXT("B-5"), &wrong, &again, &error), VENUE_ARGUMENT, &error, "argument");
  wrong.deadline_ms = 0;
  wrong.ttl_ms = 1;
  FAILS(venue_hold_seats(venue, TEXT(SLOT), TEXT("B-5"), &wrong, &again, &error), VENUE_ARGUMENT, &error, "argument");
}

static void wrong_wishes(venue_handle venue) {
  venue_text error = {NULL, 0};
  venue_booking hold = no_booking();
  venue_slot slot = no_slot();
  FAILS(venue_hold_seats(venue, TEXT(SLOT), TEXT(""), NULL, &hold, &error), VENUE_ARGUMENT, &error, "argument");
  FAILS(venue_hold_seats(venue, TEXT(SLOT), TEXT("C-1,C-1"), NULL, &hold, &error), VENUE_ARGUMENT, &error, "argument");
  FAILS(venue_hold_seats(venue, TEXT(SLOT), TEXT("Z-99"), NULL, &hold, &error), VENUE_NOT_FOUND, &error, "not_found");
  FAILS(venue_hold_seats(venue, TEXT("no slot"), TEXT("C-1"), NULL, &hold, &error), VENUE_ARGUMENT, &error, "argument");
  FAILS(venue_hold_best(venue, TEXT(SLOT), 2, TEXT("Parkett"), NULL, 0, 0, NULL, &hold, &error), VENUE_UNSUPPORTED,
        &error, "unsupported");
  FAILS(venue_hold_area(venue, TEXT(SLOT), TEXT("Stand"), 0, NULL, &hold, &error), VENUE_ARGUMENT, &error, "argument");
  FAILS(venue_hold_area(venue, TEXT(SLOT), TEXT("Stand"), 2, NULL, &hold, &error), VENUE_NOT_FOUND, &error,
        "not_found");
  FAILS(venue_confirm(venue, TEXT("no booking"), NULL, &hold, &error), VENUE_ARGUMENT, &error, "argument");
  FAILS(venue_confirm(venue, TEXT("7Q4ZK2MB"), NULL, &hold, &error), VENUE_NOT_FOUND, &error, "not_found");
  FAILS(venue_availability(venue, TEXT("metropolis@2027-01-08T20:00"), NULL, &slot, &error), VENUE_NOT_FOUND, &error,
        "not_found");
  CHECK(hold.state == 0 && slot.capacity == 0);
}

static void polled_feed(venue_handle venue) {
  venue_text reply = {NULL, 0}, error = {NULL, 0};
  char cursor[256] = "";
  int changes = 0;
  venue_options pages = local();
  pages.limit = 2;
  pages.event = view("metropolis");
  for (;;) {
    CHECK(venue_feed_next(venue, TEXT(cursor), 0, &pages, &reply, &error) == VENUE_OK);
    const char *next = strstr(reply.data, "\"next\":\"");
    CHECK(next != NULL && sscanf(next, "\"next\":\"%255[^\"]", cursor) == 1);
    int some = 0;
    for (const char *at = reply.data; (at = strstr(at, "\"kind\":\"booking.")) != NULL; at++) some++;
    venue_text_free(&reply);
    CHECK(some <= 2);
    if (some == 0) break;
    changes += some;
  }
  /* Two holds that were confirmed, one that was released. */
  CHECK(changes == 6);
  FAILS(venue_feed_next(venue, TEXT("no cursor"), 0, NULL, &reply, &error), VENUE_BAD_CURSOR, &error, "bad_cursor");
  pages.limit = 1001;
  FAILS(venue_feed_next(venue, NULL, 0, 0, &pages, &reply, &error), VENUE_ARGUMENT, &error, "argument");
}

static void copies(venue_handle venue) {
  venue_text reply = {NULL, 0}, error = {NULL, 0};
  venue_handle copied = 0;
  char target[4096], other[4096];
  venue_copy copy;
  memset(&copy, 0, sizeof copy);
  copy.size = sizeof copy;
  snprintf(target, sizeof target, "%s.copy", path);
  snprintf(other, sizeof other, "%s.other", path);
  remove(target);
  CHECK(venue_backup(venue, TEXT(target), &copy, &error) == VENUE_OK);
  CHECK(copy.size == sizeof copy && copy.bytes > 4096 && copy.sequence > 0);
  FAILS(venue_backup(venue, TEXT(target), &copy, &error), VENUE_TARGET_EXISTS, &error, "target_exists");
  FAILS(venue_restore(TEXT(target), TEXT(path), &reply, &error), VENUE_IN_USE, &error, "in_use");
  CHECK(venue_create(TEXT(other), VENUE_NEW_TEST_CLOCK, TEXT("2027-01-01T12:00:00Z"), &error) == VENUE_OK);
  CHECK(venue_create(TEXT(other), 0, NULL, 0, &error) == VENUE_OK);
  FAILS(venue_create(TEXT(other), 2, NULL, 0, &error), VENUE_ARGUMENT, &error, "argument");
  FAILS(venue_create(TEXT(other), 0, TEXT("2027-01-01T12:00:00Z"), &error), VENUE_ARGUMENT, &error, "argument");
  CHECK(venue_restore(TEXT(target), TEXT(other), &reply, &error) == VENUE_OK);
  CHECK(strstr(reply.data, "before-restore") != NULL);
  venue_text_free(&reply);
  CHECK(venue_open(TEXT(other), &copied, &error) == VENUE_OK);
  CHECK(free_seats(copied) == free_seats(venue));
  CHECK(venue_close(copied, NULL) == VENUE_OK);
}

static void nothing_is_wrong(venue_handle venue) {
  venue_text reply = {NULL, 0};
  CHECK(call(venue, "house", "{\"slot\":\"" SLOT "\",\"seats\":[\"E-1\"],\"kind\":\"kill\"}", &reply, NULL) ==
        VENUE_FORBIDDEN);
  CHECK(call(venue, "doctor", "{}", &reply, NULL) == VENUE_OK);
  CHECK(strstr(reply.data, "\"ok\":true") != NULL);
  venue_text_free(&reply);
}

int main(int count, char **arguments) {
  CHECK(count == 2);
  path = arguments[1];
  venue_handle venue = 0;
  CHECK(venue_open(TEXT(path), &venue, NULL) == VENUE_OK);
  a_sale(venue);
  options(venue);
  wrong_wishes(venue);
  polled_feed(venue);
  copies(venue);
  nothing_is_wrong(venue);
  CHECK(venue_close(venue, NULL) == VENUE_OK);
  puts("sold");
  return 0;
}
