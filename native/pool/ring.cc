#include "pool/ring.h"

#include "error.h"

#include <cstring>
#include <ctime>
#include <string>

namespace snapvm {
namespace {

// Where the fields of a slot's header are, in doubles.
enum Field {
  kSnapshot,
  kTicket,
  kWallUs,
  kCpuUs,
  kDeadlineUs,
  kFunction,
  kInputBytes,
  kArenaOffset, // -1: the payload is in the slot
  kOutputBytes = 9,
  kStartedUs,
  kRunUs,
  kPages,
  kRestores,
  kRebuilds,
  kRestoreUs,
};

} // namespace

// SAFETY: nothing is read by way of the casts before size and alignment were checked, and JavaScript's views
// of the memory have the same types at the same places. The caller keeps both arrays alive (ServerWrap). The
// words that say who has a slot are reached through std::atomic_ref only.
Ring::Ring(std::span<uint8_t> memory, std::span<uint8_t> main_doorbell)
    : bytes_(memory.data()), words_(reinterpret_cast<int32_t*>(memory.data())),
      doubles_(reinterpret_cast<double*>(memory.data())),
      main_doorbell_(reinterpret_cast<int32_t*>(main_doorbell.data())) {
  const bool aligned = reinterpret_cast<uintptr_t>(bytes_) % alignof(double) == 0 &&
                       reinterpret_cast<uintptr_t>(main_doorbell_) % alignof(int32_t) == 0;
  if (memory.size() != kRingBytes || main_doorbell.size() < kMainDoorbellBytes || !aligned)
    throw Error(kInternal, "a ring of " + std::to_string(memory.size()) + " bytes; it has " +
                               std::to_string(kRingBytes));
}

int32_t Ring::load(RingWord index) const {
  return word(static_cast<uint32_t>(index)).load();
}

void Ring::store(RingWord index, int32_t value) {
  word(static_cast<uint32_t>(index)).store(value);
}

std::optional<uint32_t> Ring::oldest() const {
  std::optional<uint32_t> found;
  for (uint32_t slot = 0; slot < kRingSlots; slot++) {
    if (word(kRingStates + slot).load(std::memory_order_acquire) != int32_t(SlotState::Queued)) continue;
    // Orders count up and wrap round. At most 64 are in use, so the sign of a difference says which is older.
    const auto later =
        static_cast<int32_t>(static_cast<uint32_t>(words_[kRingOrders + slot]) -
                             static_cast<uint32_t>(words_[kRingOrders + found.value_or(slot)]));
    if (!found || later < 0) found = slot;
  }
  return found;
}

uint32_t Ring::queued() const {
  uint32_t count = 0;
  for (uint32_t slot = 0; slot < kRingSlots; slot++)
    count += word(kRingStates + slot).load(std::memory_order_relaxed) == int32_t(SlotState::Queued);
  return count;
}

bool Ring::take(uint32_t slot) {
  auto expected = int32_t(SlotState::Queued);
  return word(kRingStates + slot).compare_exchange_strong(expected, int32_t(SlotState::Taken));
}

RingCall Ring::read(uint32_t slot) const {
  const double* fields = header(slot);
  const double input_bytes = fields[kInputBytes];
  if (!(input_bytes >= 0 && input_bytes <= kRingInlineBytes) && fields[kArenaOffset] < 0)
    throw Error(kInternal, "a call in the ring with an input of " + std::to_string(input_bytes) + " bytes");
  const bool in_arena = fields[kArenaOffset] >= 0;
  return {.snapshot = static_cast<uint64_t>(fields[kSnapshot]),
          .ticket = static_cast<uint64_t>(fields[kTicket]),
          .wall_us = fields[kWallUs],
          .cpu_us = fields[kCpuUs],
          .deadline_us = fields[kDeadlineUs],
          .function = static_cast<uint32_t>(fields[kFunction]),
          .input_bytes = in_arena ? 0 : static_cast<uint32_t>(input_bytes),
          .in_arena = in_arena};
}

void Ring::answer(uint32_t slot, std::span<const uint8_t> output, const RingCost& cost) {
  // SAFETY: the callers check that `output` has at most kRingInlineBytes.
  if (!output.empty()) std::memcpy(payload(slot), output.data(), output.size());
  double* fields = header(slot);
  fields[kOutputBytes] = static_cast<double>(output.size());
  fields[kStartedUs] = cost.started_us;
  fields[kRunUs] = cost.run_us;
  fields[kRestoreUs] = cost.restore_us;
  fields[kPages] = cost.pages;
  fields[kRestores] = cost.restores;
  fields[kRebuilds] = cost.rebuilds;
  word(kRingStates + slot).store(int32_t(SlotState::Done));
}

bool Ring::wait_briefly(int32_t seen) const {
  constexpr int kTurnsPerLook = 32;
  const double end = monotonic_us() + load(RingWord::SpinUs);
  do {
    for (int i = 0; i < kTurnsPerLook; i++) {
      if (load(RingWord::Doorbell) != seen) return true;
      __builtin_ia32_pause();
    }
  } while (monotonic_us() < end);
  return false;
}

double monotonic_us() {
  timespec t;
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_nsec) / 1e3;
}

} // namespace snapvm
