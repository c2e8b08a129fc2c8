/* "count" answers "lines words bytes" as wc does; "top" the most frequent words, one "count word" a line. */
#include <snapvm.h>

struct word {
  const uint8_t* text;
  size_t length, count;
};

static int is_space(uint8_t byte) {
  return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* The next word at or after `*at`; NULL at the end. Leaves `*at` behind it. */
static const uint8_t* next_word(const uint8_t* input, size_t length, size_t* at, size_t* word_length) {
  while (*at < length && is_space(input[*at]))
    ++*at;
  const size_t start = *at;
  while (*at < length && !is_space(input[*at]))
    ++*at;
  *word_length = *at - start;
  return *word_length ? input + start : NULL;
}

static int count(const uint8_t* input, size_t length) {
  size_t lines = 0, words = 0, at = 0, word_length;
  for (size_t i = 0; i < length; i++)
    lines += input[i] == '\n';
  while (next_word(input, length, &at, &word_length))
    words++;
  char text[64];
  return snapvm_write(text, (size_t)snapvm_format(text, sizeof text, "%zu %zu %zu", lines, words, length));
}

/* The entry for a word in an open-addressed table of `size` slots, a power of two that is never full. */
static struct word* find(struct word* table, size_t size, const uint8_t* text, size_t length) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (size_t i = 0; i < length; i++)
    hash = (hash ^ text[i]) * 0x100000001b3u;
  for (size_t slot = hash & (size - 1);; slot = (slot + 1) & (size - 1)) {
    struct word* word = &table[slot];
    if (!word->text || (word->length == length && !memcmp(word->text, text, length))) return word;
  }
}

static int before(const struct word* a, const struct word* b) {
  if (a->count != b->count) return a->count > b->count;
  const size_t common = a->length < b->length ? a->length : b->length;
  const int order = memcmp(a->text, b->text, common);
  return order ? order < 0 : a->length < b->length;
}

enum { TOP = 10, OUT_OF_MEMORY = 1 };

static int top(const uint8_t* input, size_t length) {
  size_t at = 0, word_length, words = 0, size = 16;
  while (next_word(input, length, &at, &word_length))
    words++;
  while (size < 2 * words)
    size *= 2;
  struct word* table = calloc(size, sizeof *table);
  if (!table) return OUT_OF_MEMORY;

  const uint8_t* text;
  for (at = 0; (text = next_word(input, length, &at, &word_length));) {
    struct word* word = find(table, size, text, word_length);
    word->text = text;
    word->length = word_length;
    word->count++;
  }
  for (int line = 0; line < TOP; line++) {
    struct word* best = NULL;
    for (size_t i = 0; i < size; i++) {
      if (table[i].count && (!best || before(&table[i], best))) best = &table[i];
    }
    if (!best) break;
    char number[24];
    const int digits = snapvm_format(number, sizeof number, "%zu ", best->count);
    if (snapvm_write(number, (size_t)digits) || snapvm_write(best->text, best->length) ||
        snapvm_write("\n", 1))
      break;
    best->count = 0;
  }
  return 0;
}

int main(void) {
  static const snapvm_handler table[] = {{"count", count}, {"top", top}};
  snapvm_serve(table, 2);
}
