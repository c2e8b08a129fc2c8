// The system calls a Linux program has: syscalls.cc is the list, calls_*.cc are the handlers.
#pragma once

#include "linux/process.h"

#include <array>

namespace snapvm {

constexpr int64_t kMostIovecs = 1024;

using Arguments = std::array<uint64_t, 6>;
using Handler = int64_t (*)(Process&, Registers&, const Arguments&);

enum class Effect : uint8_t {
  None, // memory, output and position of the input aside, nothing differs afterwards; or the handler says so
  Changes,      // descriptors, files, signals ...
  SetsRegisters // all of them, the result included; and the signals that are blocked
};

struct SystemCall {
  uint32_t number;
  const char* name;
  Handler handler;
  Effect effect;
};

// Null: there is none of that number.
const SystemCall* find_system_call(uint64_t number);

// What the kernel takes of an int argument: the low half.
inline int64_t as_fd(uint64_t argument) {
  return static_cast<int32_t>(argument);
}

// calls_io.cc, calls_vectors.cc
int64_t call_read(Process&, Registers&, const Arguments&);
int64_t call_write(Process&, Registers&, const Arguments&);
int64_t call_readv(Process&, Registers&, const Arguments&);
int64_t call_writev(Process&, Registers&, const Arguments&);
int64_t call_preadv(Process&, Registers&, const Arguments&);
int64_t call_pwritev(Process&, Registers&, const Arguments&);
int64_t call_pread(Process&, Registers&, const Arguments&);
int64_t call_pwrite(Process&, Registers&, const Arguments&);
int64_t call_lseek(Process&, Registers&, const Arguments&);
int64_t call_sendfile(Process&, Registers&, const Arguments&);
int64_t call_ftruncate(Process&, Registers&, const Arguments&);
int64_t call_truncate(Process&, Registers&, const Arguments&);
int64_t call_fsync(Process&, Registers&, const Arguments&);
int64_t call_fadvise(Process&, Registers&, const Arguments&);
// calls_descriptors.cc
int64_t call_open(Process&, Registers&, const Arguments&);
int64_t call_openat(Process&, Registers&, const Arguments&);
int64_t call_creat(Process&, Registers&, const Arguments&);
int64_t call_close(Process&, Registers&, const Arguments&);
int64_t call_dup(Process&, Registers&, const Arguments&);
int64_t call_dup2(Process&, Registers&, const Arguments&);
int64_t call_dup3(Process&, Registers&, const Arguments&);
int64_t call_fcntl(Process&, Registers&, const Arguments&);
int64_t call_ioctl(Process&, Registers&, const Arguments&);
int64_t call_pipe(Process&, Registers&, const Arguments&);
int64_t call_pipe2(Process&, Registers&, const Arguments&);
int64_t call_poll(Process&, Registers&, const Arguments&);
int64_t call_ppoll(Process&, Registers&, const Arguments&);
int64_t call_select(Process&, Registers&, const Arguments&);
int64_t call_pselect(Process&, Registers&, const Arguments&);
// calls_paths.cc
int64_t call_stat(Process&, Registers&, const Arguments&);
int64_t call_lstat(Process&, Registers&, const Arguments&);
int64_t call_fstat(Process&, Registers&, const Arguments&);
int64_t call_newfstatat(Process&, Registers&, const Arguments&);
int64_t call_statx(Process&, Registers&, const Arguments&);
int64_t call_statfs(Process&, Registers&, const Arguments&);
int64_t call_fstatfs(Process&, Registers&, const Arguments&);
int64_t call_access(Process&, Registers&, const Arguments&);
int64_t call_faccessat(Process&, Registers&, const Arguments&);
int64_t call_faccessat2(Process&, Registers&, const Arguments&);
int64_t call_readlink(Process&, Registers&, const Arguments&);
int64_t call_readlinkat(Process&, Registers&, const Arguments&);
// calls_folders.cc
int64_t call_getdents64(Process&, Registers&, const Arguments&);
int64_t call_getcwd(Process&, Registers&, const Arguments&);
int64_t call_chdir(Process&, Registers&, const Arguments&);
int64_t call_fchdir(Process&, Registers&, const Arguments&);
// calls_tree.cc
int64_t call_mkdir(Process&, Registers&, const Arguments&);
int64_t call_mkdirat(Process&, Registers&, const Arguments&);
int64_t call_rmdir(Process&, Registers&, const Arguments&);
int64_t call_unlink(Process&, Registers&, const Arguments&);
int64_t call_unlinkat(Process&, Registers&, const Arguments&);
int64_t call_rename(Process&, Registers&, const Arguments&);
int64_t call_renameat(Process&, Registers&, const Arguments&);
int64_t call_renameat2(Process&, Registers&, const Arguments&);
int64_t call_link(Process&, Registers&, const Arguments&);
int64_t call_linkat(Process&, Registers&, const Arguments&);
int64_t call_symlink(Process&, Registers&, const Arguments&);
int64_t call_symlinkat(Process&, Registers&, const Arguments&);
int64_t call_chmod(Process&, Registers&, const Arguments&);
int64_t call_fchmod(Process&, Registers&, const Arguments&);
int64_t call_fchmodat(Process&, Registers&, const Arguments&);
int64_t call_chown(Process&, Registers&, const Arguments&);
int64_t call_fchown(Process&, Registers&, const Arguments&);
int64_t call_fchownat(Process&, Registers&, const Arguments&);
int64_t call_utimensat(Process&, Registers&, const Arguments&);
int64_t call_umask(Process&, Registers&, const Arguments&);
// calls_memory.cc
int64_t call_brk(Process&, Registers&, const Arguments&);
int64_t call_mmap(Process&, Registers&, const Arguments&);
int64_t call_munmap(Process&, Registers&, const Arguments&);
int64_t call_mprotect(Process&, Registers&, const Arguments&);
int64_t call_mremap(Process&, Registers&, const Arguments&);
int64_t call_madvise(Process&, Registers&, const Arguments&);
int64_t call_arch_prctl(Process&, Registers&, const Arguments&);
// calls_signals.cc
int64_t call_rt_sigaction(Process&, Registers&, const Arguments&);
int64_t call_rt_sigprocmask(Process&, Registers&, const Arguments&);
int64_t call_rt_sigreturn(Process&, Registers&, const Arguments&);
int64_t call_rt_sigpending(Process&, Registers&, const Arguments&);
int64_t call_sigaltstack(Process&, Registers&, const Arguments&);
int64_t call_kill(Process&, Registers&, const Arguments&);
int64_t call_tkill(Process&, Registers&, const Arguments&);
int64_t call_tgkill(Process&, Registers&, const Arguments&);
int64_t call_pause(Process&, Registers&, const Arguments&);
// calls_process.cc
int64_t call_exit(Process&, Registers&, const Arguments&);
int64_t call_getpid(Process&, Registers&, const Arguments&);
int64_t call_getppid(Process&, Registers&, const Arguments&);
int64_t call_zero(Process&, Registers&, const Arguments&);
int64_t call_getgroups(Process&, Registers&, const Arguments&);
int64_t call_getresid(Process&, Registers&, const Arguments&);
int64_t call_uname(Process&, Registers&, const Arguments&);
int64_t call_sysinfo(Process&, Registers&, const Arguments&);
int64_t call_prlimit(Process&, Registers&, const Arguments&);
int64_t call_getrlimit(Process&, Registers&, const Arguments&);
int64_t call_setrlimit(Process&, Registers&, const Arguments&);
int64_t call_getrusage(Process&, Registers&, const Arguments&);
int64_t call_times(Process&, Registers&, const Arguments&);
int64_t call_prctl(Process&, Registers&, const Arguments&);
int64_t call_set_tid_address(Process&, Registers&, const Arguments&);
int64_t call_rseq(Process&, Registers&, const Arguments&);
int64_t call_futex(Process&, Registers&, const Arguments&);
int64_t call_getrandom(Process&, Registers&, const Arguments&);
int64_t call_sched_getaffinity(Process&, Registers&, const Arguments&);
int64_t call_getcpu(Process&, Registers&, const Arguments&);
int64_t call_wait4(Process&, Registers&, const Arguments&);
// calls_time.cc
int64_t call_time(Process&, Registers&, const Arguments&);
int64_t call_gettimeofday(Process&, Registers&, const Arguments&);
int64_t call_clock_gettime(Process&, Registers&, const Arguments&);
int64_t call_clock_getres(Process&, Registers&, const Arguments&);
int64_t call_nanosleep(Process&, Registers&, const Arguments&);
int64_t call_clock_nanosleep(Process&, Registers&, const Arguments&);

} // namespace snapvm
