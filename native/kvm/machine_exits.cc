// What the KVM backend makes of the guest's exits. Only what the processor or the monitor says is believed.
#include "error.h"
#include "kvm/machine.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace snapvm {
namespace {

constexpr uint64_t kFaultStubBytes = uint64_t{MONITOR_VECTORS} * MONITOR_FAULT_STUB_BYTES;

std::string hex(uint64_t value) {
  char text[24];
  std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(value));
  return text;
}

bool is_outs(int opcode) {
  return opcode == 0x6e || opcode == 0x6f;
}

// Operand size, address size, repeat, lock, segment overrides, REX (Intel SDM vol. 2, 2.1.1 and 2.2.1).
bool is_prefix(int byte) {
  switch (byte) {
  case 0x26:
  case 0x2e:
  case 0x36:
  case 0x3e:
  case 0x64:
  case 0x65:
  case 0x66:
  case 0x67:
  case 0xf0:
  case 0xf2:
  case 0xf3:
    return true;
  default:
    return byte >= 0x40 && byte <= 0x4f;
  }
}
constexpr int kMostPrefixes = 14; // an instruction has at most 15 bytes

} // namespace

// Decodes why KVM_RUN returned; `error` is what it gave, 0 or an errno. Nothing: the guest runs on.
std::optional<Exit> KvmMachine::decide(int error) {
  if (error == EINTR) return interrupted();
  if (error == EFAULT) return broken("touched memory that the host does not give: KVM_RUN gave Bad address");
  if (error != 0) return broken(std::string("could not be run: KVM_RUN gave ") + std::strerror(error));
  const kvm_run& run = vcpu().run();
  switch (run.exit_reason) {
  case KVM_EXIT_IO:
    return port_exit();
  case KVM_EXIT_INTR:
    return interrupted();
  case KVM_EXIT_DIRTY_RING_FULL:
    return ring_full();
  case KVM_EXIT_SHUTDOWN:
    rebuild_ = true;
    return ShutdownExit{};
  case KVM_EXIT_HLT:
    return UnsupportedExit{"executed hlt"};
  case KVM_EXIT_MMIO:
    return UnsupportedExit{(run.mmio.is_write ? "wrote" : "read") + std::string(" guest physical address ") +
                           hex(run.mmio.phys_addr) + ", where there is no memory"};
  case KVM_EXIT_FAIL_ENTRY:
    return broken("could not be entered: hardware reason " +
                  hex(run.fail_entry.hardware_entry_failure_reason));
  case KVM_EXIT_INTERNAL_ERROR:
    return broken("met an internal error of KVM, suberror " + std::to_string(run.internal.suberror));
  default:
    return broken("left with KVM exit " + std::to_string(run.exit_reason));
  }
}

Exit KvmMachine::interrupted() {
  if (interruptions_.are_too_many()) {
    errno = EINTR;
    fail_errno("KVM_RUN");
  }
  vcpu().run().immediate_exit = 0; // before anybody asks why: step 3 of interrupter.h
  return InterruptedExit{};
}

std::optional<Exit> KvmMachine::ring_full() {
  if (ring_.make_room(vcpu(), bare_vm_->vm, sticky_)) return std::nullopt;
  if (interruptions_.are_too_many()) return broken("filled the dirty ring, which KVM does not empty");
  rebuild_ = true; // it may not report what the guest writes from here on
  return std::nullopt;
}

// After this the vCPU can only be made usable again by building a new VM.
Exit KvmMachine::broken(std::string reason) {
  rebuild_ = true;
  return UnsupportedExit{std::move(reason)};
}

Exit KvmMachine::port_exit() {
  const kvm_run& run = vcpu().run();
  const uint16_t port = run.io.port;
  // The I/O bitmap lets `in` and string I/O through on an allowed port; the guest is to see no difference.
  if (run.io.direction != KVM_EXIT_IO_OUT) return refuse("read port " + std::to_string(port), true);
  if (run.io.count != 1) return refuse("wrote a string to port " + std::to_string(port), true);
  if (auto exit = exit_of_port(port, vcpu().first_io_byte())) {
    // KVM reports one round of string output just like a plain `out`.
    if (!left_plainly()) return refuse("wrote a string to a port", true);
    noted_ = false;
    if (std::holds_alternative<DoneExit>(*exit)) {
      plain_rip_ = run.s.regs.regs.rip;
      poisoned_ = false;
      pending_ = supervisor_;
    }
    return std::move(*exit);
  }
  if (port == PORT_SYSCALL) return system_call();
  const std::string reason = "wrote to port " + std::to_string(port);
  if (port >= PORT_FAULT && port < PORT_FAULT + MONITOR_VECTORS)
    return fault(static_cast<uint8_t>(port - PORT_FAULT), reason);
  return refuse(reason, true);
}

// The stub wrote to the system call port.
Exit KvmMachine::system_call() {
  if (!is_linux_) return SyscallExit{};
  const kvm_regs& regs = vcpu().run().s.regs.regs;
  const uint64_t stub = kKernelHighBase + MONITOR_SYSCALL_STUB;
  constexpr uint64_t kOutBytes = 2;
  // Ring 3 may use the port too, but only the stub says that a `syscall` led there.
  if (regs.rip != stub + (probe_.rip_after_out ? kOutBytes : 0)) return refuse({}, false);
  note_registers();
  registers_.rip = regs.rcx;
  registers_.rflags = (regs.r11 & kUserFlags) | kFixedFlags;
  // The stub's `out` is a plain one, and whatever is entered next has another RIP.
  pending_ = poisoned_ = false;
  return SyscallExit{};
}

