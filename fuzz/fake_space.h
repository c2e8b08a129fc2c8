// The memory of a Linux program without a machine. It insists on what AddressSpace asks of its callers, which
// GuestSpace trusts them to keep.
#pragma once

#include "abi.h"
#include "input.h"
#include "memory/address_space.h"
#include "processor/vector_state.h"

#include <array>
#include <map>
#include <vector>

namespace snapvm::fuzz {

constexpr uint32_t kFrames = 16;
constexpr uint64_t kImageBase = 0x400000, kCodePages = 1, kDataPages = 4;
constexpr uint64_t kData = kImageBase + kCodePages * kPage, kDataBytes = kDataPages * kPage;
constexpr uint64_t kBrkStart = 0x10000000, kBrkEnd = kBrkStart + 24 * kPage;
constexpr uint64_t kMapStart = 0x20000000, kMapEnd = kMapStart + 32 * kPage;

class FakeSpace final : public AddressSpace {
public:
  FakeSpace() : frames_(kFrames), image_(kCodePages + kDataPages) {
    for (uint32_t i = 0; i < image_.size(); i++) {
      const bool code = i < kCodePages;
      const uint32_t protection = code ? PROT_READ | PROT_EXEC : PROT_READ | PROT_WRITE;
      pages_[kImageBase + i * kPage] = {
          .frame = std::nullopt, .image = i, .protection = protection, .code = code};
    }
  }

  size_t read(uint64_t gva, std::span<uint8_t> to) const override {
    return each(gva, to.size(), PROT_READ | PROT_WRITE | PROT_EXEC,
                [&](auto at, size_t done, size_t part) { std::memcpy(to.data() + done, at, part); });
  }
  size_t write(uint64_t gva, std::span<const uint8_t> from) override {
    return each(gva, from.size(), PROT_WRITE,
                [&](auto at, size_t done, size_t part) { std::memcpy(at, from.data() + done, part); });
  }
  uint32_t frames() const override { return kFrames; }
  void fill_frame(uint32_t frame, std::span<const uint8_t> content, std::optional<uint64_t> at) override {
    require(frame < kFrames, "a frame to be filled is one of the pool");
    require(!at || is_at(*at, frame), "a frame to be filled is mapped where it is said to be");
    const size_t part = std::min<size_t>(content.size(), kPage);
    if (part > 0) std::memcpy(frames_[frame].data(), content.data(), part);
    std::memset(frames_[frame].data() + part, 0, kPage - part);
  }
  void map_frame(uint64_t gva, uint32_t frame, uint32_t protection) override {
    require(frame < kFrames, "a frame to be mapped is one of the pool");
    require(has_tables(gva), "a frame is mapped in a window that has tables");
    require(!pages_.contains(gva), "nothing is mapped where a frame is mapped");
    for (const auto& [at, page] : pages_)
      require(page.frame != frame, "a frame is mapped once");
    pages_[gva] = {.frame = frame, .image = 0, .protection = protection, .code = false};
  }
  std::optional<MappedPage> page(uint64_t gva) const override {
    const auto found = pages_.find(gva & ~(kPage - 1));
    if (found == pages_.end()) return std::nullopt;
    return MappedPage{.frame = found->second.frame, .executable = found->second.code};
  }
  void protect(uint64_t gva, uint32_t protection) override {
    const auto found = pages_.find(gva);
    require(found != pages_.end(), "a page to be protected is mapped");
    require(!found->second.code || (protection & PROT_WRITE) == 0, "code is never written");
    require(found->second.code || (protection & PROT_EXEC) == 0, "only code is executed");
    found->second.protection = protection;
  }
  void unmap(uint64_t gva) override {
    require(gva % kPage == 0, "a page to be unmapped begins there");
    pages_.erase(gva);
  }
  void move(uint64_t from, uint64_t to) override {
    require(pages_.contains(from) && !pages_.contains(to), "a page is moved to where nothing is");
    require(has_tables(to), "a page is moved to a window that has tables");
    pages_[to] = pages_[from];
    pages_.erase(from);
  }

  // That what is mapped is what the program's memory says is used, and that no frame is lost.
  void check_frames(const std::vector<bool>& used, uint32_t free) const {
    uint32_t mapped = 0;
    for (const auto& [at, page] : pages_) {
      if (!page.frame) continue;
      mapped++;
      require(used[*page.frame], "a frame that is mapped is used");
    }
    require(mapped + free == kFrames, "a frame is mapped or free");
  }

private:
  struct Page {
    std::optional<uint32_t> frame;
    uint32_t image; // its index there, without a frame
    uint32_t protection;
    bool code;
  };
  using Bytes = std::array<uint8_t, kPage>;

  static bool has_tables(uint64_t gva) {
    return gva % kPage == 0 && ((gva >= kBrkStart && gva < kBrkEnd) || (gva >= kMapStart && gva < kMapEnd));
  }
  bool is_at(uint64_t gva, uint32_t frame) const {
    const auto found = pages_.find(gva);
    return found != pages_.end() && found->second.frame == frame;
  }
  // SAFETY: `self` is what each() was called on; who gives const bytes on is read() alone, and it only reads.
  uint8_t* data_of(const Page& page) const {
    const Bytes& bytes = page.frame ? frames_[*page.frame] : image_[page.image];
    return const_cast<uint8_t*>(bytes.data());
  }
  template <typename Do> size_t each(uint64_t gva, size_t bytes, uint32_t rights, const Do& act) const {
    size_t done = 0;
    while (done < bytes) {
      const uint64_t at = gva + done;
      const auto found = pages_.find(at & ~(kPage - 1));
      if (found == pages_.end() || (found->second.protection & rights) == 0) break;
      const size_t part = std::min<uint64_t>(bytes - done, kPage - at % kPage);
      act(data_of(found->second) + at % kPage, done, part);
      done += part;
    }
    return done;
  }

  std::vector<Bytes> frames_;
  std::vector<Bytes> image_;
  std::map<uint64_t, Page> pages_;
};

// Vector registers that are an area of bytes.
class FakeVectors final : public VectorState {
public:
  size_t bytes() const override { return area_.size(); }
  void get(std::span<uint8_t> area) const override { std::copy(area_.begin(), area_.end(), area.begin()); }
  bool set(std::span<const uint8_t> area) override {
    require(area.size() == area_.size(), "vector registers are set whole");
    constexpr size_t kHeader = 512;
    if (area[kHeader + 8] != 0) return false;
    std::copy(area.begin(), area.end(), area_.begin());
    return true;
  }

private:
  std::array<uint8_t, 832> area_{};
};

} // namespace snapvm::fuzz
