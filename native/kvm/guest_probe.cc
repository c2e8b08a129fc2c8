#include "kvm/guest_probe.h"

#include "error.h"
#include "kvm/private_memory.h"
#include "kvm/registers.h"
#include "kvm/vcpu.h"
#include "machine/exit.h"
#include "machine/vector_components.h"
#include "system/interruptions.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <optional>
#include <vector>

namespace snapvm {
namespace {

constexpr uint32_t kRing = 1024;
constexpr uint64_t kCodeGva = 0x1000;
constexpr uint64_t kTables = 7; // PML4, and PDPT, PD and PT for the code and for the monitor
constexpr uint64_t kMonitorPages = MONITOR_BYTES / kPage;
constexpr uint16_t kForbiddenPort = 0x60;
constexpr uint64_t kFlags = 0x202, kIopl3Flags = kFlags | kIopl3;
constexpr uint64_t kUserTable = 0x27, kUserCode = 0x65, kSupervisorCode = 0x61;
constexpr uint64_t kSupervisorData = 0x8000000000000063;

constexpr MemoryShape kShape{.image_bytes = kPage,
                             .table_bytes = kTables * kPage,
                             .monitor_bytes = MONITOR_BYTES,
                             .scratch_bytes = (2 + kTables + kMonitorPages) * kPage,
                             .input_bytes = kPage,
                             .output_bytes = kPage};

// What ring 3 runs, each piece at its own place: `out` to an allowed port, then `out` to one that is not;
// XCR0 into EDX:EAX; PKRU, read and written back; the base of FS, likewise.
constexpr uint64_t kPortsAt = 0, kXcr0At = 16, kPkruAt = 32, kBasesAt = 48;
constexpr std::array<uint8_t, 4> kPortsCode = {0xe6, PORT_DONE, 0xe6, kForbiddenPort};
constexpr std::array<uint8_t, 7> kXcr0Code = {0x31, 0xc9, 0x0f, 0x01, 0xd0, 0xe6, PORT_DONE};
constexpr std::array<uint8_t, 10> kPkruCode = {0x31, 0xc9, 0x0f, 0x01, 0xee,
                                               0x0f, 0x01, 0xef, 0xe6, PORT_DONE};
constexpr std::array<uint8_t, 12> kBasesCode = {0xf3, 0x48, 0x0f, 0xae, 0xc0, 0xf3,
                                                0x48, 0x0f, 0xae, 0xd0, 0xe6, PORT_DONE};

std::shared_ptr<Image> make_image(std::span<const uint8_t> monitor) {
  std::vector<uint8_t> bytes(kShape.image_bytes + kShape.table_bytes + kShape.monitor_bytes);
  std::memcpy(bytes.data() + kPortsAt, kPortsCode.data(), kPortsCode.size());
  std::memcpy(bytes.data() + kXcr0At, kXcr0Code.data(), kXcr0Code.size());
  std::memcpy(bytes.data() + kPkruAt, kPkruCode.data(), kPkruCode.size());
  std::memcpy(bytes.data() + kBasesAt, kBasesCode.data(), kBasesCode.size());
  const auto set = [&](uint64_t table, uint64_t index, uint64_t entry) {
    std::memcpy(bytes.data() + kPage + table * kPage + index * 8, &entry, 8);
  };
  const auto table = [](uint64_t index) { return (kShape.tables_gpa() + index * kPage) | kUserTable; };
  set(0, 0, table(1));
  set(1, 0, table(2));
  set(2, 0, table(3));
  set(3, kCodeGva / kPage, SNAPVM_BASE_ADDRESS | kUserCode);
  set(0, 511, table(4));
  set(4, 510, table(5)); // KERNEL_HIGH_BASE is the start of the last but one GiB
  set(5, 0, table(6));
  const uint64_t monitor_gpa = kShape.scratch_gpa() + kShape.monitor_offset();
  set(6, 0, monitor_gpa | kSupervisorCode);
  set(6, 1, (monitor_gpa + kPage) | kSupervisorData);
  set(6, 2, (monitor_gpa + 2 * kPage) | kUserCode);
  std::memcpy(bytes.data() + kShape.image_bytes + kShape.table_bytes, monitor.data(), monitor.size());
  auto image = Image::create(bytes.size());
  image->write(bytes, 0);
  image->seal(nullptr);
  return image;
}

// Runs from `rip` to the next exit and gives the port it wrote, or nothing if it left in another way.
std::optional<uint16_t> run_to_port(const Vcpu& vcpu, const kvm_sregs& sregs, uint64_t rip, uint64_t rflags) {
  kvm_run& run = vcpu.run();
  run.s.regs.regs = {};
  run.s.regs.regs.rip = rip;
  run.s.regs.regs.rflags = rflags;
  run.s.regs.sregs = sregs;
  run.kvm_dirty_regs = KVM_SYNC_X86_REGS | KVM_SYNC_X86_SREGS;
  Interruptions interruptions;
  int error = vcpu.enter();
  while (error == EINTR && !interruptions.are_too_many()) // a signal says nothing about ports
    error = vcpu.enter();
  if (error == EINTR || error == EFAULT) { // nor does this
    errno = error;
    fail_errno("KVM_RUN");
  }
  if (error != 0 || run.exit_reason != KVM_EXIT_IO) return std::nullopt;
  return run.io.port;
}

// The tiny guest, in a VM of its own.
class Probe {
public:
  Probe(PortMode mode, const std::shared_ptr<Image>& image)
      : mode_(mode), memory_(kShape, {Layer{.image = image}}), vm_(kRing), vcpu_(with_slots(vm_), kRing),
        sregs_(user_sregs(vcpu_.sregs(),
                          {.root_gpa = kShape.tables_gpa(), .fs_base = 0, .gs_base = 0, .ports = mode})) {
    vcpu_.set_xcr0(System::get().xcr0);
  }

