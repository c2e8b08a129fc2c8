// The memory of a Linux program without a machine, and a count of what the host does between two looks at
// whether the program must stop: told by what is done, not by what the host says of itself.
#pragma once

#include "abi.h"
#include "memory/address_space.h"
#include "processor/vector_state.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace snapvm::bounds {

struct Counts {
  uint64_t copied = 0;      // bytes from and to the program's memory
  uint64_t pages = 0;       // looked up, mapped, filled, protected, moved, unmapped
  uint64_t allocations = 0; // blocks of the host's memory that were taken
  uint64_t freed = 0;       // bytes of long blocks that went back to the system
};

class Meter {
public:
  // How long a block must be for its return to count.
  static constexpr size_t kLong = 1 << 16;

  Counts now;
  uint64_t looks = 0;

  void look() {
    looks++;
    most_.copied = std::max(most_.copied, now.copied);
    most_.pages = std::max(most_.pages, now.pages);
    most_.allocations = std::max(most_.allocations, now.allocations);
    most_.freed = std::max(most_.freed, now.freed);
    now = {};
  }
  const Counts& most() const { return most_; }
  void reset() { *this = Meter(); }

private:
  Counts most_;
};

extern Meter meter;

constexpr uint64_t kMiB = 1 << 20;
constexpr uint32_t kFrames = 512 * kMiB / kPage;
constexpr uint64_t kData = 0x400000, kDataBytes = 4 * kMiB;
constexpr uint64_t kBrkStart = 0x10000000, kBrkEnd = kBrkStart + kFrames * kPage;
constexpr uint64_t kMapStart = 0x100000000, kMapEnd = kMapStart + 4 * kFrames * kPage;

// Only the data has content; what is mapped reads as zeros, and what is written there is gone.
class CountingSpace final : public AddressSpace {
public:
  CountingSpace() : data_(kDataBytes), brk_(kFrames), map_(4 * kFrames) {}

  size_t read(uint64_t gva, std::span<uint8_t> to) const override {
    const size_t done = usable(gva, to.size(), PROT_READ | PROT_WRITE);
    meter.now.copied += done;
    if (is_data(gva))
      std::memcpy(to.data(), data_.data() + (gva - kData), done);
    else
      std::fill_n(to.begin(), done, uint8_t{0});
    return done;
  }
  size_t write(uint64_t gva, std::span<const uint8_t> from) override {
    const size_t done = usable(gva, from.size(), PROT_WRITE);
    meter.now.copied += done;
    if (is_data(gva)) std::memcpy(data_.data() + (gva - kData), from.data(), done);
    return done;
  }
  uint32_t frames() const override { return kFrames; }
  void fill_frame(uint32_t, std::span<const uint8_t>, std::optional<uint64_t>) override { meter.now.pages++; }
  void map_frame(uint64_t gva, uint32_t frame, uint32_t protection) override {
    touch(gva) = {.there = true, .frame = frame, .protection = protection};
  }
  std::optional<MappedPage> page(uint64_t gva) const override {
    meter.now.pages++;
    if (is_data(gva)) return MappedPage{.frame = std::nullopt, .executable = false};
    const Page* page = at(gva);
    if (page == nullptr || !page->there) return std::nullopt;
    return MappedPage{.frame = page->frame, .executable = false};
  }
  void protect(uint64_t gva, uint32_t protection) override { touch(gva).protection = protection; }
  void unmap(uint64_t gva) override { touch(gva) = {}; }
  void move(uint64_t from, uint64_t to) override {
    const Page page = touch(from);
    touch(from) = {};
    touch(to) = page;
  }

private:
  struct Page {
    bool there = false;
    uint32_t frame = 0;
    uint32_t protection = 0;
  };

  static bool is_data(uint64_t gva) { return gva >= kData && gva < kData + kDataBytes; }
  // SAFETY: the pages are this object's own, and it is not const where they are changed.
  Page* at(uint64_t gva) { return const_cast<Page*>(static_cast<const CountingSpace*>(this)->at(gva)); }
  const Page* at(uint64_t gva) const {
    if (gva >= kBrkStart && gva < kBrkEnd) return &brk_[(gva - kBrkStart) / kPage];
    if (gva >= kMapStart && gva < kMapEnd) return &map_[(gva - kMapStart) / kPage];
    return nullptr;
  }
  Page& touch(uint64_t gva) {
    static Page elsewhere;
    meter.now.pages++;
    Page* page = at(gva);
    return page == nullptr ? elsewhere : *page;
  }
  size_t usable(uint64_t gva, size_t bytes, uint32_t rights) const {
    if (is_data(gva)) return std::min<uint64_t>(bytes, kData + kDataBytes - gva);
    size_t done = 0;
    while (done < bytes) {
      const Page* page = at(gva + done);
      if (page == nullptr || !page->there || (page->protection & rights) == 0) break;
      done += std::min<uint64_t>(bytes - done, kPage - (gva + done) % kPage);
    }
    return done;
  }

  std::vector<uint8_t> data_;
  std::vector<Page> brk_;
  std::vector<Page> map_;
};

class NoVectors final : public VectorState {
public:
  size_t bytes() const override { return 832; }
  void get(std::span<uint8_t> area) const override { std::fill(area.begin(), area.end(), uint8_t{0}); }
  bool set(std::span<const uint8_t>) override { return true; }
};

} // namespace snapvm::bounds
