// The memory that the main thread shares with one worker: calls that wait, and calls that are
// answered. src/wire/ring.ts has the same numbers and says who writes what; test/snapshot/abi.test.ts
// proves them equal.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>

namespace snapvm {

constexpr uint32_t kRingSlots = 64;
constexpr uint32_t kRingInlineBytes = 16384;
constexpr uint32_t kRingStates = 64;   // index of a word
constexpr uint32_t kRingOrders = 128;  // index of a word
constexpr uint32_t kRingHeaders = 128; // index of a double
constexpr uint32_t kRingHeaderDoubles = 16;
constexpr uint32_t kRingPayloads = 16384; // offset in bytes; below, from 12288 on, are counts for JavaScript
constexpr uint32_t kMainDoorbellBytes = 8;
constexpr uint32_t kRingBytes = kRingPayloads + kRingSlots * kRingInlineBytes;

// Indices of the 32-bit words at the start of the memory.
enum class RingWord : uint8_t {
  Doorbell = 0,
  Asleep = 1,
  Control = 2,
  SpinUs = 3,
  Closed = 4,
  Seen = 5,
  Residents = 6,
  Slot = 7,
  Resident = 8,
  PatienceUs = 9,
};
// Index of a double: the bytes that the worker's sandboxes take.
constexpr uint32_t kRingResidentBytes = 16;

enum class SlotState : int32_t { Free = 0, Queued = 1, Taken = 2, Done = 3 };

// A call that the main thread asks for, copied out of its slot.
struct RingCall {
  uint64_t snapshot;
  uint64_t ticket;
  double wall_us;
  double cpu_us;
  double deadline_us;
  uint32_t function;
  uint32_t input_bytes; // at most kRingInlineBytes
  bool in_arena;        // the payload is in the worker's arena, not in the slot
};

// What an answered call has cost, as its slot says.
struct RingCost {
  double started_us;
  double run_us;
  double restore_us;
  double pages;
  double restores;
  double rebuilds;
};

class Ring {
public:
  // Both lie in SharedArrayBuffers that outlive this. @throws Error when they have another size
  Ring(std::span<uint8_t> memory, std::span<uint8_t> main_doorbell);

  int32_t load(RingWord word) const;
  void store(RingWord word, int32_t value);
  void store_resident_bytes(double bytes) { doubles_[kRingResidentBytes] = bytes; }

  // The slot that has waited longest; none if no slot waits.
  std::optional<uint32_t> oldest() const;
  // How many slots wait.
  uint32_t queued() const;
  // Takes a slot that waits. False: the main thread has taken it back.
  bool take(uint32_t slot);
  // Undoes a take.
  void put_back(uint32_t slot) { word(kRingStates + slot).store(int32_t(SlotState::Queued)); }
  // The call in a slot that was taken. @throws Error when its input cannot lie in the slot
  RingCall read(uint32_t slot) const;
  std::span<const uint8_t> input(uint32_t slot, uint32_t bytes) const { return {payload(slot), bytes}; }
  // Writes the answer into a slot that was taken. `output` has at most kRingInlineBytes.
  void answer(uint32_t slot, std::span<const uint8_t> output, const RingCost& cost);
  // Spins until the doorbell has another value than `seen`, for as long as the main thread allows.
  bool wait_briefly(int32_t seen) const;
  // Counts one more answer, and tells whether the main thread sleeps and has to be woken by who asks.
  void ring_main() { main_doorbell(0).fetch_add(1); }
  bool main_sleeps() const { return main_doorbell(1).load() != 0; }

private:
  std::atomic_ref<int32_t> word(uint32_t index) const { return std::atomic_ref<int32_t>(words_[index]); }
  std::atomic_ref<int32_t> main_doorbell(uint32_t index) const {
    return std::atomic_ref<int32_t>(main_doorbell_[index]);
  }
  // SAFETY: a slot is below kRingSlots, as oldest() gives no other; so both lie in the kRingBytes that the
  // constructor has checked. Whoever has the slot owns its bytes: the state words hand it over.
  double* header(uint32_t slot) const { return doubles_ + kRingHeaders + slot * kRingHeaderDoubles; }
  uint8_t* payload(uint32_t slot) const { return bytes_ + kRingPayloads + slot * kRingInlineBytes; }

  uint8_t* bytes_;
  int32_t* words_;
  double* doubles_;
  int32_t* main_doorbell_;
};

double monotonic_us();

} // namespace snapvm
