// What runs a guest: one guest memory and one processor, bound to a snapshot and to the thread that made it.
// Two backends stand behind this interface, kvm/ and process/, and nothing above it knows which is in use:
//
//   load         the constructor of a backend's machine
//   restore      restore()
//   run to exit  enter_at() or go_on_with(), then run(), which gives an exit that needs a decision
//   stop         stop_target(), on which the Interrupter acts from its signal handler
//   close        the destructor
#pragma once

#include "machine/exit.h"
#include "machine/interrupter.h"
#include "memory/address_space.h"
#include "memory/guest_memory.h"
#include "memory/sticky_set.h"
#include "processor/registers.h"
#include "processor/vector_state.h"

#include <memory>
#include <span>
#include <vector>

namespace snapvm {

class Machine {
public:
  virtual ~Machine() = default;
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  GuestMemory& memory() { return *memory_; }
  const GuestMemory& memory() const { return *memory_; }
  StickySet& sticky() { return sticky_; }
  const StickySet& sticky() const { return sticky_; }

  // Puts back all of the guest's memory but the input buffer, which only the host writes, and whatever the
  // next `enter_at` does not set.
  virtual void restore() = 0;
  // Sets the registers of an entry from the snapshot. A user guest is entered at the monitor's entry stub,
  // which puts the vector registers back and goes to entry.rip; the block in guest memory says the same.
  virtual void enter_at(const Registers& registers, const EntryBlock& entry) = 0;
  // Sets the registers with which a guest goes on from a system call or a fault.
  virtual void go_on_with(const Registers& registers) = 0;
  // Runs the guest until somebody has to decide. Interrupted: somebody asked the machine to stop.
  virtual Exit run() = 0;
  // Those of the guest at its last exit. After a system call RIP is behind it; after a fault they are those
  // of the faulting instruction, as the processor reports them.
  virtual const Registers& registers() = 0;
  // Has the processor done with the instruction of the last exit, a `ready`; the next entry finds the vector
  // registers as a new guest does.
  virtual void finish_ready() = 0;
  // Collects what the guest has dirtied, so that `sticky` names every page that may differ.
  virtual void collect_dirty() = 0;
  virtual StopTarget stop_target() = 0;
  // Of a supervisor guest at `ready`: its system registers.
  virtual std::vector<uint8_t> capture_system() = 0;

  // For Linux guests.
  virtual AddressSpace& space() = 0;
  virtual VectorState& vectors() = 0;
  virtual bool has_fsgsbase() const = 0;

  // Memory it holds beside the guest's own pages.
  virtual uint64_t overhead_bytes() const = 0;
  // How often a restore needed another machine underneath.
  uint64_t rebuilds() const { return rebuilds_; }

  // What the entry stub reads; a restore puts the page back with the others.
  void write_entry_block(const EntryBlock& block);

protected:
  explicit Machine(std::unique_ptr<GuestMemory> memory) : memory_(std::move(memory)), sticky_(*memory_) {}

  const std::unique_ptr<GuestMemory> memory_;
  StickySet sticky_;
  uint64_t rebuilds_ = 0;
};

// The fault of a guest that did what the host refuses for the processor.
Fault general_protection(const Registers& registers);

} // namespace snapvm
