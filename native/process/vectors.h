// The vector registers of a guest process. The frame of a fault gives the process those of a new handler;
// from keep() until put_back() these are the registers from before.
#pragma once

#include "process/guest_process.h"
#include "processor/vector_state.h"

#include <memory>
#include <vector>

namespace snapvm {

class ProcessVectors final : public VectorState {
public:
  // `child` is where the machine keeps its process, which may become another one.
  explicit ProcessVectors(const std::unique_ptr<GuestProcess>& child) : child_(child) {}
  size_t bytes() const override;
  void get(std::span<uint8_t> area) const override;
  bool set(std::span<const uint8_t> area) override;
  // Saves the registers, before the frame of a fault changes them.
  void keep();
  // Opens all memory that the guest has shut by PKRU: before Linux 6.12 the kernel could not write a signal
  // frame into memory that was shut.
  void open_memory();
  // Gives the process the saved registers, before the guest goes on.
  void put_back();
  // Drops the saved registers, as the guest does not go on but is entered anew.
  void forget() { kept_.clear(); }

private:
  std::vector<uint8_t> read() const;
  bool write(std::span<const uint8_t> whole) const;

  const std::unique_ptr<GuestProcess>& child_;
  std::vector<uint8_t> kept_;
};

} // namespace snapvm
