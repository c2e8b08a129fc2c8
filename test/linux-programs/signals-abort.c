/* abort() ends a program by SIGABRT, after its handler has returned. */
#include "show.h"
#include <signal.h>

static void told(int number) {
  static const char text[] = "handler\n";
  (void)number;
  if (write(2, text, sizeof text - 1) < 0) _exit(1);
}

int main(int argc, char** argv) {
  puts("before");
  fflush(stdout);
  if (argc > 1 && strcmp(argv[1], "handled") == 0) signal(SIGABRT, told);
  if (argc > 1 && strcmp(argv[1], "killed") == 0) kill(getpid(), SIGKILL);
  if (argc > 1 && strcmp(argv[1], "pipe") == 0) {
    int ends[2];
    if (pipe(ends) != 0 || close(ends[0]) != 0) return 1;
    if (write(ends[1], "x", 1) != 1) return 2;
  }
  abort();
}
