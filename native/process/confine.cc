#include "process/confine.h"

#include "abi.h"
#include "error.h"
#include "system/calls.h"

#include <array>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

namespace snapvm {
namespace {

constexpr uint64_t kNobody = 65534;
constexpr uint64_t kUserMemoryEnd = 0x7ffffffff000;

// Writes an argument into the shared memory. Returns its address in the process.
template <typename T> uint64_t put(const SharedArea& area, const T& value) {
  // SAFETY: the area has a page or more, and the process does not run now.
  static_assert(sizeof value <= kPage);
  std::memcpy(area.data, &value, sizeof value);
  return area.address;
}

// The kernel's struct sigaction; the C library's has another layout.
struct KernelSigaction {
  uint64_t handler;
  uint64_t flags;
  uint64_t restorer;
  uint64_t mask;
};
constexpr uint64_t kRestorer = 0x04000000; // SA_RESTORER
constexpr uint64_t kSignalSetBytes = 8;

void limit(Traced& process, const SharedArea& area, int resource, uint64_t value) {
  const rlimit64 both{.rlim_cur = value, .rlim_max = value};
  check(process.call({SYS_prlimit64, {0, static_cast<uint64_t>(resource), put(area, both)}}), "prlimit");
}

// Whether this process is root and may stop and move a process of another user, which in a container root may
// not be allowed.
bool can_steer_others() {
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  std::array<__user_cap_data_struct, 2> data{};
  if (::geteuid() != 0) return false;
  // Without an answer no guest runs: it might run as root.
  if (sys_capget(&header, data.data()) != 0) fail_errno("capget", kHostProcess);
  constexpr uint32_t kNeeded =
      1u << CAP_KILL | 1u << CAP_SETUID | 1u << CAP_SETGID | 1u << CAP_SYS_NICE | 1u << CAP_SYS_PTRACE;
  return (data[0].effective & kNeeded) == kNeeded;
}

// False: the user namespace of this process has no such user, as where only root is mapped. Then it may be
// forbidden to give up groups too.
bool become_nobody(Traced& process) {
  const CallResult groups = process.call({SYS_setgroups, {0, 0}});
  if (groups != -EPERM) check(groups, "setgroups");
  for (const int64_t call : {SYS_setresgid, SYS_setresuid}) {
    const CallResult result = process.call({call, {kNobody, kNobody, kNobody}});
    if (result == -EINVAL) return false;
    check(result, "becoming nobody");
  }
  return true;
}

void drop_capabilities(Traced& process, const SharedArea& area) {
  struct {
    __user_cap_header_struct header;
    std::array<__user_cap_data_struct, 2> data;
  } none{.header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0}, .data = {}};
  const uint64_t at = put(area, none);
  check(process.call({SYS_capset, {at, at + sizeof none.header}}), "capset");
}

// Gives the process handlers for faults. They never run: a fault stops the process, and when the tracing
// thread wants to know more of it, it has the kernel write the frame of the handler.
void take_faults(Traced& process, const SharedArea& area, uint64_t frame_bytes) {
  // SAFETY: an address of the other process, which this one never follows.
  const stack_t frame{.ss_sp = reinterpret_cast<void*>(STUB_FRAME), .ss_flags = 0, .ss_size = frame_bytes};
  check(process.call({SYS_sigaltstack, {put(area, frame), 0}}), "sigaltstack");
  const KernelSigaction action{.handler = stub_address(snapvm_stub_stop),
                               .flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | kRestorer,
                               .restorer = stub_address(snapvm_stub_stop),
                               .mask = 0};
  const uint64_t at = put(area, action);
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS}) {
    const CallResult result =
        process.call({SYS_rt_sigaction, {static_cast<uint64_t>(signal), at, 0, kSignalSetBytes}});
    check(result, "rt_sigaction");
  }
}

