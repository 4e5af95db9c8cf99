/* Just enough JSON for the story: the value of the next member of a name. A program that reads more of the replies takes a
 * library for it. */
#ifndef MEMBER_H
#define MEMBER_H

#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* Copies the value of the next member called `name`, of a list its first one, and gives the place behind it; NULL, and an
 * empty value, if no member is called so. Values with escapes in them are not meant to be read like this. */
static inline const char *member(const char *json, const char *name, char *value, size_t size) {
  char wanted[64];
  value[0] = 0;
  snprintf(wanted, sizeof wanted, "\"%s\":", name);
  const char *found = json == NULL ? NULL : strstr(json, wanted);
  if (found == NULL) return NULL;
  found += strlen(wanted);
  found += strspn(found, "[\"");
  size_t length = strcspn(found, "\",]}");
  snprintf(value, size, "%.*s", (int)length, found);
  return found + length;
}

/* The value of a member in the object, without objects inside, in which `name` is `is`. */
static inline void object_with(const char *json, const char *name, const char *is, const char *wanted, char *value,
                               size_t size) {
  char pair[128];
  value[0] = 0;
  snprintf(pair, sizeof pair, "\"%s\":\"%s\"", name, is);
  const char *found = strstr(json, pair);
  if (found == NULL) return;
  while (found > json && *found != '{') found--;
  member(found, wanted, value, size);
}

#endif
