/*
 * strings.elf: string I/O, which KVM finishes long after it has reported it. "peek" answers 64 bytes of a
 * heap page that Initialise filled with PATTERN; after any of the others it must find them.
 */
#include <snapvm.h>
#include <string.h>

#define PATTERN 0x5a
#define PAGE_OFFSET 0x10000 /* far from what the other functions write */
#define DONE_PORT 108
#define BYTES 64

static uint8_t* page;

static void valid_result(void) {
  snapvm_write("x", 1);
  uint32_t* header = (uint32_t*)(snapvm_output(NULL) - 64);
  header[0] = 1; /* ABI */
  header[1] = 2; /* result */
}

static int peek(const uint8_t* input, size_t length) {
  (void)input, (void)length;
  return snapvm_write(page, BYTES);
}

/* Its completion writes guest memory, after the host has looked for dirty pages. */
static int rep_ins(const uint8_t* input, size_t length) {
  (void)input, (void)length;
  uint8_t* to = page;
  size_t count = BYTES;
  __asm__ volatile("rep insb" : "+D"(to), "+c"(count) : "d"(DONE_PORT) : "memory");
  return 7;
}

/* A byte before it that makes it look like the end of a plain `out %al, %dx`. */
static int disguised_rep_outs(const uint8_t* input, size_t length) {
  (void)length;
  valid_result();
  size_t count = 5;
  __asm__ volatile("jmp 1f\n .byte 0xee\n 1: rep outsb"
                   : "+S"(input), "+c"(count)
                   : "d"(DONE_PORT)
                   : "memory");
  return 7;
}

static int disguised_outs(const uint8_t* input, size_t length) {
  (void)length;
  valid_result();
  __asm__ volatile("jmp 1f\n .byte 0xee\n 1: outsb" : "+S"(input) : "d"(DONE_PORT) : "memory");
  return 7;
}

/* Directly behind a plain `out` that ended an earlier call: the host may remember that address. With an empty
 * input it is the plain one that runs. */
static int behind_a_plain_out(const uint8_t* input, size_t length) {
  valid_result();
  size_t count = 5;
  __asm__ volatile("test %[length], %[length]\n"
                   "jnz 1f\n"
                   "out %%al, $108\n"
                   "1: rep outsb"
                   : "+S"(input), "+c"(count)
                   : "d"(DONE_PORT), [length] "r"(length)
                   : "memory", "cc");
  return 7;
}

int main(void) {
  static const snapvm_handler table[] = {{"peek", peek},
                                         {"rep_ins", rep_ins},
                                         {"disguised_rep_outs", disguised_rep_outs},
                                         {"disguised_outs", disguised_outs},
                                         {"behind_a_plain_out", behind_a_plain_out}};
  uint8_t* block = malloc(PAGE_OFFSET + 0x1000);
  if (block == NULL) snapvm_abort(1, "no heap");
  memset(block, PATTERN, PAGE_OFFSET + 0x1000);
  page = block + PAGE_OFFSET;
  snapvm_serve(table, sizeof table / sizeof *table);
}
