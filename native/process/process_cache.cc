#include "process/process_cache.h"

namespace snapvm {
namespace {

constexpr size_t kMostIdle = 8;

} // namespace

std::unique_ptr<GuestProcess> ProcessCache::take() {
  while (!idle_.empty()) {
    std::unique_ptr<GuestProcess> process = std::move(idle_.back());
    idle_.pop_back();
    if (process->process().check_alive()) return process;
  }
  return zygote_.spawn();
}

void ProcessCache::give_back(std::unique_ptr<GuestProcess> process) {
  if (idle_.size() < kMostIdle && process->empty()) idle_.push_back(std::move(process));
}

} // namespace snapvm
