// What the host does for a program, counted between two looks at whether the program must stop. Every loop
// whose length a program chooses counts here, so that no system call keeps a worker long past a limit.
// docs/security.md lists what each does at most between two looks.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace snapvm {

class Work {
public:
  // From so many bytes on it looks. What is counted at once is a piece at most.
  static constexpr uint64_t kLook = 1 << 18;
  static constexpr size_t kPiece = 1 << 16;
  // What a step through a list counts for: about the memory it touches.
  static constexpr uint64_t kStep = 64;

  explicit Work(std::function<bool()> stopped) : stopped_(std::move(stopped)) {}
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;

  // Behind each piece. True: the program has to stop; its call ends here, and what it leaves is put back.
  bool stop_after(uint64_t bytes) {
    done_ += bytes;
    if (stop_ || done_ < kLook) return stop_;
    most_ = std::max(most_, done_);
    done_ = 0;
    return stop_ = stopped_();
  }
  // A system call begins: what has stopped another one was told.
  void begin() { stop_ = false; }
  // What a stop cut short and would take long to free: it stays until the program is put back.
  void keep(std::shared_ptr<std::vector<uint8_t>> bytes) { kept_.push_back(std::move(bytes)); }
  void drop_kept() { kept_.clear(); }
  uint64_t kept_bytes() const {
    uint64_t bytes = 0;
    for (const auto& kept : kept_)
      bytes += kept->capacity();
    return bytes;
  }
  // The most that was done between two looks: tests hold every system call against its bound.
  uint64_t most() const { return most_; }

private:
  const std::function<bool()> stopped_;
  uint64_t done_ = 0;
  uint64_t most_ = 0;
  bool stop_ = false;
  std::vector<std::shared_ptr<std::vector<uint8_t>>> kept_;
};

} // namespace snapvm
