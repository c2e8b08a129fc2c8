// The vector registers of a guest's process; while the frame of a fault has made them a new handler's, those
// it had before.
#pragma once

#include "linux/space.h"
#include "process/guest_process.h"

#include <memory>
#include <vector>

namespace snapvm {

class ProcessVectors final : public VectorState {
public:
  // `child` is the process there is: a machine may get another.
  explicit ProcessVectors(const std::unique_ptr<GuestProcess>& child) : child_(child) {}
  size_t bytes() const override;
  void get(std::span<uint8_t> area) const override;
  bool set(std::span<const uint8_t> area) override;
  // Before the process gets others.
  void keep();
  // Has the guest's PKRU shut nothing: before Linux 6.12 the kernel could not write a signal frame otherwise.
  void open_memory();
  // Before the guest goes on.
  void put_back();
  // Where it does not: it is entered anew.
  void forget() { kept_.clear(); }

private:
  std::vector<uint8_t> read() const;
  bool write(std::span<const uint8_t> whole) const;

  const std::unique_ptr<GuestProcess>& child_;
  std::vector<uint8_t> kept_;
};

} // namespace snapvm
