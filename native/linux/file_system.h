// The file tree of a Linux program: what it was given, and what it writes, in memory. A program has no other.
//
// Nodes are shared between the tree a snapshot begins with and the one a call works on: putting a tree back
// is copying a list of pointers, and a node is copied when it is written.
#pragma once

#include "linux/pieces.h"
#include "linux/work.h"

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace snapvm {

using NodeId = uint32_t;
constexpr NodeId kRoot = 0;

enum class NodeKind : uint8_t {
  Directory = 1,
  File = 2,
  Link = 3,
  Null = 4,
  Zero = 5,
  Full = 6,
  Random = 7,
  Descriptors = 8, // /proc/self/fd
};

// Content of a file: a part of the snapshot's image until it is written.
class Content {
public:
  Content() = default;
  explicit Content(std::span<const uint8_t> shared) : shared_(shared) {}
  explicit Content(std::vector<uint8_t> bytes)
      : own_(std::make_shared<std::vector<uint8_t>>(std::move(bytes))) {}

  std::span<const uint8_t> bytes() const { return own_ ? std::span<const uint8_t>(*own_) : shared_; }
  bool is_own() const { return own_ != nullptr; }
  // Its own from then on; what is new is zero. False: the program has to stop.
  bool resize(size_t bytes, Work& work);
  // Nothing, from then on.
  void clear(Work& work);
  // SAFETY: resize() made it its own, and nobody else's; who calls this upholds that.
  std::span<uint8_t> own() { return *own_; }

private:
  bool is_only_ours() const { return own_ && own_.use_count() == 1; }

  Bytes own_;
  std::span<const uint8_t> shared_;
};

using Names = std::map<std::string, NodeId, std::less<>>;

struct Node {
  NodeKind kind = NodeKind::File;
  uint32_t mode = 0644; // permission bits
  uint32_t links = 1;
  int64_t modified = 0;  // seconds since 1970
  NodeId parent = kRoot; // of a directory
  Content content;       // of a file; a link's target
  Names children;
};

// The outcome of walking a path: negative errno, or where it leads.
struct Found {
  int error = 0;
  NodeId node = kRoot;
  // Where the last component stands or would stand; for "/" and a path that ends in "..", the directory
  // itself.
  NodeId parent = kRoot;
  std::string name;
  bool exists = false;
  bool trailing_slash = false;
};

class FileSystem {
public:
  // A tree with /dev, /proc and /tmp, holding at most `most_bytes` of what a program writes.
  explicit FileSystem(uint64_t most_bytes = 0);

  const Node& at(NodeId id) const { return *nodes_[id]; }
  // A node to be changed. A program that has to stop while its names are copied is left with a part of them.
  Node& edit(NodeId id, Work& work);
  NodeId size() const { return static_cast<NodeId>(nodes_.size()); }

  // `follow`: whether a link at the end is followed.
  Found find(NodeId from, std::string_view path, bool follow, Work& work) const;
  // Nothing: it was removed. As long as a path can be at most, its end only, if it stands deeper than that.
  std::string path_of(NodeId directory, Work& work) const;

  // These give a negative errno, or 0 (or a node).
  int64_t create(const Found& place, NodeKind kind, uint32_t mode, int64_t now, Work& work);
  int link(NodeId node, const Found& place, int64_t now, Work& work);
  int unlink(const Found& place, int64_t now, Work& work);
  int remove_directory(const Found& place, int64_t now, Work& work);
  int rename(const Found& from, const Found& to, int64_t now, Work& work);
  // Makes the directories on the way. For building a tree; throws on a path that cannot be.
  NodeId put(std::string_view path, NodeKind kind, uint32_t mode, int64_t modified, Content content);

  int64_t write(NodeId file, uint64_t offset, std::span<const uint8_t> bytes, int64_t now, Work& work);
  int truncate(NodeId file, uint64_t bytes, int64_t now, Work& work);
  // Nobody has it open and no name leads to it: its bytes are free.
  void release(NodeId file, Work& work);

  // Takes of what the program may write, which pipes count against too; false: there is not enough.
  bool charge(uint64_t bytes);
  void refund(uint64_t bytes);

  // For keeping a tree with a frozen program (process_codec.cc).
  std::vector<std::shared_ptr<Node>>& nodes() { return nodes_; }
  const std::vector<std::shared_ptr<Node>>& nodes() const { return nodes_; }
  uint64_t written() const { return written_; }
  void set_written(uint64_t bytes) { written_ = bytes; }

private:
  NodeId add(Node node);
  NodeId insert(const Found& place, NodeKind kind, uint32_t mode, int64_t now, Work& work);
  bool is_inside(NodeId directory, NodeId of, Work& work) const;
  int resize(NodeId file, uint64_t bytes, Work& work);

  std::vector<std::shared_ptr<Node>> nodes_;
  uint64_t most_bytes_;
  uint64_t written_ = 0; // what is not the snapshot's: bytes of files and pipes, nodes, names
};

} // namespace snapvm
