/* Signals a program sends itself, masks and handlers; what handlers are told. */
#include "show.h"
#include <setjmp.h>
#include <signal.h>
#include <ucontext.h>

static volatile sig_atomic_t count, last, last_code, last_pid_is_own;
static volatile int nested;

static void simple(int number) {
  count++;
  last = number;
}

static void informed(int number, siginfo_t* info, void* context) {
  count++;
  last = number;
  last_code = info->si_code;
  last_pid_is_own = info->si_pid == getpid();
  TRUE(context != NULL);
  sigset_t mask;
  sigprocmask(SIG_SETMASK, NULL, &mask);
  printf("in the handler: USR1 %s, USR2 %s\n", sigismember(&mask, SIGUSR1) ? "blocked" : "open",
         sigismember(&mask, SIGUSR2) ? "blocked" : "open");
}

static void deep(int number) {
  if (nested++ < 3) raise(number);
  count++;
}

static void state(const char* when) {
  printf("%s: count %d last %d\n", when, (int)count, (int)last);
}

static struct sigaction handler(void (*function)(int), int flags) {
  struct sigaction action = {.sa_handler = function, .sa_flags = flags};
  sigemptyset(&action.sa_mask);
  return action;
}

int main(void) {
  struct sigaction action = handler(simple, 0), old;
  SHOW(sigaction(SIGUSR1, &action, NULL));
  SHOW(raise(SIGUSR1));
  state("raised");
  SHOW(kill(getpid(), SIGUSR1));
  state("killed");
  SHOW(sigaction(SIGUSR1, NULL, &old));
  TRUE(old.sa_handler == simple);
  SHOW(sigaction(SIGKILL, &action, NULL));
  SHOW(sigaction(SIGSTOP, &action, NULL));

  sigset_t set, before, pending;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  SHOW(sigprocmask(SIG_BLOCK, &set, &before));
  TRUE(!sigismember(&before, SIGUSR1));
  SHOW(raise(SIGUSR1));
  SHOW(raise(SIGUSR1));
  state("blocked");
  SHOW(sigpending(&pending));
  TRUE(sigismember(&pending, SIGUSR1));
  SHOW(sigprocmask(SIG_UNBLOCK, &set, NULL));
  state("open again"); /* once: such signals do not queue */
  sigfillset(&set);
  SHOW(sigprocmask(SIG_SETMASK, &set, NULL));
  SHOW(sigprocmask(SIG_SETMASK, NULL, &before));
  TRUE(sigismember(&before, SIGTERM) && !sigismember(&before, SIGKILL));
  sigemptyset(&set);
  SHOW(sigprocmask(SIG_SETMASK, &set, NULL));

  struct sigaction detailed = {.sa_sigaction = informed, .sa_flags = SA_SIGINFO};
  sigemptyset(&detailed.sa_mask);
  sigaddset(&detailed.sa_mask, SIGUSR2);
  SHOW(sigaction(SIGUSR1, &detailed, NULL));
  SHOW(kill(getpid(), SIGUSR1));
  printf("code %d, sent by itself: %d\n", (int)last_code, (int)last_pid_is_own);
  SHOW(raise(SIGUSR1));
  printf("code %d, sent by itself: %d\n", (int)last_code, (int)last_pid_is_own);
  sigprocmask(SIG_SETMASK, NULL, &before);
  TRUE(!sigismember(&before, SIGUSR1) && !sigismember(&before, SIGUSR2));

  action = handler(deep, SA_NODEFER);
  count = 0;
  SHOW(sigaction(SIGUSR2, &action, NULL));
  SHOW(raise(SIGUSR2));
  printf("nested %d, count %d\n", nested, (int)count);

  action = handler(simple, SA_RESETHAND);
  SHOW(sigaction(SIGWINCH, &action, NULL));
  SHOW(raise(SIGWINCH));
  state("once");
  SHOW(sigaction(SIGWINCH, NULL, &old));
  TRUE(old.sa_handler == SIG_DFL);

  SHOW(raise(SIGCHLD)); /* ignored by default */
  SHOW(raise(SIGWINCH));
  signal(SIGTERM, SIG_IGN);
  SHOW(raise(SIGTERM));
  SHOW(kill(getpid(), 0));
  SHOW(syscall(SYS_tgkill, getpid(), getpid(), SIGTERM));
  puts("the last line");
  fflush(stdout);
  signal(SIGTERM, SIG_DFL);
  raise(SIGTERM);
  puts("never");
}
