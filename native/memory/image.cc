#include "memory/image.h"

#include "abi.h"
#include "system/calls.h"
#include "system/interruptions.h"

#include <atomic>
#include <fcntl.h>
#include <mutex>
#include <string>
#include <sys/stat.h>
#include <unordered_map>

namespace snapvm {
namespace {

// Ids are how threads of one process name an image to each other; the registry owns nothing.
struct Registry {
  std::mutex mutex;
  std::atomic<uint64_t> next_id{1};
  std::unordered_map<uint64_t, std::weak_ptr<Image>> images;
};

Registry& registry() {
  static auto* instance = new Registry; // never destroyed: worker threads may outlive static destructors
  return *instance;
}

} // namespace

std::shared_ptr<Image> Image::create(size_t bytes) {
  Fd fd(sys_memfd_create("snapvm-image", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd) fail_errno("memfd_create", kHostMemory);
  if (sys_ftruncate(fd.get(), static_cast<off_t>(bytes)) != 0)
    fail_errno("ftruncate of an image", kHostMemory);
  Registry& all = registry();
  // Made before the lock is taken: should registering it fail, its destructor takes the lock too.
  auto image = std::make_shared<Image>(all.next_id++, std::move(fd), bytes);
  std::lock_guard lock(all.mutex);
  all.images.emplace(image->id(), image);
  return image;
}

std::shared_ptr<Image> Image::find(uint64_t id) {
  Registry& all = registry();
  std::lock_guard lock(all.mutex);
  const auto found = all.images.find(id);
  return found == all.images.end() ? nullptr : found->second.lock();
}

Image::~Image() {
  Registry& all = registry();
  std::lock_guard lock(all.mutex);
  all.images.erase(id_);
}

// SAFETY: MAP_FIXED replaces what is mapped there. The caller upholds that `pages` are `bytes_` bytes of
// whole pages that are its own: src/snapshot/image.ts makes the buffer for this view alone, and
// ImageWrap::create checks that it is shared, aligned, and whole pages.
void Image::map_over(uint8_t* pages) {
  const int flags = MAP_SHARED | MAP_FIXED;
  if (sys_mmap(pages, bytes_, PROT_READ | PROT_WRITE, flags, fd_.get(), 0) == MAP_FAILED) {
    fail_errno("mmap of an image", kHostMemory);
  }
  // A child between fork and exec would inherit this writable mapping, and the seal is refused while there is
  // one.
  if (sys_madvise(pages, bytes_, MADV_DONTFORK) == 0) return;
  const int error = errno;
  unmap_from(pages, bytes_);
  errno = error;
  fail_errno("madvise of an image", kHostMemory);
}

void Image::unmap_from(uint8_t* pages, size_t bytes) {
  // SAFETY: the caller upholds that these are the pages it gave map_over.
  const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED;
  // When it fails, the pages stay until their owner unmaps them, as they would without this.
  static_cast<void>(sys_mmap(pages, bytes, PROT_READ, flags, -1, 0));
}

void Image::write(std::span<const uint8_t> bytes, size_t offset) {
  Interruptions interruptions;
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n =
        sys_pwrite(fd_.get(), bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR && !interruptions.are_too_many()) continue;
    if (n <= 0) fail_errno("pwrite to an image", kHostMemory);
    done += static_cast<size_t>(n);
  }
}

size_t Image::held_bytes() const {
  struct stat status = {};
  if (sys_fstat(fd_.get(), &status) != 0) fail_errno("fstat of an image", kHostMemory);
  constexpr size_t kStatBlock = 512; // whatever the file system's own block is
  return static_cast<size_t>(status.st_blocks) * kStatBlock;
}

void Image::seal(uint8_t* mapped) {
  // SAFETY: the caller upholds that `mapped` is what it gave map_over, so these pages are the image's
  // already. A private read-only mapping shares the file's pages and does not count as a writer, so the seal
  // is granted.
  if (mapped != nullptr &&
      sys_mmap(mapped, bytes_, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd_.get(), 0) == MAP_FAILED) {
    fail_errno("read-only mmap of an image", kHostMemory);
  }
  const int seals = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
  if (sys_fcntl(fd_.get(), F_ADD_SEALS, seals) != 0) fail_errno("sealing an image", kHostMemory);
  content_ = Mapping(bytes_, PROT_READ, MAP_PRIVATE, fd_.get(), 0, "mmap of an image");
}

} // namespace snapvm
