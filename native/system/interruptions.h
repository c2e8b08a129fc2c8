// Tells signals from a call that says EINTR though there are none, as a kernel's or a sandbox's mistake can
// have it: nothing is tried again without end.
#pragma once

#include <algorithm>
#include <cstdint>
#include <ctime>

namespace snapvm {

class Interruptions {
public:
  // To be asked at each. Signals do come in bursts, but not so many in a row that the call never gets on.
  bool are_too_many() {
    constexpr int64_t kAtOnceNs = 200'000;
    constexpr int64_t kMost = 50'000;
    // One that came later takes back more than its own: the call got on. Not all, as the thread may only have
    // been without a processor.
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
