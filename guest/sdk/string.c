#include "abi.h"

size_t strlen(const char* text) {
  const char* end = text;
  while (*end)
    end++;
  return (size_t)(end - text);
}

size_t strnlen(const char* text, size_t limit) {
  size_t length = 0;
  while (length < limit && text[length])
    length++;
  return length;
}

int strcmp(const char* a, const char* b) {
  return strncmp(a, b, SIZE_MAX);
}

int strncmp(const char* a, const char* b, size_t limit) {
  for (; limit; limit--, a++, b++) {
    if (*a != *b) return (uint8_t)*a - (uint8_t)*b;
    if (!*a) return 0;
  }
  return 0;
}

/* The terminating NUL counts as a part of the text in both searches, as the standard says. */
char* strchr(const char* text, int value) {
  for (; *text != (char)value; text++) {
    if (!*text) return NULL;
  }
  return (char*)(uintptr_t)text;
}

char* strrchr(const char* text, int value) {
  const char* found = NULL;
  do {
    if (*text == (char)value) found = text;
  } while (*text++);
  return (char*)(uintptr_t)found;
}

char* strstr(const char* text, const char* part) {
  size_t length = strlen(part);
  if (!length) return (char*)(uintptr_t)text;
  for (; (text = strchr(text, *part)) != NULL; text++) {
    if (!strncmp(text, part, length)) return (char*)(uintptr_t)text;
  }
  return NULL;
}

char* strcpy(char* restrict to, const char* restrict from) {
  memcpy(to, from, strlen(from) + 1);
  return to;
}

char* strncpy(char* restrict to, const char* restrict from, size_t limit) {
  size_t length = strnlen(from, limit);
  memcpy(to, from, length);
  memset(to + length, 0, limit - length);
  return to;
}

char* strcat(char* restrict to, const char* restrict from) {
  strcpy(to + strlen(to), from);
  return to;
}

char* strdup(const char* text) {
  size_t size = strlen(text) + 1;
  char* copy = malloc(size);
  return copy ? memcpy(copy, text, size) : NULL;
}