// The filter allows the system calls with which the stub maps guest memory, from the one place where the stub
// makes them, and traps all others. Of a guest's own calls only those of the vsyscall page get as far as
// this: PTRACE_SYSEMU stops the others before.
std::vector<sock_filter> make_filter() {
  constexpr std::array<uint32_t, 5> kAllowed = {SYS_mmap, SYS_munmap, SYS_mprotect, SYS_recvmsg,
                                                SYS_close_range};
  const uint64_t from = stub_address(snapvm_stub_called);
  const auto load = [](uint32_t offset) {
    return sock_filter{.code = BPF_LD | BPF_W | BPF_ABS, .jt = 0, .jf = 0, .k = offset};
  };
  const auto equal = [](uint64_t value, uint8_t yes, size_t no) {
    return sock_filter{.code = BPF_JMP | BPF_JEQ | BPF_K,
                       .jt = yes,
                       .jf = static_cast<uint8_t>(no),
                       .k = static_cast<uint32_t>(value)};
  };
  const auto answer = [](uint32_t action) {
    return sock_filter{.code = BPF_RET | BPF_K, .jt = 0, .jf = 0, .k = action};
  };
  constexpr size_t kCalls = kAllowed.size();
  std::vector<sock_filter> filter = {
      load(offsetof(seccomp_data, arch)),
      equal(AUDIT_ARCH_X86_64, 0, 5 + kCalls),
      load(offsetof(seccomp_data, instruction_pointer)),
      equal(from & 0xffffffff, 0, 3 + kCalls),
      load(offsetof(seccomp_data, instruction_pointer) + 4),
      equal(from >> 32, 0, 1 + kCalls),
      load(offsetof(seccomp_data, nr)),
  };
  for (size_t i = 0; i < kCalls; i++)
    filter.push_back(equal(kAllowed[i], static_cast<uint8_t>(kCalls - i), 0));
  filter.push_back(answer(SECCOMP_RET_TRAP));
  filter.push_back(answer(SECCOMP_RET_ALLOW));
  return filter;
}

void install_filter(Traced& process, const SharedArea& area) {
  const std::vector<sock_filter> filter = make_filter();
  // SAFETY: an address of the other process, which this one never follows. The filter, some 15 instructions,
  // fits into the page behind `program`.
  const sock_fprog program{.len = static_cast<uint16_t>(filter.size()),
                           .filter = reinterpret_cast<sock_filter*>(area.address + sizeof(sock_fprog))};
  std::memcpy(area.data + sizeof program, filter.data(), filter.size() * sizeof(sock_filter));
  const CallResult result =
      process.call({SYS_prctl, {PR_SET_SECCOMP, SECCOMP_MODE_FILTER, put(area, program)}});
  check(result, "prctl(PR_SET_SECCOMP)");
}

} // namespace

// The vDSO moves only as a whole, and nothing tells its length: each is tried. Where it does not move,
// `sysenter` leads to a random address in the lower 4 GiB, as in every process.
void move_vdso(Traced& process, uint64_t from) {
  for (uint64_t bytes = kPage; bytes <= STUB_VDSO_MOST_BYTES; bytes += kPage) {
    const CallResult result =
        process.call({SYS_mremap, {from, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, STUB_VDSO}});
    if (result == 0) return;
  }
}

bool give_up_privileges(Traced& process, const SharedArea& area, bool own_user_namespace) {
  // The stack, the vDSO and whatever else came with the process: everything but the stub.
  check(process.call({SYS_munmap, {0, STUB_BASE}}), "munmap");
  check(process.call({SYS_munmap, {STUB_END, kUserMemoryEnd - STUB_END}}), "munmap");
  check(process.call({SYS_chdir, {put(area, std::array<char, 2>{"/"})}}), "chdir");
  // The name that ps shows.
  const uint64_t name = put(area, std::array<char, 16>{"snapvm-guest"});
  check(process.call({SYS_prctl, {PR_SET_NAME, name}}), "prctl(PR_SET_NAME)");
  const bool is_nobody = !own_user_namespace && can_steer_others() && become_nobody(process);
  drop_capabilities(process, area);
  check(process.call({SYS_prctl, {PR_SET_NO_NEW_PRIVS, 1}}), "prctl(PR_SET_NO_NEW_PRIVS)");
  check(process.call({SYS_prctl, {PR_SET_DUMPABLE, 0}}), "prctl(PR_SET_DUMPABLE)");
  check(process.call({SYS_prctl, {PR_SET_PDEATHSIG, SIGKILL}}), "prctl(PR_SET_PDEATHSIG)");
  for (const int resource : {RLIMIT_CORE, RLIMIT_FSIZE, RLIMIT_MEMLOCK, RLIMIT_MSGQUEUE})
    limit(process, area, resource, 0);
  // Ignored SIGCHLD: nothing has to wait in the zygote for its clones.
  const KernelSigaction ignore{.handler = 1, .flags = 0, .restorer = 0, .mask = 0};
  check(process.call({SYS_rt_sigaction, {SIGCHLD, put(area, ignore), 0, kSignalSetBytes}}), "rt_sigaction");
  return is_nobody;
}

void lock(Traced& process, const SharedArea& area, uint64_t frame_bytes) {
  check(process.call({SYS_prctl, {PR_SET_PDEATHSIG, SIGKILL}}), "prctl(PR_SET_PDEATHSIG)");
  limit(process, area, RLIMIT_NPROC, 0);
  take_faults(process, area, frame_bytes);
  install_filter(process, area);
}

} // namespace snapvm
