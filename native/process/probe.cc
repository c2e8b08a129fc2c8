#include "process/probe.h"

#include "error.h"
#include "machine/interrupter.h"
#include "process/features.h"
#include "process/zygote.h"
#include "processor/registers.h"

#include <csignal>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

namespace snapvm {
namespace {

constexpr int kSyscallStop = SIGTRAP | 0x80; // PTRACE_O_TRACESYSGOOD

// Checks that a system call stops the process before the filter sees it, and so before the kernel makes it:
// the filter forbids this one.
void check_emulation(Traced& process) {
  user_regs_struct registers;
  process.get_registers(registers);
  registers.rip = stub_address(snapvm_stub_call);
  registers.rax = SYS_getpid;
  registers.orig_rax = ~0ull;
  process.set_registers(registers);
  const int status = process.resume(PTRACE_SYSEMU);
  if (!process.alive()) throw Error(kHostProcess, "a process for a guest was killed as soon as it was made");
  if (WSTOPSIG(status) != kSyscallStop)
    throw Error(kHostProcess, "ptrace(PTRACE_SYSEMU) does not stop system calls on this kernel");
}

// Checks that a signal stops the process, as nothing else stops a guest that runs on. The process has stopped
// at the system call of check_emulation().
void check_stop(Traced& process) {
  if (!send_stop({.process = process.pidfd(), .pid = process.pid()}))
    fail_errno("stopping a guest, by pidfd_send_signal and by tgkill,", kHostProcess);
  const int status = process.resume(PTRACE_SYSEMU);
  if (!WIFSTOPPED(status) || WSTOPSIG(status) != kStopSignal)
    throw Error(kHostProcess, "a signal does not stop a process that is traced on this kernel");
}

} // namespace

Isolation probe_processes() {
  VectorFeatures::get();
  Zygote zygote;
  const auto process = zygote.spawn();
  check_emulation(process->process());
  check_stop(process->process());
  return zygote.isolation();
}

} // namespace snapvm
