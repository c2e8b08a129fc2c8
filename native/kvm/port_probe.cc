#include "kvm/port_probe.h"

#include "error.h"
#include "kvm/private_memory.h"
#include "kvm/registers.h"
#include "kvm/vm.h"
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
constexpr uint8_t kGeneralProtection = 13;
constexpr uint64_t kUserTable = 0x27, kUserCode = 0x65, kSupervisorCode = 0x61;
constexpr uint64_t kSupervisorData = 0x8000000000000063;

constexpr MemoryShape kShape{.image_bytes = kPage,
                             .table_bytes = kTables * kPage,
                             .monitor_bytes = MONITOR_BYTES,
                             .scratch_bytes = (2 + kTables + kMonitorPages) * kPage,
                             .input_bytes = kPage,
                             .output_bytes = kPage};

// One page of ring-3 code: `out` to an allowed port, then `out` to one that is not.
std::shared_ptr<Image> make_image(std::span<const uint8_t> monitor) {
  std::vector<uint8_t> bytes(kShape.image_bytes + kShape.table_bytes + kShape.monitor_bytes);
  const std::array<uint8_t, 4> code = {0xe6, PORT_DONE, 0xe6, kForbiddenPort};
  std::memcpy(bytes.data(), code.data(), code.size());
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

std::optional<PortProbe> try_mode(PortMode mode, const std::shared_ptr<Image>& image) {
  PrivateMemory memory(kShape, {Layer{.image = image}});
  Vm vm(kRing);
  for (const SlotId slot : {kImageSlot, kScratchSlot}) {
    vm.set_slot(slot, memory.slot_gpa(slot), memory.slot_data(slot), memory.slot_bytes(slot));
  }
  const Vcpu vcpu(vm, kRing);
  const kvm_sregs sregs =
      user_sregs(vcpu.sregs(), {.root_gpa = kShape.tables_gpa(), .fs_base = 0, .gs_base = 0, .ports = mode});
  const uint64_t rflags = mode == PortMode::Iopl3 ? 0x3202 : 0x202;
  if (run_to_port(vcpu, sregs, kCodeGva, rflags) != PORT_DONE) return std::nullopt;
  const bool rip_after_out = vcpu.run().s.regs.regs.rip != kCodeGva;
  if (mode == PortMode::Iopl3) return PortProbe{mode, rip_after_out};
  if (!vcpu.complete_pending()) return std::nullopt;
  const auto second = run_to_port(vcpu, sregs, kCodeGva + 2, rflags);
  if (second != PORT_FAULT + kGeneralProtection) return std::nullopt;
  return PortProbe{mode, rip_after_out};
}

PortProbe probe(std::span<const uint8_t> monitor) {
  const auto image = make_image(monitor);
  for (const PortMode mode : {PortMode::Bitmap11, PortMode::Bitmap9, PortMode::Iopl3}) {
    if (const auto found = try_mode(mode, image)) return *found;
  }
  throw Error(kHostKvm,
              "no way to let ring 3 of a guest write to a port works on this KVM; please report it");
}

} // namespace

const PortProbe& probe_ports(std::span<const uint8_t> monitor) {
  static const PortProbe result = probe(monitor);
  return result;
}

} // namespace snapvm
