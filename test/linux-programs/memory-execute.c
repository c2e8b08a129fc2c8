/* Code made at run time: written, then made executable. */
#include "show.h"
#include <sys/mman.h>

int main(void) {
  static const unsigned char code[] = {0x8d, 0x04, 0x3f, 0xc3}; /* lea (%rdi,%rdi),%eax; ret */
  unsigned char* page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memcpy(page, code, sizeof code);
  if (mprotect(page, 4096, PROT_READ | PROT_EXEC) != 0) {
    printf("mprotect: %s\n", errno_name(errno));
    return 1;
  }
  printf("%d\n", ((int (*)(int))(uintptr_t)page)(21));
}
