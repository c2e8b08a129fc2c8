/* Mappings of files in memory: private and read-only; and what is refused. */
#include "show.h"
#include <fcntl.h>
#include <sys/mman.h>

enum { PAGE = 4096 };
int main(void) {
  char bytes[PAGE + 100];
  for (size_t i = 0; i < sizeof bytes; i++)
    bytes[i] = (char)(i % 251);
  int fd = open("/tmp/file", O_RDWR | O_CREAT | O_TRUNC, 0644);
  SHOW(write(fd, bytes, sizeof bytes));

  char* private = OK((char*)mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0));
  TRUE(memcmp(private, bytes, sizeof bytes) == 0);
  TRUE(private[PAGE + 100] == 0 && private[2 * PAGE - 1] == 0);
  private[3] = 'x';
  char one = 0;
  SHOW(pread(fd, &one, 1, 3));
  TRUE(one == 3);

  char* second = OK((char*)mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, PAGE));
  TRUE(memcmp(second, bytes + PAGE, 100) == 0);
  SHOW(close(fd));
  TRUE(second[0] == bytes[PAGE]); /* a mapping outlives its descriptor */
  SHOW(unlink("/tmp/file"));
  TRUE(second[1] == bytes[PAGE + 1]); /* and the file's name */

  fd = open("/data/input", O_RDONLY);
  char* input = OK((char*)mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0));
  printf("%.12s\n", input);
  SHOW(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)); /* the file may only be read */
  SHOW(mmap(NULL, PAGE, PROT_READ, 0, fd, 0));
  SHOW(syscall(SYS_mmap, NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 12));
  int written = open("/tmp/w", O_WRONLY | O_CREAT, 0644);
  SHOW(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, written, 0));
  int folder = open("/data", O_RDONLY | O_DIRECTORY);
  SHOW(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, folder, 0));
  int pipes[2];
  SHOW(pipe(pipes));
  SHOW(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, pipes[0], 0));

  int zero = open("/dev/zero", O_RDWR);
  char* zeroes = OK((char*)mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, zero, 0));
  TRUE(zeroes[0] == 0 && zeroes[PAGE - 1] == 0);
  zeroes[1] = 1;
}
