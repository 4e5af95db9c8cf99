/* A sale by verbs: hold, confirm, and what comes too late. Also built as C++. */
#include "claims.h"

int main(int count, char **arguments) {
  CHECK(count == 3);
  venue_handle venue = 0;
  venue_text reply = {NULL, 0}, error = {NULL, 0};
  CHECK(venue_open(arguments[1], strlen(arguments[1]), &venue, &error) == VENUE_OK);

  char hold[256];
  snprintf(hold, sizeof hold, "{\"slot\":\"metropolis@2027-01-07T20:00\",\"seats\":[\"%s\"]}",
           arguments[2]);
  CHECK(call(venue, "hold", hold, &reply, &error) == VENUE_OK);
  CHECK(strstr(reply.data, "\"token\"") != NULL);
  const char *found = strstr(reply.data, "\"reference\":\"");
  CHECK(found != NULL);
  char confirm[64];
  snprintf(confirm, sizeof confirm, "{\"booking\":\"%.8s\"}", found + strlen("\"reference\":\""));
  venue_text_free(&reply);

  CHECK(call(venue, "confirm", confirm, &reply, &error) == VENUE_OK);
  CHECK(strstr(reply.data, "\"state\":\"confirmed\"") != NULL);
  CHECK(strstr(reply.data, "-01\"") != NULL);
  venue_text_free(&reply);

  CHECK(call(venue, "confirm", confirm, &reply, &error) == VENUE_ALREADY_CONFIRMED);
  venue_text_free(&error);
  CHECK(call(venue, "hold", hold, &reply, &error) == VENUE_SEATS_TAKEN);
  CHECK(strstr(error.data, arguments[2]) != NULL);
  venue_text_free(&error);
  CHECK(reply.data == NULL);
  CHECK(venue_close(venue, NULL) == VENUE_OK);
  puts("sold");
  return 0;
}
