// Writes by its first argument, for test/guests/linux-output.test.ts.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static char block[65536];
int main(int argc, char** argv) {
  const char* way = argc > 1 ? argv[1] : "echo";
  if (strcmp(way, "echo") == 0) {
    char byte;
    write(1, "> ", 2);
    while (read(0, &byte, 1) == 1)
      write(1, &byte, 1);
    write(2, "done", 4);
    return 3;
  }
  if (strcmp(way, "much") == 0) {
    for (int i = 0; i < atoi(argv[2]); i++) {
      memset(block, 'a' + i % 26, sizeof block);
      if (write(1, block, sizeof block) != sizeof block) return 1;
    }
    return 0;
  }
  if (strcmp(way, "spin") == 0) {
    write(1, "before", 6);
    for (;;)
      ;
  }
  if (strcmp(way, "fault") == 0) {
    write(1, "before", 6);
    *(volatile char*)8 = 1;
  }
  return 0;
}
