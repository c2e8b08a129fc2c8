/*
 * Runs a program on this machine's Linux as a guest sees the world: in a folder of its own that holds its
 * files, /dev/null, /dev/zero, /dev/urandom, /proc and /tmp, with nothing but the environment it was given.
 *
 *   linux-runner ROOT CWD PROGRAM ARGV0 [ARGUMENT...]
 *
 * CWD and PROGRAM are paths in ROOT. Works for root and, where user namespaces are allowed, for anybody. Ends
 * with 125 and a line that begins "linux-runner:" if it could not set that up.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void must(int result, const char* what) {
  if (result >= 0) return;
  fprintf(stderr, "linux-runner: %s: %s\n", what, strerror(errno));
  exit(125);
}

static void write_file(const char* path, const char* text) {
  int fd = open(path, O_WRONLY);
  must(fd, path);
  must((int)write(fd, text, strlen(text)), path);
  close(fd);
}

/* Root without CAP_SYS_ADMIN is in the same place as anybody else. */
static void own_namespaces(void) {
  char map[64];
  unsigned uid = geteuid(), gid = getegid();
  if (unshare(CLONE_NEWNS) == 0) return;
  must(unshare(CLONE_NEWUSER | CLONE_NEWNS), "unshare");
  write_file("/proc/self/setgroups", "deny");
  snprintf(map, sizeof map, "0 %u 1", uid);
  write_file("/proc/self/uid_map", map);
  snprintf(map, sizeof map, "0 %u 1", gid);
  write_file("/proc/self/gid_map", map);
}

static void bind(const char* root, const char* path, int folder) {
  char target[4096];
  snprintf(target, sizeof target, "%s%s", root, path);
  if (folder)
    mkdir(target, 0755);
  else
    close(open(target, O_CREAT | O_WRONLY, 0644));
  must(mount(path, target, NULL, MS_BIND | MS_REC, NULL), path);
}

static void copy(int from, int to) {
  static char bytes[1 << 16];
  for (ssize_t length; (length = read(from, bytes, sizeof bytes)) > 0;)
    for (ssize_t done = 0, count; done < length; done += count)
      if ((count = write(to, bytes + done, (size_t)(length - done))) <= 0) return;
}

/* What a small input comes to must not depend on who is quicker: all of it is there when the program starts.
 */
static void await_input(int fd) {
  struct pollfd input = {fd, POLLIN, 0};
  for (int there = 0; there < 1 << 16;) {
    must(poll(&input, 1, -1), "poll");
    if ((input.revents & POLLHUP) != 0) return;
    must(ioctl(fd, FIONREAD, &there), "ioctl");
    usleep(200);
  }
}

/* Streams are pipes, as a guest's are: whoever starts us may have given us sockets. */
static int run(const char* program, char** arguments) {
  int in[2], out[2], err[2], status = 0;
  must(pipe2(in, O_CLOEXEC), "pipe");
  must(pipe2(out, O_CLOEXEC), "pipe");
  must(pipe2(err, O_CLOEXEC), "pipe");
  pid_t child = fork();
  if (child == 0) {
    close(in[1]);
    await_input(in[0]);
    dup2(in[0], 0);
    dup2(out[1], 1);
    dup2(err[1], 2);
    execv(program, arguments);
    must(-1, program);
  }
  close(in[0]);
  close(out[1]);
  close(err[1]);
  pid_t feeder = fork();
  if (feeder == 0) {
    copy(0, in[1]);
    _exit(0);
  }
  close(in[1]);
  pid_t drainer = fork();
  if (drainer == 0) {
    copy(out[0], 1);
    _exit(0);
  }
  close(out[0]);
  copy(err[0], 2);
  waitpid(child, &status, 0);
  kill(feeder, SIGKILL);
  waitpid(drainer, NULL, 0);
  if (!WIFSIGNALED(status)) return WEXITSTATUS(status);
  signal(WTERMSIG(status), SIG_DFL);
  kill(getpid(), WTERMSIG(status));
  return 128 + WTERMSIG(status);
}

int main(int argc, char** argv) {
  static const struct rlimit stack = {8 << 20, RLIM_INFINITY};
  static const char* const devices[] = {"/dev/null", "/dev/zero", "/dev/urandom"};
  char folder[4096];
  if (argc < 5) must(-1, "four arguments at least");
  own_namespaces();
  must(mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL), "mount /");
  snprintf(folder, sizeof folder, "%s/dev", argv[1]);
  mkdir(folder, 0755);
  for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
    bind(argv[1], devices[i], 0);
  bind(argv[1], "/proc", 1);
  must(chroot(argv[1]), "chroot");
  must(chdir(argv[2]), argv[2]);
  static const struct rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  setrlimit(RLIMIT_STACK, &stack);
  umask(022);
  return run(argv[3], argv + 4);
}
