/* Answers what it gets, and what every call gets anew: entropy. */
#include <snapvm.h>

static int echo(const uint8_t* input, size_t length) {
  return snapvm_write(input, length);
}

/* Builds its answer in place, without a copy of its own. */
static int reverse(const uint8_t* input, size_t length) {
  uint8_t* output = snapvm_output(NULL);
  if (snapvm_output_set_length(length) != 0) return 1;
  for (size_t i = 0; i < length; i++)
    output[i] = input[length - 1 - i];
  return 0;
}

static int entropy(const uint8_t* input, size_t length) {
  (void)input, (void)length;
  return snapvm_write(snapvm_entropy(), 32);
}

/* The input is a decimal number: how many random bytes to answer. 1: not a number, 2: more than fit. */
static int random_bytes(const uint8_t* input, size_t length) {
  size_t capacity, count = 0;
  uint8_t* output = snapvm_output(&capacity);
  if (length == 0 || length > 9) return 1;
  for (size_t i = 0; i < length; i++) {
    if (input[i] < '0' || input[i] > '9') return 1;
    count = count * 10 + (input[i] - '0');
  }
  if (count > capacity) return 2;
  snapvm_random(output, count);
  return snapvm_output_set_length(count);
}

int main(void) {
  static const snapvm_handler table[] = {
      {"echo", echo}, {"reverse", reverse}, {"entropy", entropy}, {"random", random_bytes}};
  snapvm_serve(table, sizeof table / sizeof *table);
}
