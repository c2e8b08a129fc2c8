/* Writes to a port from a program, past the system-call stub: ports PORT [RCX [RAX]], and string output:
 * ports PORT string. */
#include "show.h"

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  unsigned short port = (unsigned short)atoi(argv[1]);
  static char bytes[16] = "string output";
  if (argc > 2 && strcmp(argv[2], "string") == 0) {
    const char* source = bytes;
    unsigned long count = 5;
    __asm__ volatile("rep outsb" : "+S"(source), "+c"(count) : "d"(port) : "memory");
  } else if (argc > 2 && strcmp(argv[2], "wide") == 0) {
    __asm__ volatile("outl %%eax, %%dx" ::"a"(39), "d"(port) : "memory");
  } else {
    unsigned long rcx = argc > 2 ? strtoul(argv[2], NULL, 0) : 0,
                  rax = argc > 3 ? strtoul(argv[3], NULL, 0) : 39;
    __asm__ volatile("outb %%al, %%dx" ::"a"(rax), "c"(rcx), "d"(port), "D"(1UL << 63), "S"(1UL << 63)
                     : "memory", "r11");
  }
  puts("behind it");
  return 0;
}
