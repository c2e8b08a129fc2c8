/* Wrappers of every system call of the addon that can fail; test/conditions/native-calls.test.ts says which
 * cannot. In the addon that is shipped these are the calls themselves, inline. In the one that only tests
 * build and load (faults.h) each first asks whether it is to fail. For C and C++. */
#ifndef SNAPVM_SYSTEM_CALLS_H
#define SNAPVM_SYSTEM_CALLS_H

#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef SNAPVM_FAULTS
#include "system/faults.h"
#else
/* Whether this call is to fail. `detail` tells calls of one name apart, `subject` is the process it is about.
 */
static inline bool snapvm_refuses(const char* name, long detail, pid_t subject) {
  (void)name;
  (void)detail;
  (void)subject;
  return false;
}
#endif

/* Defines the wrapper sys_NAME. `made` is the call. When it fails it gives -1.
 * SAFETY of the cast: -1 of the pointer that mmap gives is MAP_FAILED, which is never an address. */
#define SNAPVM_WRAP_OF(type, name, parameters, detail, subject, made)                                        \
  static inline type sys_##name parameters {                                                                 \
    if (snapvm_refuses(#name, (long)(detail), subject)) return (type)-1;                                     \
    return made;                                                                                             \
  }
#define SNAPVM_WRAP(type, name, parameters, detail, made)                                                    \
  SNAPVM_WRAP_OF(type, name, parameters, detail, 0, made)

/* Files and descriptors */
SNAPVM_WRAP(int, open, (const char* path, int flags), 0, open(path, flags))
SNAPVM_WRAP(int, fstat, (int fd, struct stat* status), 0, fstat(fd, status))
SNAPVM_WRAP(int, ftruncate, (int fd, off_t bytes), 0, ftruncate(fd, bytes))
SNAPVM_WRAP(ssize_t, write, (int fd, const void* from, size_t bytes), 0, write(fd, from, bytes))
SNAPVM_WRAP(ssize_t, pwrite, (int fd, const void* from, size_t bytes, off_t at), 0,
            pwrite(fd, from, bytes, at))
SNAPVM_WRAP(int, fcntl, (int fd, int command, int argument), command, fcntl(fd, command, argument))
SNAPVM_WRAP(int, dup2, (int from, int to), 0, dup2(from, to))
SNAPVM_WRAP(int, dup3, (int from, int to, int flags), 0, dup3(from, to, flags))
SNAPVM_WRAP(int, close_range, (unsigned first, unsigned last), 0,
            (int)syscall(SYS_close_range, first, last, 0))
SNAPVM_WRAP(int, memfd_create, (const char* name, unsigned flags), 0, memfd_create(name, flags))
SNAPVM_WRAP(int, socketpair, (int domain, int type, int ends[2]), 0, socketpair(domain, type, 0, ends))
SNAPVM_WRAP(ssize_t, sendmsg, (int fd, const struct msghdr* message, int flags), 0,
            sendmsg(fd, message, flags))
SNAPVM_WRAP(ssize_t, recvmsg, (int fd, struct msghdr* message, int flags), 0, recvmsg(fd, message, flags))
SNAPVM_WRAP(ssize_t, getrandom, (void* to, size_t bytes), 0, getrandom(to, bytes, 0))

/* Memory. SAFETY: who calls mmap, munmap, mprotect or madvise owns the range, and says so at the call. */
SNAPVM_WRAP(void*, mmap, (void* at, size_t bytes, int protection, int flags, int fd, off_t offset), 0,
            mmap(at, bytes, protection, flags, fd, offset))
SNAPVM_WRAP(int, munmap, (void* at, size_t bytes), 0, munmap(at, bytes))
SNAPVM_WRAP(int, mprotect, (void* at, size_t bytes, int protection), 0, mprotect(at, bytes, protection))
SNAPVM_WRAP(int, madvise, (void* at, size_t bytes, int advice), advice, madvise(at, bytes, advice))

/* KVM: those that take a structure, or nothing, and those that take a number */
SNAPVM_WRAP(int, ioctl, (int fd, unsigned long request, void* argument), request,
            ioctl(fd, request, argument))
SNAPVM_WRAP(int, ioctl_value, (int fd, unsigned long request, long value), request, ioctl(fd, request, value))

/* Processes */
SNAPVM_WRAP(pid_t, clone, (int (*run)(void*), void* stack_end, int flags, void* argument), flags,
            clone(run, stack_end, flags, argument))
SNAPVM_WRAP(int, execveat, (int fd, const char** arguments, const char** environment), 0,
            (int)syscall(SYS_execveat, fd, "", arguments, environment, AT_EMPTY_PATH))
SNAPVM_WRAP(pid_t, setsid, (void), 0, setsid())
SNAPVM_WRAP(int, prctl, (int option, unsigned long value), option, (int)syscall(SYS_prctl, option, value))
SNAPVM_WRAP(int, capget, (struct __user_cap_header_struct * header, struct __user_cap_data_struct* data), 0,
            (int)syscall(SYS_capget, header, data))
SNAPVM_WRAP_OF(long, ptrace, (int request, pid_t pid, void* address, void* data), request, pid,
               syscall(SYS_ptrace, request, pid, address, data))
SNAPVM_WRAP_OF(pid_t, waitpid, (pid_t pid, int* status, int options), options, pid,
               waitpid(pid, status, options))
SNAPVM_WRAP_OF(int, waitid, (pid_t pid, siginfo_t* info, int options), 0, pid,
               waitid(P_PID, (id_t)pid, info, options))
SNAPVM_WRAP(int, pidfd_open, (pid_t pid), 0, (int)syscall(SYS_pidfd_open, pid, 0))

/* The C library has gettid only since 2.30. It cannot fail. */
static inline pid_t sys_gettid(void) {
  return (pid_t)syscall(SYS_gettid);
}

/* Signals and timers */
SNAPVM_WRAP(int, pidfd_send_signal, (int pidfd, int signal), signal,
            (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0))
SNAPVM_WRAP(int, kill, (pid_t pid, int signal), signal, kill(pid, signal))
SNAPVM_WRAP(int, tgkill, (pid_t process, pid_t thread, int signal), signal,
            (int)syscall(SYS_tgkill, process, thread, signal))
SNAPVM_WRAP(int, sigaction, (int signal, const struct sigaction* now, struct sigaction* before), signal,
            sigaction(signal, now, before))
SNAPVM_WRAP(int, timer_create, (clockid_t clock, struct sigevent* event, timer_t* timer), 0,
            timer_create(clock, event, timer))
SNAPVM_WRAP(int, timer_settime, (timer_t timer, int flags, const struct itimerspec* when), 0,
            timer_settime(timer, flags, when, NULL))

/* Processors */
SNAPVM_WRAP(int, sched_setaffinity, (pid_t pid, const cpu_set_t* set), 0,
            sched_setaffinity(pid, sizeof *set, set))
SNAPVM_WRAP(int, sched_getaffinity, (pid_t pid, cpu_set_t* set), 0, sched_getaffinity(pid, sizeof *set, set))

/* Whether a call is to fail that this process does not make itself: the `index`-th one that the stub of a
 * guest process is told to make (process/stub.S). */
static inline bool sys_refuses_stub(long index) {
  return snapvm_refuses("stub", index, 0);
}

#undef SNAPVM_WRAP
#undef SNAPVM_WRAP_OF

#endif
