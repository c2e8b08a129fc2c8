/* mem*: small sizes by overlapping words (all loads before the first store, so any overlap is right), others
 * by `rep`, which runs at full width without SSE and so serves ring 0 as well. */
#include "abi.h"

typedef uint64_t __attribute__((may_alias, aligned(1))) word;
typedef uint32_t __attribute__((may_alias, aligned(1))) half;
typedef uint16_t __attribute__((may_alias, aligned(1))) quarter;

/* Up to 32 bytes. */
static void move_small(uint8_t* to, const uint8_t* from, size_t length) {
  if (length > 16) {
    word a = *(const word*)from, b = *(const word*)(from + 8);
    word c = *(const word*)(from + length - 16), d = *(const word*)(from + length - 8);
    *(word*)to = a;
    *(word*)(to + 8) = b;
    *(word*)(to + length - 16) = c;
    *(word*)(to + length - 8) = d;
  } else if (length >= 8) {
    word a = *(const word*)from, b = *(const word*)(from + length - 8);
    *(word*)to = a;
    *(word*)(to + length - 8) = b;
  } else if (length >= 4) {
    half a = *(const half*)from, b = *(const half*)(from + length - 4);
    *(half*)to = a;
    *(half*)(to + length - 4) = b;
  } else if (length >= 2) {
    quarter a = *(const quarter*)from, b = *(const quarter*)(from + length - 2);
    *(quarter*)to = a;
    *(quarter*)(to + length - 2) = b;
  } else if (length == 1) {
    *to = *from;
  }
}

static void copy_forward(uint8_t* to, const uint8_t* from, size_t length) {
  __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(length) : : "memory");
}

void* memcpy(void* restrict to, const void* restrict from, size_t length) {
  if (length <= 32) {
    move_small(to, from, length);
  } else {
    copy_forward(to, from, length);
  }
  return to;
}

void* memmove(void* to, const void* from, size_t length) {
  if (length <= 32) {
    move_small(to, from, length);
  } else if ((uintptr_t)to - (uintptr_t)from >= length) {
    copy_forward(to, from, length);
  } else {
    /* `rep` runs byte by byte when it goes backwards: use words. Each store is above what is still to be
     * read. */
    uint8_t* target = to;
    const uint8_t* source = from;
    for (; length >= 8; length -= 8)
      *(word*)(target + length - 8) = *(const word*)(source + length - 8);
    move_small(target, source, length);
  }
  return to;
}

void* memset(void* to, int value, size_t length) {
  uint8_t* target = to;
  word pattern = (uint8_t)value * 0x0101010101010101u;
  if (length > 32) {
    __asm__ volatile("rep stosb" : "+D"(target), "+c"(length) : "a"(pattern) : "memory");
  } else if (length >= 8) {
    for (size_t at = 0; at < length - 8; at += 8)
      *(word*)(target + at) = pattern;
    *(word*)(target + length - 8) = pattern;
  } else {
    while (length--)
      target[length] = (uint8_t)value;
  }
  return to;
}

int memcmp(const void* a, const void* b, size_t length) {
  const uint8_t *left = a, *right = b;
  for (; length >= 8 && *(const word*)left == *(const word*)right; length -= 8) {
    left += 8;
    right += 8;
  }
  for (; length; length--, left++, right++) {
    if (*left != *right) return *left - *right;
  }
  return 0;
}

/* Compilers turn `memcmp(…) == 0` into this when they think they have a C library. */
int bcmp(const void* a, const void* b, size_t length);
int bcmp(const void* a, const void* b, size_t length) {
  return memcmp(a, b, length);
}

void* memchr(const void* memory, int value, size_t length) {
  for (const uint8_t* at = memory; length; at++, length--) {
    if (*at == (uint8_t)value) return (void*)(uintptr_t)at;
  }
  return NULL;
}
