/* pages.elf: "fill" writes one byte to each of PAGES pages, "check" answers how many are not zero: none,
 * ever. */
#include <snapvm.h>

#define PAGES 512
#define PAGE 4096

static volatile uint8_t memory[PAGES][PAGE] __attribute__((aligned(PAGE)));

static int fill(const uint8_t* input, size_t length) {
  (void)input, (void)length;
  for (size_t i = 0; i < PAGES; i++)
    memory[i][7] = 0x41;
  return snapvm_write("ok", 2);
}

static int check(const uint8_t* input, size_t length) {
  (void)input, (void)length;
  int touched = 0;
  for (size_t i = 0; i < PAGES; i++)
    touched += memory[i][7] != 0;
  char text[16];
  return snapvm_write(text, (size_t)snapvm_format(text, sizeof text, "%d", touched));
}

int main(void) {
  static const snapvm_handler table[] = {{"fill", fill}, {"check", check}};
  snapvm_serve(table, sizeof table / sizeof *table);
}
