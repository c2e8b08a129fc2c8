/* First reads of standard input, each in its own way: readers HOW. Then the input is echoed behind "got: ".
 */
#include "show.h"
#include <fcntl.h>
#include <poll.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/uio.h>

static int started;

static void echo(int fd, const char* already, ssize_t length) {
  char bytes[4096];
  printf("got: %.*s", (int)(length > 0 ? length : 0), already);
  while ((length = read(fd, bytes, sizeof bytes)) > 0)
    fwrite(bytes, 1, (size_t)length, stdout);
  puts("");
}

static void wait_readable(int use_select) {
  struct pollfd fd = {0, POLLIN, 0};
  if (!use_select) {
    printf("poll %d\n", poll(&fd, 1, -1));
    return;
  }
  fd_set set;
  FD_ZERO(&set);
  FD_SET(0, &set);
  printf("select %d\n", select(1, &set, NULL, NULL, NULL));
}

int main(int argc, char** argv) {
  const char* how = argc > 1 ? argv[1] : "read";
  char left[4], right[4];
  struct iovec parts[2] = {{left, 4}, {right, 4}};
  struct stat status;
  fstat(0, &status);
  printf("started %d, %s\n", ++started, S_ISFIFO(status.st_mode) ? "a pipe" : "no pipe");
  fflush(stdout);
  fputs("to stderr\n", stderr);
  int fd = 0;
  if (strcmp(how, "never") == 0) return 5;
  if (strcmp(how, "fault") == 0) *(volatile int*)8 = 1;
  if (strcmp(how, "loop") == 0)
    for (volatile long i = 0;; i++)
      ;
  if (strcmp(how, "sleep") == 0) sleep(3600);
  if (strcmp(how, "poll") == 0) wait_readable(0);
  if (strcmp(how, "select") == 0) wait_readable(1);
  if (strcmp(how, "dup") == 0) fd = dup(0);
  if (strcmp(how, "dup2") == 0) {
    fd = dup2(0, 77);
    close(0);
  }
  if (strcmp(how, "fcntl") == 0) fd = fcntl(0, F_DUPFD, 20);
  if (strcmp(how, "readv") == 0) {
    ssize_t length = readv(0, parts, 2);
    char text[8];
    for (ssize_t i = 0; i < length; i++)
      text[i] = i < 4 ? left[i] : right[i - 4];
    echo(fd, text, length);
  } else if (strcmp(how, "getline") == 0) {
    char* line = NULL;
    size_t size = 0;
    long lines = 0, bytes = 0;
    for (ssize_t length; (length = getline(&line, &size, stdin)) > 0; lines++)
      bytes += length;
    printf("got: %ld lines, %ld bytes\n", lines, bytes);
  } else {
    echo(fd, "", 0);
  }
  if (strcmp(how, "random") == 0) {
    unsigned long random = 0;
    if (syscall(SYS_getrandom, &random, sizeof random, 0) == sizeof random) printf("%lx\n", random);
  }
  printf("started %d\n", started);
  return 4;
}
