/*
 * Looks at what a guest is given, at addresses the caller chooses: every region's rights, buffers, init data,
 * the heap. Addresses and numbers in the input are u64, little-endian.
 */
#include "../sdk/abi.h"
#include "registers.h"

enum { CHANGED = 1, BAD_INPUT = 2, CAME_BACK = 3 };
#define PROBE(name)                                                                                          \
  static int name(const uint8_t* input __attribute__((unused)), size_t length __attribute__((unused)))

static volatile uint8_t in_bss;
static volatile uint8_t in_data = 1;
static const uint8_t in_rodata = 1;
static uint8_t* on_heap;

static uint64_t number(const uint8_t* input, size_t length, unsigned index) {
  uint64_t value = 0;
  if (length >= (index + 1) * sizeof value) memcpy(&value, input + index * sizeof value, sizeof value);
  return value;
}

/* Neither the compiler nor an analyser may know where this is. */
static volatile uint8_t* byte_at(uint64_t address) {
  __asm__("" : "+r"(address));
  return (volatile uint8_t*)address;
}

static int answer(uint64_t value) {
  return snapvm_write(&value, sizeof value);
}

/* {address}: the byte there. */
PROBE(read_byte) {
  const uint8_t byte = *byte_at(number(input, length, 0));
  return snapvm_write(&byte, 1);
}

/* {address, value}: stores a byte. */
PROBE(write_byte) {
  *byte_at(number(input, length, 0)) = (uint8_t)number(input, length, 1);
  return snapvm_write("written", 7);
}

/* {address}: calls it. */
PROBE(execute) {
  __asm__ volatile("call *%0" : : "r"(number(input, length, 0)) : "memory");
  return snapvm_write("executed", 8);
}

__attribute__((naked)) static void only_returns(void) {
  __asm__("ret");
}

/* Addresses in: code (of a `ret`), constants, data, zeroed data, the heap, the stack. */
PROBE(places) {
  volatile uint8_t on_stack = 1;
  const uint64_t all[] = {(uintptr_t)only_returns, (uintptr_t)&in_rodata, (uintptr_t)&in_data,
                          (uintptr_t)&in_bss,      (uintptr_t)on_heap,    (uintptr_t)&on_stack};
  return snapvm_write(all, sizeof all);
}

/* The header of the input buffer. */
PROBE(header) {
  return snapvm_write(snapvm_state.peb->input, HEADER_BYTES);
}

/* How many bytes of the input buffer behind the message are not zero. */
PROBE(behind_input) {
  const struct peb* peb = snapvm_state.peb;
  uint64_t count = 0;
  for (size_t at = length; at < peb->input_size - HEADER_BYTES; at++)
    count += peb->input->payload[at] != 0;
  return answer(count);
}

/* How many bytes of the output buffer behind its header are not zero, before anything is written. */
PROBE(in_output) {
  size_t capacity;
  const uint8_t* output = snapvm_output(&capacity);
  uint64_t count = 0;
  for (size_t at = 0; at < capacity; at++)
    count += output[at] != 0;
  return answer(count);
}

PROBE(init_data) {
  size_t bytes;
  const uint8_t* data = snapvm_init_data(&bytes);
  return snapvm_write(data, bytes);
}

PROBE(peb) {
  return snapvm_write(snapvm_state.peb, sizeof *snapvm_state.peb);
}

static int touch_page(uint64_t page) {
  volatile uint8_t* last = byte_at(page + 4095);
  const int dirty = *last != 0;
  *last = 1;
  return dirty;
}

/* {first, end}: writes the last byte of each page there; how many were not zero before. */
PROBE(touch) {
  uint64_t dirty = 0;
  for (uint64_t page = number(input, length, 0); page < number(input, length, 1); page += 4096)
    dirty += touch_page(page);
  return answer(dirty);
}

/* The same from the last page to the first. */
PROBE(touch_down) {
  uint64_t dirty = 0;
  for (uint64_t page = number(input, length, 1); page > number(input, length, 0); page -= 4096)
    dirty += touch_page(page - 4096);
  return answer(dirty);
}

/* An answer that fills the output buffer. */
PROBE(fill_output) {
  size_t capacity;
  uint8_t* output = snapvm_output(&capacity);
  memset(output, 0x41, capacity);
  return snapvm_output_set_length(capacity);
}

static int report(const char* changed) {
  return changed ? snapvm_write(changed, strlen(changed)) : snapvm_write("kept", 4);
}

static struct output* message(uint32_t kind, uint32_t name_length, uint64_t length) {
  struct output* output = snapvm_state.peb->output;
  *output = (struct output){
      .abi = ABI_VERSION, .kind = kind, .code = 3, .name_length = name_length, .length = length};
  memcpy(output->payload, "lookup", 6);
  return output;
}

/* What the SDK keeps in the header of the output. */
static void begin_output(void) {
  snapvm_output_set_length(0);
}

PROBE(registers_of_host_call) {
  message(KIND_HOST_CALL, 6, 0);
  const char* changed = changed_register(leave_by_host_call, 0);
  begin_output();
  return report(changed);
}

PROBE(registers_of_log) {
  message(KIND_LOG, 0, 6);
  const char* changed = changed_register(leave_by_log, 0);
  begin_output();
  return report(changed);
}

PROBE(registers_of_print) {
  const char* changed = changed_register(leave_by_print, 0);
  begin_output();
  return report(changed);
}

#define ENTRY(name)                                                                                          \
  {                                                                                                          \
#name, name                                                                                              \
  }
int main(void) {
  static const snapvm_handler table[] = {
      ENTRY(read_byte),
      ENTRY(write_byte),
      ENTRY(execute),
      ENTRY(places),
      ENTRY(header),
      ENTRY(init_data),
      ENTRY(in_output),
      ENTRY(behind_input),
      ENTRY(peb),
      ENTRY(touch),
      ENTRY(touch_down),
      ENTRY(fill_output),
      ENTRY(registers_of_host_call),
      ENTRY(registers_of_log),
      ENTRY(registers_of_print),
  };
  on_heap = malloc(1);
  snapvm_serve(table, sizeof table / sizeof *table);
}
