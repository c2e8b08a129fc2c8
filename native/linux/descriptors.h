// Open files of a Linux program: descriptors, what they stand for, pipes.
#pragma once

#include "linux/file_system.h"

#include <cstdint>
#include <string>
#include <vector>

namespace snapvm {

enum class OpenKind : uint8_t { Input = 1, Output = 2, Error = 3, Node = 4, PipeRead = 5, PipeWrite = 6 };

// An open file description (open(2)): descriptors that were duplicated share one.
struct OpenFile {
  OpenKind kind = OpenKind::Node;
  NodeId node = 0;    // Node
  uint32_t pipe = 0;  // PipeRead, PipeWrite
  uint32_t flags = 0; // access mode and status flags
  uint32_t uses = 0;  // descriptors; 0: the entry is free
  uint64_t offset = 0;
  std::string last; // of a directory that is being read: the name given last
};

// Its buffer takes whole pages of the host's memory, and no more than its bytes need.
struct Pipe {
  std::vector<uint8_t> bytes;
  uint32_t readers = 0;
  uint32_t writers = 0;

  Pipe() = default;
  Pipe(const Pipe&) = default;
  Pipe(Pipe&&) = default;
  // A vector that is assigned to keeps its memory, which nobody would count.
  Pipe& operator=(const Pipe& other) { return *this = Pipe(other); }
  Pipe& operator=(Pipe&&) = default;
  ~Pipe() = default;

  // What a buffer of so many bytes takes.
  static uint64_t room(size_t bytes) { return (bytes + 4095) / 4096 * 4096; }
  void push(std::span<const uint8_t> part);
  void pop(size_t count);
};

constexpr uint32_t kMostDescriptors = 1024;
constexpr size_t kPipeBytes = 65536;

class Descriptors {
public:
  struct Slot {
    int32_t file = -1; // index of the description, -1: closed
    bool close_on_exec = false;
  };

  // 0, 1 and 2 open on the program's standard streams.
  Descriptors();

  // Null for a descriptor that is not open.
  OpenFile* get(int64_t fd);
  // SAFETY: get() changes nothing, and what it gives is const again here.
  const OpenFile* get(int64_t fd) const { return const_cast<Descriptors*>(this)->get(fd); }
  // The lowest free descriptor from `least` on, or -EMFILE.
  int64_t open(const OpenFile& file, bool close_on_exec, uint32_t least = 0);
  int64_t duplicate(int64_t fd, bool close_on_exec, uint32_t least);
  // dup3: closes `to` first.
  int64_t duplicate_to(int64_t fd, int64_t to, bool close_on_exec);
  bool close(int64_t fd);
  bool is_open(NodeId node) const;
  uint32_t add_pipe();

  Slot& slot(int64_t fd) { return slots_[static_cast<size_t>(fd)]; }
  Pipe& pipe(uint32_t id) { return pipes_[id]; }
  const std::vector<Slot>& slots() const { return slots_; }

  // For keeping them with a frozen program.
  std::vector<Slot>& all_slots() { return slots_; }
  std::vector<OpenFile>& all_files() { return files_; }
  std::vector<Pipe>& all_pipes() { return pipes_; }
  // The node of the last file that `close` has closed, if that was its last descriptor.
  int64_t take_closed();
  // What the buffers took of pipes that nobody reads any more since it was asked last.
  uint64_t take_freed();

private:
  int64_t free_slot(uint32_t least) const;
  void put(int64_t fd, int32_t file, bool close_on_exec);

  std::vector<Slot> slots_;
  std::vector<OpenFile> files_;
  std::vector<Pipe> pipes_;
  int64_t closed_ = -1;
  uint64_t freed_ = 0;
};

} // namespace snapvm
