/* A hundred wrong calls and what Linux says to each. Raw system calls: no library looks at them first. */
#include "show.h"
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

#define BAD ((void*)8)
#define FAR ((void*)0x7ffffffff000)
#define KERNEL ((void*)0xffff800000000000)
#define CALL(name, ...) SHOW(syscall(SYS_##name, __VA_ARGS__))

static char longest[PATH_MAX + 10];

int main(void) {
  char text[256]; /* a struct stat too, should it be filled */
  int file = open("/data/input", O_RDONLY), folder = open("/data", O_RDONLY | O_DIRECTORY);
  int out = open("/tmp/out", O_WRONLY | O_CREAT, 0600), path = open("/data/input", O_PATH);
  memset(longest, 'x', sizeof longest - 1);
  longest[0] = '/';
  char component[300] = "/tmp/";
  memset(component + 5, 'y', 260);

  CALL(read, 99, text, 1);
  CALL(read, -1, text, 1);
  CALL(read, file, BAD, 1);
  CALL(read, file, FAR, 1);
  CALL(read, file, KERNEL, 1);
  CALL(read, folder, text, 1);
  CALL(read, out, text, 1);
  CALL(read, path, text, 1);
  CALL(read, file, text, -1L);
  CALL(write, 99, text, 1);
  CALL(write, file, text, 1);
  CALL(write, out, BAD, 1);
  CALL(write, out, KERNEL, 5);
  CALL(write, folder, text, 1);
  CALL(pread64, file, text, 1, -1L);
  CALL(pread64, file, text, 1, 1L << 62);
  CALL(pwrite64, out, text, 1, -1L);
  CALL(readv, file, BAD, 1);
  CALL(readv, file, text, -1);
  CALL(writev, out, KERNEL, 2);
  CALL(close, 99);
  CALL(close, -5);
  CALL(lseek, 99, 0, 0);
  CALL(lseek, file, -1L, 0);
  CALL(lseek, file, 0, 9);
  CALL(open, BAD, O_RDONLY);
  CALL(open, KERNEL, O_RDONLY);
  CALL(open, NULL, O_RDONLY);
  CALL(open, "", O_RDONLY);
  CALL(open, "/nothing", O_RDONLY);
  CALL(open, "/data/input/x", O_RDONLY);
  CALL(open, "/data/input/", O_RDONLY);
  CALL(open, "/data", O_WRONLY);
  CALL(open, "/data", O_RDWR);
  CALL(open, "/nothing/x", O_CREAT | O_WRONLY, 0600);
  CALL(open, longest, O_RDONLY);
  CALL(open, component, O_RDONLY);
  CALL(open, component, O_CREAT | O_WRONLY, 0600);
  CALL(openat, 99, "x", O_RDONLY);
  CALL(openat, file, "x", O_RDONLY);
  CALL(openat, AT_FDCWD, BAD, O_RDONLY);
  CALL(openat, folder, "missing", O_RDONLY);
  CALL(stat, "/nothing", text);
  CALL(stat, BAD, text);
  CALL(stat, "/data", BAD);
  CALL(stat, "/data", KERNEL);
  CALL(fstat, 99, text);
  CALL(fstat, file, BAD);
  CALL(newfstatat, 99, "x", text, 0);
  CALL(newfstatat, file, "x", text, 0);
  CALL(newfstatat, AT_FDCWD, "/data", text, 0x8000000);
  CALL(newfstatat, AT_FDCWD, "", text, 0);
  CALL(lstat, longest, text);
  CALL(access, "/nothing", F_OK);
  CALL(access, "/data/input/x", F_OK);
  CALL(access, BAD, F_OK);
  CALL(mkdir, "/data", 0755);
  CALL(mkdir, "/data/input/x", 0755);
  CALL(mkdir, "/nothing/x", 0755);
  CALL(mkdir, "", 0755);
  CALL(mkdir, "/", 0755);
  CALL(mkdir, component, 0755);
  CALL(mkdir, BAD, 0755);
  CALL(rmdir, "/nothing");
  CALL(rmdir, "/data/input");
  CALL(rmdir, "/data");
  CALL(rmdir, "/");
  CALL(rmdir, "");
  CALL(unlink, "/nothing");
  CALL(unlink, "/data");
  CALL(unlink, "/data/input/x");
  CALL(unlink, BAD);
  CALL(unlinkat, AT_FDCWD, "/data/input", 0x77770);
  CALL(rename, "/nothing", "/tmp/x");
  CALL(rename, "/data/input", "/nothing/x");
  CALL(rename, "/data/input", "/data");
  CALL(rename, "/data", "/data/input");
  CALL(rename, "/data", "/data/x");
  CALL(rename, BAD, "/tmp/x");
  CALL(readlink, "/nothing", text, 64);
  CALL(readlink, "/data/input", text, 64);
  CALL(readlink, "/data", text, 64);
  CALL(readlink, "/data", text, 0);
  CALL(readlink, "/data", text, -1);
  CALL(chdir, "/nothing");
  CALL(chdir, "/data/input");
  CALL(chdir, BAD);
  CALL(fchdir, 99);
  CALL(fchdir, file);
  CALL(getcwd, text, 0);
  CALL(getcwd, text, 1);
  CALL(getcwd, BAD, 100);
  CALL(getdents64, 99, text, 64);
  CALL(getdents64, file, text, 64);
  CALL(getdents64, folder, BAD, 4096);
  CALL(ftruncate, 99, 0);
  CALL(ftruncate, file, 0);
  CALL(ftruncate, out, -1L);
  CALL(truncate, "/data", 0);
  CALL(truncate, "/nothing", 0);
  CALL(dup, 99);
  CALL(dup2, 99, 5);
  CALL(dup2, file, 1 << 30);
  CALL(dup3, file, 5, 0x777);
  CALL(dup3, file, file, 0);
  CALL(fcntl, 99, F_GETFL);
  CALL(fcntl, file, 12345);
  CALL(fcntl, file, F_DUPFD, -1);
  CALL(fcntl, file, F_DUPFD, 1 << 30);
  CALL(ioctl, 99, 0x5401, text);
  CALL(ioctl, file, 0x5401, text);
  CALL(pipe, BAD);
  CALL(pipe2, text, 0x4000000);
  CALL(poll, BAD, 1, 0);
  CALL(poll, text, 1 << 30, 0);
  CALL(uname, BAD);
  CALL(clock_gettime, 0, BAD);
  CALL(clock_gettime, 99, text);
  CALL(nanosleep, BAD, NULL);
  CALL(getrandom, BAD, 8, 0);
  CALL(getrandom, text, 8, 0x100);
  CALL(sysinfo, BAD);
  CALL(prlimit64, 0, 99, NULL, text);
  CALL(prlimit64, 0, 3, NULL, BAD);
  CALL(rt_sigaction, 0, NULL, NULL, 8);
  CALL(rt_sigaction, 65, NULL, NULL, 8);
  CALL(rt_sigaction, 9, text, NULL, 8);
  CALL(rt_sigaction, 10, NULL, NULL, 4);
  CALL(rt_sigprocmask, 77, text, NULL, 8);
  CALL(rt_sigprocmask, 0, BAD, NULL, 8);
  CALL(rt_sigprocmask, 0, NULL, NULL, 3);
  CALL(kill, 0, 65);
  CALL(tgkill, -1, 1, 0);
  CALL(futex, BAD, 0, 0, NULL, NULL, 0);
  CALL(futex, 1, 1, 0, NULL, NULL, 0);
  CALL(arch_prctl, 0x7777, 0);
  CALL(arch_prctl, 0x1002, KERNEL);
}
