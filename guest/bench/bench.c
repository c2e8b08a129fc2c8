/* What `npm run bench` calls. */
#include <snapvm.h>

#define PAGE 4096

static uint32_t read_u32(const uint8_t* from) {
  uint32_t value;
  memcpy(&value, from, sizeof value);
  return value;
}

static int echo(const uint8_t* input, size_t length) {
  return snapvm_write(input, length);
}

/* The input is a number of pages and the bytes from one to the next, two u32: writes a byte to each. */
static int touch(const uint8_t* input, size_t length) {
  if (length != 8) return 1;
  const size_t pages = read_u32(input);
  const size_t stride = read_u32(input + 4);
  uint8_t* memory = malloc((pages - 1) * stride + PAGE);
  if (pages == 0 || memory == NULL) return 2;
  for (size_t i = 0; i < pages; i++)
    *(volatile uint8_t*)(memory + i * stride) = 1;
  return 0;
}

/* Three bytes become one. */
static int transform(const uint8_t* input, size_t length) {
  size_t room;
  uint8_t* output = snapvm_output(&room);
  if (length % 3 != 0 || length / 3 > room) return 1;
  for (size_t i = 0; i < length / 3; i++)
    output[i] = input[3 * i] ^ input[3 * i + 1] ^ input[3 * i + 2];
  return snapvm_output_set_length(length / 3);
}

static uint64_t fibonacci(uint32_t n) {
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

/* A u32 in, a u64 out. */
static int fib(const uint8_t* input, size_t length) {
  if (length != 4) return 1;
  const uint64_t value = fibonacci(read_u32(input));
  return snapvm_write(&value, sizeof value);
}

/* Calls the host function "answer" with the input, and answers what it answered. */
static int ask(const uint8_t* input, size_t length) {
  const uint8_t* answer;
  size_t answered;
  if (snapvm_host_call("answer", input, length, &answer, &answered) != SNAPVM_OK) return 1;
  return snapvm_write(answer, answered);
}

static int spin(const uint8_t* input, size_t length) {
  (void)input, (void)length;
  for (volatile int on = 1; on;) {
  }
  return 0;
}

int main(void) {
  static const snapvm_handler table[] = {{"echo", echo}, {"touch", touch}, {"transform", transform},
                                         {"fib", fib},   {"ask", ask},     {"spin", spin}};
  snapvm_serve(table, sizeof table / sizeof *table);
}