  // Nothing: its ports do not work in this mode.
  std::optional<GuestProbe> ask() {
    if (run(kPortsAt) != PORT_DONE) return std::nullopt;
    GuestProbe found{.ports = mode_,
                     .rip_after_out = left_at() != kPortsAt,
                     .pkru = false,
                     .bases = false,
                     .entry_mask = 0};
    if (mode_ != PortMode::Iopl3 && run(kPortsAt + 2) != PORT_FAULT + kGeneralProtection) return std::nullopt;
    if (run(kXcr0At) != PORT_DONE)
      throw Error(kHostKvm, "a guest cannot read XCR0 on this KVM, so it is not known what to put back");
    const kvm_regs& regs = vcpu_.run().s.regs.regs;
    const uint64_t xcr0 = regs.rdx << 32 | (regs.rax & 0xffffffff);
    found.entry_mask = snapvm::entry_mask(xcr0, place_on_this_processor, kHostKvm);
    found.pkru = run(kPkruAt) == PORT_DONE;
    found.bases = run(kBasesAt) == PORT_DONE;
    return found;
  }

private:
  const Vm& with_slots(Vm& vm) {
    for (const SlotId slot : {kImageSlot, kScratchSlot})
      vm.set_slot(slot, memory_.slot_gpa(slot), memory_.slot_data(slot), memory_.slot_bytes(slot));
    return vm;
  }

  std::optional<uint16_t> run(uint64_t offset) {
    if (is_pending_ && !vcpu_.complete_pending()) return std::nullopt;
    is_pending_ = true;
    return run_to_port(vcpu_, sregs_, kCodeGva + offset, mode_ == PortMode::Iopl3 ? kIopl3Flags : kFlags);
  }

  uint64_t left_at() const { return vcpu_.run().s.regs.regs.rip - kCodeGva; }

  const PortMode mode_;
  PrivateMemory memory_;
  Vm vm_;
  Vcpu vcpu_;
  const kvm_sregs sregs_;
  bool is_pending_ = false; // KVM may still hold the last exit's instruction
};

} // namespace

GuestProbe probe_guest_anew(std::span<const uint8_t> monitor) {
  const auto image = make_image(monitor);
  for (const PortMode mode : {PortMode::Bitmap11, PortMode::Bitmap9, PortMode::Iopl3}) {
    if (const auto found = Probe(mode, image).ask()) return *found;
  }
  throw Error(kHostKvm,
              "no way to let ring 3 of a guest write to a port works on this KVM; please report it");
}

const GuestProbe& probe_guest(std::span<const uint8_t> monitor) {
  static const GuestProbe result = probe_guest_anew(monitor);
  return result;
}

} // namespace snapvm
