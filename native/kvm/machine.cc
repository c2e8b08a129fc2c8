#include "kvm/machine.h"

#include "error.h"
#include "machine/vector_components.h"

#include <cstddef>
#include <cstring>

namespace snapvm {
namespace {

static_assert(offsetof(kvm_regs, rflags) == offsetof(Registers, rflags) && sizeof(kvm_regs) == 144);
static_assert(sizeof(Registers) == sizeof(kvm_regs) + 16);

kvm_regs to_kvm(const Registers& registers) {
  kvm_regs regs;
  // SAFETY: Registers begins with the fields of kvm_regs in the same order, as asserted above.
  std::memcpy(&regs, &registers, sizeof regs);
  return regs;
}

} // namespace

KvmMachine::KvmMachine(const Snapshot& snapshot, VmCache& vm_cache)
    : Machine(std::make_unique<PrivateMemory>(snapshot.memory, snapshot.layers,
                                              vm_cache.take_scratch(snapshot.memory.scratch_bytes))),
      supervisor_(snapshot.supervisor), is_linux_(snapshot.linux_spec.has_value()),
      canonical_(snapshot.registers), system_(snapshot.system), vm_cache_(vm_cache),
      ring_entries_(dirty_ring_entries()), stale_(*memory_), space_(*memory_, sticky_, stale_),
      vectors_(*this) {
  if (!supervisor_) probe_ = probe_guest({memory_->monitor(), MONITOR_BYTES});
  build_vm();
}

KvmMachine::~KvmMachine() {
  try {
    retire();
  } catch (const std::exception&) {
    // Then the VM goes the way of every other.
  }
}

void KvmMachine::build_vm() {
  rebuild_ = true; // until all of this is done
  bare_vm_.reset();
  if (!supervisor_) bare_vm_ = vm_cache_.take();
  if (!bare_vm_) bare_vm_.emplace(ring_entries_, supervisor_);
  ring_.attach(ring_entries_, bare_vm_->ring_next);
  give_memory();
  if (!bare_vm_->prepared) vcpu().set_xcr0(System::get().xcr0);
  // A Linux program runs on from an exit with the system registers it had, so they have to come back too.
  vcpu().run().kvm_valid_regs = KVM_SYNC_X86_REGS | (is_linux_ ? KVM_SYNC_X86_SREGS : 0);
  const uint64_t root = memory_->shape().tables_gpa();
  if (supervisor_) {
    if (system_.empty())
      entry_system_ = supervisor_state(vcpu(), root);
    else
      // SAFETY: SystemState is plain data, and the snapshot was read with exactly its size.
      std::memcpy(&entry_system_, system_.data(), sizeof entry_system_);
    entry_system_.sregs.apic_base = bare_vm_->reset.apic_base;
    apply_system(vcpu(), entry_system_);
  } else {
    const UserEntry entry{.root_gpa = root,
                          .fs_base = canonical_.fs_base,
                          .gs_base = canonical_.gs_base,
                          .ports = probe_.ports};
    entry_sregs_ = user_sregs(bare_vm_->reset, entry);
    if (!bare_vm_->prepared) set_user_msrs(vcpu());
    bare_vm_->prepared = true;
  }
  pending_ = poisoned_ = rebuild_ = false;
}

void KvmMachine::give_memory() {
  for (const SlotId slot : {kImageSlot, kScratchSlot}) {
    bare_vm_->vm.set_slot(slot, memory_->slot_gpa(slot), memory_->slot_data(slot), memory_->slot_bytes(slot));
  }
}

// Makes the VM one that the next sandbox can take for a new one: nothing pending, an empty ring, no memory.
// Registers need no cleaning: that sandbox sets what differs, as every call does, and the rest ring 3 cannot
// reach. Ring 0 can, so supervisor guests neither give nor take. Removing the slots drops every translation
// KVM and the processor have made of them.
void KvmMachine::retire() {
  if (!bare_vm_ || rebuild_ || supervisor_ || !vm_cache_.wants()) return;
  if (!vcpu().complete_pending()) return;
  vcpu().clear_events();
  collect_dirty();
  if (!ring_.reprotect(vcpu(), bare_vm_->vm)) return;
  bare_vm_->ring_next = ring_.next();
  for (const SlotId slot : {kImageSlot, kScratchSlot})
    bare_vm_->vm.remove_slot(slot);
  // From here on no VM has the memory.
  vm_cache_.give(std::move(*bare_vm_), own_memory().give_up_scratch());
}

// The order is the design's: pending exit, pages, then registers (which enter_at does, as part of the entry).
void KvmMachine::restore() {
  stale_.mend();
  if (!rebuild_ && pending_ && !finishes_pending()) rebuild_ = true;
  // After completing, which may write guest memory (`ins`), and before a rebuild, which takes the ring with
  // it.
  if (bare_vm_) collect_dirty();
  if (rebuild_) {
    build_vm();
    rebuilds_++;
  } else if (supervisor_) {
    apply_system(vcpu(), entry_system_);
  } else if (poisoned_) {
    vcpu().clear_events();
  }
  sticky_.copy_back();
  if (sticky_.relearn_due()) relearn();
  stale_.restored();
  pending_ = poisoned_ = false;
}

bool KvmMachine::finishes_pending() const {
  try {
    return vcpu().complete_pending();
  } catch (const Error&) {
    return false; // then another VM is tried, which fails too if it is not this one's fault
  }
}

void KvmMachine::relearn() {
  if (!ring_.reprotect(vcpu(), bare_vm_->vm)) {
    // Only another VM reports every page again; until then none may be forgotten.
    build_vm();
    rebuilds_++;
    return;
  }
  if (ring_.has_forgotten()) {
    rebuild_ = true; // until all of this is done
    for (const SlotId slot : {kImageSlot, kScratchSlot})
      bare_vm_->vm.remove_slot(slot);
    give_memory();
    ring_.slots_are_new();
    rebuild_ = false;
  }
  sticky_.relearn();
}

// One copy into kvm_run instead of an ioctl per register class.
void KvmMachine::enter_at(const Registers& registers, const EntryBlock& entry) {
  interruptions_ = {};
  kvm_run& run = vcpu().run();
  kvm_regs regs = to_kvm(registers);
  run.cr8 = 0; // without an interrupt controller KVM takes CR8 from here, and leaves the guest's there
  regs.rip = entry.rip;
  run.kvm_dirty_regs = KVM_SYNC_X86_REGS;
  if (!supervisor_) { // whose other registers are put back by ioctl
    // The monitor's stub, which puts the vector registers back and jumps to entry.rip.
    regs.rip = probe_.pkru ? kMonitorEntryPkru : kMonitorEntryStub;
    regs.rax = (probe_.entry_mask & 0xffffffff) | (probe_.bases ? kEntryBases : 0);
    regs.rdx = probe_.entry_mask >> 32;
    if (probe_.ports == PortMode::Iopl3) regs.rflags |= kIopl3;
    run.s.regs.sregs = entry_sregs_;
    run.s.regs.sregs.fs.base = entry.fs_base;
    run.s.regs.sregs.gs.base = entry.gs_base;
    run.kvm_dirty_regs |= KVM_SYNC_X86_SREGS;
  }
  run.s.regs.regs = regs;
}

// Back to ring 3 by registers alone: those the guest was entered with, but for the data selectors it may have
// loaded. Not those that KVM reports, which need not be those it was given: on AMD-V the type of TR comes
// back as 11.
void KvmMachine::go_on_with(const Registers& registers) {
  kvm_run& run = vcpu().run();
  run.s.regs.regs = to_kvm(registers);
  if (probe_.ports == PortMode::Iopl3) run.s.regs.regs.rflags |= kIopl3;
  const kvm_sregs left = run.s.regs.sregs;
  kvm_sregs& sregs = run.s.regs.sregs;
  sregs = entry_sregs_;
  sregs.ds = left.ds;
  sregs.es = left.es;
  sregs.fs = left.fs;
  sregs.gs = left.gs;
  sregs.fs.base = registers.fs_base;
  sregs.gs.base = registers.gs_base;
  run.kvm_dirty_regs = KVM_SYNC_X86_REGS | KVM_SYNC_X86_SREGS;
}

Exit KvmMachine::run() {
  stale_.flush();
  pending_ = poisoned_ = true; // until a plain `out` proves otherwise, also if something below throws
  for (;;) {
    if (auto exit = decide(vcpu().enter())) return std::move(*exit);
  }
}

// From here on registers can be read and set without the `out` of the ready message in the way.
void KvmMachine::finish_ready() {
  if (!vcpu().complete_pending())
    throw Error(kInternal, "a guest became ready by an instruction KVM cannot finish");
  if (supervisor_) reset_fpu(vcpu());
}

std::vector<uint8_t> KvmMachine::capture_system() {
  if (!supervisor_) return {};
  const SystemState state = snapvm::capture_system(vcpu());
  std::vector<uint8_t> bytes(sizeof state);
  std::memcpy(bytes.data(), &state, sizeof state);
  return bytes;
}

size_t KvmMachine::Vectors::bytes() const {
  return System::get().xsave_bytes;
}

void KvmMachine::Vectors::get(std::span<uint8_t> area) const {
  uint8_t whole[kKvmXsaveBytes] = {};
  machine_.vcpu().get_xsave(whole);
  // SAFETY: an area is bytes() long, which is what xcr0 needs and less than KVM moves.
  std::memcpy(area.data(), whole, area.size());
  // Some KVMs give guests more than they were told to: it is not in the area.
  set_components(area, components_of(area) & System::get().xcr0);
}

bool KvmMachine::Vectors::set(std::span<const uint8_t> area) {
  // A processor refuses components that XCR0 has not. KVM goes by what the machine has, and what is outside
  // XCR0 the entry stub would not put back.
  if ((components_of(area) & ~System::get().xcr0) != 0) return false;
  uint8_t whole[kKvmXsaveBytes] = {};
  // SAFETY: an area is bytes() long, as above.
  std::memcpy(whole, area.data(), area.size());
  // KVM refuses what a processor would: components there are not, reserved bits of MXCSR, the compact format.
  return machine_.vcpu().try_set_xsave(whole);
}

} // namespace snapvm
