/* Pipes within one program, and waiting for descriptors: poll and select. Nothing here may wait for ever. */
#include "show.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/select.h>
#include <sys/stat.h>

static void polled(const char* name, struct pollfd* fds, int count, int timeout) {
  int result = poll(fds, (nfds_t)count, timeout);
  printf("%s: %d", name, result);
  for (int i = 0; i < count; i++)
    printf(" %x", fds[i].revents);
  puts("");
}

int main(void) {
  int ends[2], quick[2];
  char text[16] = "";
  SHOW(pipe(ends));
  struct stat status;
  SHOW(fstat(ends[0], &status));
  TRUE(S_ISFIFO(status.st_mode));
  struct pollfd empty[2] = {{ends[0], POLLIN, 0}, {ends[1], POLLOUT, 0}};
  polled("empty pipe", empty, 2, 0);
  SHOW(write(ends[1], "through", 7));
  polled("full pipe", empty, 2, 0);
  SHOW(read(ends[0], text, 4));
  SHOW(read(ends[0], text + 4, 10));
  puts(text);
  SHOW(lseek(ends[0], 0, SEEK_CUR));
  SHOW(pread(ends[0], text, 1, 0));
  SHOW(read(ends[1], text, 1));
  SHOW(write(ends[0], text, 1));
  SHOW(pipe2(quick, O_NONBLOCK));
  SHOW(read(quick[0], text, 1));
  static char block[70000];
  SHOW(write(quick[1], block, sizeof block));
  SHOW(write(quick[1], block, 1));
  SHOW(read(quick[0], block, sizeof block));
  SHOW(pipe2(quick, 0x7fffffff));
  SHOW(close(ends[1]));
  struct pollfd hung = {ends[0], POLLIN, 0};
  polled("nobody writes", &hung, 1, -1);
  SHOW(read(ends[0], text, 1));
  SHOW(pipe(ends));
  SHOW(close(ends[0]));
  signal(SIGPIPE, SIG_IGN);
  SHOW(write(ends[1], "x", 1));
  struct pollfd broken = {ends[1], POLLOUT, 0};
  polled("nobody reads", &broken, 1, 0);

  int file = open("/data/input", O_RDONLY);
  struct pollfd several[4] = {{file, POLLIN | POLLOUT, 0}, {99, POLLIN, 0}, {-1, POLLIN, 0}, {1, POLLOUT, 0}};
  polled("file, closed, none, output", several, 4, -1);
  polled("nothing, 1 ms", NULL, 0, 1);

  fd_set reads, writes;
  FD_ZERO(&reads);
  FD_ZERO(&writes);
  FD_SET(file, &reads);
  FD_SET(1, &writes);
  SHOW(select(file + 1, &reads, &writes, NULL, NULL));
  TRUE(FD_ISSET(file, &reads) && FD_ISSET(1, &writes));
  FD_ZERO(&reads);
  FD_SET(40, &reads); /* below 64: what lies past the table of descriptors Linux does not look at, and waits
                         for ever */
  SHOW(select(41, &reads, NULL, NULL, NULL));
  SHOW(select(-1, NULL, NULL, NULL, NULL));
  struct timeval soon = {0, 1000};
  SHOW(select(0, NULL, NULL, NULL, &soon));

  struct pollfd input = {0, POLLIN, 0};
  polled("standard input", &input, 1, -1);
  SHOW(read(0, text, 5));
  printf("%.5s\n", text);
  SHOW(read(0, text, 16));
  SHOW(read(0, text, 16));
  SHOW(lseek(0, 0, SEEK_CUR));
  polled("standard input at its end", &input, 1, 0);
}
