// The source of guest processes for one thread: those that were used and emptied are kept for the next
// sandbox, and new ones are cloned from the thread's zygote.
#pragma once

#include "process/guest_process.h"
#include "process/same_core.h"
#include "process/zygote.h"

#include <memory>
#include <vector>

namespace snapvm {

class ProcessCache {
public:
  // An empty process: one that was kept, or else a new one.
  // @throws Error SNAPVM_HOST_PROCESS saying what the system forbids
  std::unique_ptr<GuestProcess> take();
  // Empties a process and keeps it for the next sandbox. One that cannot be emptied, or is one
  // too many, ends.
  void give_back(std::unique_ptr<GuestProcess> process);
  // How many processes are kept.
  size_t size() const { return idle_.size(); }
  const Zygote& zygote() const { return zygote_; }
  SameCore& core() { return core_; }

private:
  SameCore core_;
  Zygote zygote_;
  std::vector<std::unique_ptr<GuestProcess>> idle_; // after zygote_, whose list of processes they are in
};

} // namespace snapvm
