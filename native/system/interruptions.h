// Bounds how often a system call is tried again after EINTR. Signals interrupt a call now and then; but by a
// mistake of a kernel, or of the sandbox this process runs in, a call may say EINTR for ever.
#pragma once

#include <algorithm>
#include <cstdint>
#include <ctime>

namespace snapvm {

class Interruptions {
public:
  // To be asked after each EINTR. Signals do come in bursts, but not so many in a row that a call never ends.
  bool are_too_many() {
    constexpr int64_t kAtOnceNs = 200'000;
    constexpr int64_t kMost = 50'000;
    // An EINTR that comes later takes back more than itself, as the call got on. It does not take back all,
    // as the thread may only have been without a processor.
    constexpr int64_t kTakenBack = 10;
    timespec t{};
    ::clock_gettime(CLOCK_MONOTONIC, &t);
    const int64_t now = t.tv_sec * 1'000'000'000 + t.tv_nsec;
    at_once_ = now - last_ < kAtOnceNs ? at_once_ + 1 : std::max<int64_t>(0, at_once_ - kTakenBack);
    last_ = now;
    return at_once_ >= kMost;
  }

private:
  int64_t last_ = 0;
  int64_t at_once_ = 0;
};

} // namespace snapvm
