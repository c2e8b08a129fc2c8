/* A shared mapping of a file in memory: what is written through it is in the file, and the other way round.
 */
#include "show.h"
#include <fcntl.h>
#include <sys/mman.h>

int main(void) {
  int fd = open("/tmp/file", O_RDWR | O_CREAT | O_TRUNC, 0644);
  SHOW(ftruncate(fd, 4096));
  char* shared = OK((char*)mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
  if (shared == MAP_FAILED) return 1;
  strcpy(shared, "written through the mapping");
  SHOW(msync(shared, 4096, MS_SYNC));
  char text[32] = "";
  SHOW(pread(fd, text, 27, 0));
  puts(text);
  SHOW(pwrite(fd, "WRITTEN", 7, 0));
  puts(shared);
  SHOW(munmap(shared, 4096));
  SHOW(pread(fd, text, 27, 0));
  puts(text);
}
