#include "linux/descriptors.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <utility>

namespace snapvm {

void Pipe::push(std::span<const uint8_t> part) {
  bytes.reserve(room(bytes.size() + part.size()));
  bytes.insert(bytes.end(), part.begin(), part.end());
}

void Pipe::pop(size_t count) {
  const auto rest = bytes.begin() + static_cast<ptrdiff_t>(count);
  const size_t left = bytes.size() - count;
  if (room(left) == room(bytes.size())) {
    bytes.erase(bytes.begin(), rest);
    return;
  }
  std::vector<uint8_t> fresh;
  fresh.reserve(room(left));
  fresh.assign(rest, bytes.end());
  bytes = std::move(fresh);
}

Descriptors::Descriptors() {
  open({.kind = OpenKind::Input, .flags = O_RDONLY, .last = {}}, false);
  open({.kind = OpenKind::Output, .flags = O_WRONLY, .last = {}}, false);
  open({.kind = OpenKind::Error, .flags = O_WRONLY, .last = {}}, false);
}

OpenFile* Descriptors::get(int64_t fd) {
  if (fd < 0 || static_cast<size_t>(fd) >= slots_.size()) return nullptr;
  const int32_t file = slots_[static_cast<size_t>(fd)].file;
  return file < 0 ? nullptr : &files_[static_cast<size_t>(file)];
}

int64_t Descriptors::open(const OpenFile& file, bool close_on_exec, uint32_t least) {
  const int64_t fd = free_slot(least);
  if (fd < 0) return fd;
  auto at = std::find_if(files_.begin(), files_.end(), [](const OpenFile& f) { return f.uses == 0; });
  if (at == files_.end()) at = files_.insert(at, OpenFile{});
  *at = file;
  at->uses = 0; // put() counts
  put(fd, static_cast<int32_t>(at - files_.begin()), close_on_exec);
  return fd;
}

int64_t Descriptors::duplicate(int64_t fd, bool close_on_exec, uint32_t least) {
  if (get(fd) == nullptr) return -EBADF;
  if (least >= kMostDescriptors) return -EINVAL;
  const int64_t to = free_slot(least);
  if (to >= 0) put(to, slot(fd).file, close_on_exec);
  return to;
}

int64_t Descriptors::duplicate_to(int64_t fd, int64_t to, bool close_on_exec) {
  if (get(fd) == nullptr || to < 0 || to >= kMostDescriptors) return -EBADF;
  if (get(to) != nullptr) close(to);
  put(to, slot(fd).file, close_on_exec);
  return to;
}

bool Descriptors::close(int64_t fd) {
  OpenFile* file = get(fd);
  if (file == nullptr) return false;
  slot(fd) = {};
  if (--file->uses > 0) return true;
  if (file->kind == OpenKind::Node) closed_ = file->node;
  if (file->kind == OpenKind::PipeRead && --pipes_[file->pipe].readers == 0) {
    freed_ += Pipe::room(pipes_[file->pipe].bytes.size());
    pipes_[file->pipe].bytes = {};
  }
  if (file->kind == OpenKind::PipeWrite) pipes_[file->pipe].writers--;
  return true;
}

bool Descriptors::is_open(NodeId node) const {
  return std::any_of(files_.begin(), files_.end(), [&](const OpenFile& file) {
    return file.uses > 0 && file.kind == OpenKind::Node && file.node == node;
  });
}

uint32_t Descriptors::add_pipe() {
  auto at = std::find_if(pipes_.begin(), pipes_.end(),
                         [](const Pipe& pipe) { return pipe.readers == 0 && pipe.writers == 0; });
  if (at == pipes_.end()) at = pipes_.insert(at, Pipe{});
  at->bytes.clear();
  at->readers = at->writers = 1;
  return static_cast<uint32_t>(at - pipes_.begin());
}

int64_t Descriptors::take_closed() {
  return std::exchange(closed_, -1);
}

uint64_t Descriptors::take_freed() {
  return std::exchange(freed_, 0);
}

int64_t Descriptors::free_slot(uint32_t least) const {
  for (size_t fd = least; fd < kMostDescriptors; fd++) {
    if (fd >= slots_.size() || slots_[fd].file < 0) return static_cast<int64_t>(fd);
  }
  return -EMFILE;
}

void Descriptors::put(int64_t fd, int32_t file, bool close_on_exec) {
  const auto index = static_cast<size_t>(fd);
  if (index >= slots_.size()) slots_.resize(index + 1);
  slots_[index] = {.file = file, .close_on_exec = close_on_exec};
  files_[static_cast<size_t>(file)].uses++;
}

} // namespace snapvm