// The monitor's stub wrote to the fault port; the processor's exception frame is on the monitor's stack,
// which ring 3 can neither read nor write.
Exit KvmMachine::fault(uint8_t vector, std::string reason) {
  const kvm_regs& regs = vcpu().run().s.regs.regs;
  const kvm_sregs sregs = system_registers();
  const uint64_t stub = regs.rip - (kKernelHighBase + MONITOR_FAULT_STUBS);
  const bool from_monitor = !supervisor_ && sregs.cs.dpl == 0 && stub < kFaultStubBytes;
  if (!from_monitor) return refuse(std::move(reason), false);
  const bool has_code = has_error_code(vector);
  const uint64_t frame_bytes = (has_code ? 6 : 5) * sizeof(uint64_t);
  const uint64_t offset = regs.rsp - (kKernelHighBase + MONITOR_STACK);
  if (offset > MONITOR_STACK_TOP - MONITOR_STACK - frame_bytes) {
    throw Error(kInternal, "an exception frame lies outside the monitor's stack");
  }
  uint64_t frame[6] = {}; // error code, RIP, CS, RFLAGS, RSP, SS
  // SAFETY: offset and length were checked against the monitor's stack, which the machine's memory has for as
  // long as it lives; the guest does not run meanwhile.
  std::memcpy(frame + (has_code ? 0 : 1), memory_->monitor() + MONITOR_STACK + offset, frame_bytes);
  note_registers();
  registers_.rip = frame[1];
  registers_.rsp = frame[4];
  registers_.rflags = (frame[3] & kUserFlags) | kFixedFlags;
  return FaultExit{.fault = {.vector = vector,
                             .error_code = frame[0],
                             .rip = frame[1],
                             .cr2 = sregs.cr2,
                             .rsp = frame[4],
                             .rflags = frame[3]}};
}

// The host refuses for the processor: a fault where the guest stands. Ring 0 may use every port of a real
// machine, so there it is said what snapvm has not.
Exit KvmMachine::refuse(std::string reason, bool final) {
  if (supervisor_) return UnsupportedExit{std::move(reason)};
  note_registers();
  return FaultExit{.fault = general_protection(registers_), .final = final};
}

// Whether the guest left by a plain `out`. Such an exit may stay pending in KVM: it is finished only if RIP
// is still the one it left with, and the next entry sets another. String output is reported in the same way
// but finishes by writing back stale registers, so the instruction itself has to be looked at: once per
// address for the one a guest ends its calls with, since guest code never changes (W^X, and the guest can
// change no table). This saves finishing every exit with an extra KVM_RUN (2.7 us on the development
// machine). Ring 0 can change its code, so its exits are all finished.
bool KvmMachine::left_plainly() const {
  const uint64_t rip = vcpu().run().s.regs.regs.rip;
  return supervisor_ || rip == plain_rip_ || is_plain_out(rip);
}

bool KvmMachine::is_plain_out(uint64_t rip) const {
  const auto byte_at = [this](uint64_t gva) -> int {
    const auto gpa = memory_->translate(memory_->shape().tables_gpa(), gva);
    // SAFETY: view() gives a pointer only to bytes that are the guest's memory, and null for all others.
    const uint8_t* host = gpa ? memory_->view(*gpa, 1) : nullptr;
    return host == nullptr ? -1 : *host;
  };
  const auto is_dx = [](int opcode) { return opcode == kOutDx8 || opcode == kOutDx32; };
  const auto is_imm = [](int opcode) { return opcode == kOutImm8 || opcode == kOutImm32; };
  if (!probe_.rip_after_out) return is_dx(byte_at(rip)) || is_imm(byte_at(rip));
  // A repeated string instruction that is not finished still has RIP on it, and what is before it is the
  // guest's choice.
  uint64_t opcode = rip;
  for (int i = 0; i < kMostPrefixes && is_prefix(byte_at(opcode)); i++)
    opcode++;
  if (is_outs(byte_at(opcode))) return false;
  // Behind the instruction: its last byte is the opcode of `out dx`, or the port of `out imm8`. None of these
  // ports is an opcode of string output, so neither reading can be mistaken for one.
  const auto is_port = [](int byte) { return byte >= 0 && !is_outs(byte); };
  return is_dx(byte_at(rip - 1)) || (is_port(byte_at(rip - 1)) && is_imm(byte_at(rip - 2)));
}

// An ioctl where they do not come with the exit: rare exits of guests that are no Linux programs.
kvm_sregs KvmMachine::system_registers() const {
  return is_linux_ ? vcpu().run().s.regs.sregs : vcpu().sregs();
}

const Registers& KvmMachine::registers() {
  if (!noted_) note_registers();
  return registers_;
}

// Not with every exit: most need none, and the segment bases may cost an ioctl.
void KvmMachine::note_registers() {
  const kvm_sregs sregs = system_registers();
  // SAFETY: Registers begins with the fields of kvm_regs in the same order, as machine.cc asserts.
  std::memcpy(&registers_, &vcpu().run().s.regs.regs, sizeof(kvm_regs));
  registers_.fs_base = sregs.fs.base;
  registers_.gs_base = sregs.gs.base;
  noted_ = true;
}

} // namespace snapvm
