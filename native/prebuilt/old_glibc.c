/* Only in the prebuilt addon: what newer glibc headers and libstdc++ ask for and glibc 2.28 does not have. */
#define _GNU_SOURCE
#include <sys/single_threaded.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define HIDDEN __attribute__((visibility("hidden")))

/* GLIBC_2.32. libstdc++ may count without atomics while it is true: Node always has threads. */
HIDDEN char __libc_single_threaded = 0;

/* GLIBC_2.33; before that it was an inline wrapper. The kernel's struct is the same on x86-64. */
HIDDEN int fstat64(int fd, struct stat64* status) {
  return (int)syscall(SYS_fstat, fd, status);
}
