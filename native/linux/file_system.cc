#include "linux/file_system.h"

#include "error.h"
#include "memory/bytes.h"

#include <algorithm>
#include <cerrno>
#include <climits>

namespace snapvm {
namespace {

constexpr int kMostLinks = 40;
constexpr size_t kMostNodes = 1 << 20;
// What a program gets into one folder: a folder is copied whole when a call first changes it.
constexpr size_t kMostNames = 1 << 17;
// What a node and a name take of the host's memory, about; they count like bytes of files.
constexpr uint64_t kNodeBytes = 512, kNameBytes = 128;

Content content_of(std::string_view text) {
  return Content(std::vector<uint8_t>(text.begin(), text.end()));
}

} // namespace

FileSystem::FileSystem(uint64_t most_bytes) : most_bytes_(most_bytes) {
  Node root{.kind = NodeKind::Directory, .mode = 0755, .links = 2, .content = {}, .children = {}};
  add(std::move(root));
  put("/tmp", NodeKind::Directory, 01777, 0, {});
  put("/dev/null", NodeKind::Null, 0666, 0, {});
  put("/dev/zero", NodeKind::Zero, 0666, 0, {});
  put("/dev/full", NodeKind::Full, 0666, 0, {});
  put("/dev/random", NodeKind::Random, 0666, 0, {});
  put("/dev/urandom", NodeKind::Random, 0666, 0, {});
  put("/proc/self/fd", NodeKind::Descriptors, 0500, 0, {});
  put("/dev/fd", NodeKind::Link, 0777, 0, content_of("/proc/self/fd"));
  put("/dev/stdin", NodeKind::Link, 0777, 0, content_of("/proc/self/fd/0"));
  put("/dev/stdout", NodeKind::Link, 0777, 0, content_of("/proc/self/fd/1"));
  put("/dev/stderr", NodeKind::Link, 0777, 0, content_of("/proc/self/fd/2"));
}

Node& FileSystem::edit(NodeId id, Work& work) {
  if (nodes_[id].use_count() == 1) return *nodes_[id];
  const Node& before = *nodes_[id];
  const auto copy = std::make_shared<Node>(Node{.kind = before.kind,
                                                .mode = before.mode,
                                                .links = before.links,
                                                .modified = before.modified,
                                                .parent = before.parent,
                                                .content = before.content,
                                                .children = {}});
  for (const auto& [name, child] : before.children) {
    copy->children.emplace_hint(copy->children.end(), name, child);
    if (work.stop_after(kNameBytes + name.size())) break;
  }
  nodes_[id] = copy;
  return *copy;
}

NodeId FileSystem::add(Node node) {
  nodes_.push_back(std::make_shared<Node>(std::move(node)));
  return size() - 1;
}

Found FileSystem::find(NodeId from, std::string_view path, bool follow, Work& work) const {
  if (path.empty()) return {.error = -ENOENT, .name = {}};
  if (path.size() >= PATH_MAX) return {.error = -ENAMETOOLONG, .name = {}};
  std::string rest(path);
  NodeId directory = rest.front() == '/' ? kRoot : from;
  int links = 0;
  Found found{.node = directory, .parent = directory, .name = {}, .exists = true};
  for (size_t at = 0;;) {
    at = rest.find_first_not_of('/', at);
    if (at == std::string::npos) return found;
    const size_t end = std::min(rest.find('/', at), rest.size());
    const std::string name = rest.substr(at, end - at);
    const bool last = rest.find_first_not_of('/', end) == std::string::npos;
    if (work.stop_after(Work::kStep)) return {.error = -EINTR, .name = {}};
    if (name.size() > NAME_MAX) return {.error = -ENAMETOOLONG, .name = {}};
    if (!found.exists) return {.error = -ENOENT, .name = {}};
    const Node& node = this->at(found.node);
    if (node.kind != NodeKind::Directory && node.kind != NodeKind::Descriptors)
      return {.error = -ENOTDIR, .name = {}};
    directory = found.node;
    found = {.parent = directory, .name = name, .trailing_slash = last && end < rest.size()};
    if (name == "." || name == "..") {
      found.node = name == "." ? directory : node.parent;
      found.parent = found.node;
      found.exists = true;
    } else if (const auto child = node.children.find(name); child != node.children.end()) {
      found.node = child->second;
      found.exists = true;
    }
    at = end;
    if (!found.exists || this->at(found.node).kind != NodeKind::Link) {
      if (found.exists && found.trailing_slash && this->at(found.node).kind != NodeKind::Directory)
        return {.error = -ENOTDIR, .name = {}};
      if (last) return found;
      continue;
    }
    if (last && !follow && !found.trailing_slash) return found;
    if (++links > kMostLinks) return {.error = -ELOOP, .name = {}};
    const std::string_view target = text_of(this->at(found.node).content.bytes());
    // No program can make such a link, but the files it is given may have one.
    if (target.empty()) return {.error = -ENOENT, .name = {}};
    rest = std::string(target) + rest.substr(end);
    if (rest.size() >= 2 * size_t{PATH_MAX}) return {.error = -ENAMETOOLONG, .name = {}};
    if (work.stop_after(rest.size())) return {.error = -EINTR, .name = {}};
    if (rest.front() == '/') directory = kRoot;
    found = {.node = directory, .parent = directory, .name = {}, .exists = true};
    at = 0;
  }
}

std::string FileSystem::path_of(NodeId directory, Work& work) const {
  std::string path;
  // A program may stand deeper than any path reaches; the way up from there is not walked to its end.
  while (directory != kRoot && path.size() < PATH_MAX) {
    const NodeId parent = at(directory).parent;
    const auto& children = at(parent).children;
    bool stop = false;
    const auto entry = std::find_if(children.begin(), children.end(), [&](const auto& child) {
      stop = work.stop_after(Work::kStep);
      return stop || child.second == directory;
    });
    if (stop) return {};
    if (entry == children.end()) return {}; // it was removed
    path.insert(0, entry->first).insert(0, 1, '/');
    directory = parent;
  }
  return path.empty() ? "/" : path;
}

int64_t FileSystem::create(const Found& place, NodeKind kind, uint32_t mode, int64_t now, Work& work) {
  if (at(place.parent).kind != NodeKind::Directory) return -EACCES;
  if (at(place.parent).links == 0) return -ENOENT; // it was removed
  if (nodes_.size() >= kMostNodes || at(place.parent).children.size() >= kMostNames) return -ENOSPC;
  if (!charge(kNodeBytes + kNameBytes + place.name.size())) return -ENOSPC;
  return insert(place, kind, mode, now, work);
}

NodeId FileSystem::insert(const Found& place, NodeKind kind, uint32_t mode, int64_t now, Work& work) {
  const NodeId id = add({.kind = kind,
                         .mode = mode,
                         .links = kind == NodeKind::Directory ? 2u : 1u,
                         .modified = now,
                         .parent = place.parent,
                         .content = {},
                         .children = {}});
  Node& parent = edit(place.parent, work);
  parent.children.emplace(place.name, id);
  parent.modified = now;
  if (kind == NodeKind::Directory) parent.links++;
  return id;
}

int FileSystem::link(NodeId node, const Found& place, int64_t now, Work& work) {
  if (at(place.parent).kind != NodeKind::Directory) return -EACCES;
  if (at(place.parent).links == 0) return -ENOENT; // it was removed
  if (at(place.parent).children.size() >= kMostNames) return -ENOSPC;
  if (!charge(kNameBytes + place.name.size())) return -ENOSPC;
  Node& parent = edit(place.parent, work);
  parent.children.emplace(place.name, node);
  parent.modified = now;
  edit(node, work).links++;
  return 0;
}

int FileSystem::unlink(const Found& place, int64_t now, Work& work) {
  if (at(place.node).kind == NodeKind::Directory || at(place.node).kind == NodeKind::Descriptors)
    return -EISDIR;
  Node& parent = edit(place.parent, work);
  parent.children.erase(place.name);
  parent.modified = now;
  refund(kNameBytes + place.name.size());
  edit(place.node, work).links--;
  return 0;
}

int FileSystem::remove_directory(const Found& place, int64_t now, Work& work) {
  if (at(place.node).kind != NodeKind::Directory) return -ENOTDIR;
  if (place.node == kRoot || place.name.empty()) return -EBUSY;
  if (place.name == ".") return -EINVAL;
  if (place.name == ".." || !at(place.node).children.empty()) return -ENOTEMPTY;
  Node& parent = edit(place.parent, work);
  parent.children.erase(place.name);
  parent.modified = now;
  parent.links--;
  refund(kNameBytes + place.name.size());
  edit(place.node, work).links = 0;
  return 0;
}

int FileSystem::rename(const Found& from, const Found& to, int64_t now, Work& work) {
  const auto is_dots = [](const std::string& name) { return name.empty() || name == "." || name == ".."; };
  if (is_dots(from.name) || is_dots(to.name)) return -EBUSY;
  if (at(from.parent).kind != NodeKind::Directory || at(to.parent).kind != NodeKind::Directory)
    return -EACCES;
  if (at(to.parent).links == 0) return -ENOENT; // it was removed
  const bool directory = at(from.node).kind == NodeKind::Directory;
  if (to.exists && to.node == from.node) return 0;
  if (directory && is_inside(to.parent, from.node, work)) return -EINVAL;
  if (to.exists) {
    if (is_inside(from.parent, to.node, work)) return -ENOTEMPTY;
    const bool over_directory = at(to.node).kind == NodeKind::Directory;
    if (directory && !over_directory) return -ENOTDIR;
    if (!directory && over_directory) return -EISDIR;
    if (over_directory && !at(to.node).children.empty()) return -ENOTEMPTY;
  }
  if (!to.exists && to.trailing_slash && !directory) return -ENOTDIR;
  if (to.exists) {
    const int error = directory ? remove_directory(to, now, work) : unlink(to, now, work);
    if (error != 0) return error;
  }
  const bool full = from.parent != to.parent && at(to.parent).children.size() >= kMostNames;
  if (full || !charge(to.name.size())) return -ENOSPC;
  refund(from.name.size());
  edit(from.parent, work).children.erase(from.name);
  edit(from.parent, work).modified = now;
  Node& parent = edit(to.parent, work);
  parent.children.emplace(to.name, from.node);
  parent.modified = now;
  if (directory) {
    edit(from.parent, work).links--;
    edit(to.parent, work).links++;
    edit(from.node, work).parent = to.parent;
  }
  return 0;
}

bool FileSystem::is_inside(NodeId directory, NodeId of, Work& work) const {
  while (directory != kRoot) {
    if (directory == of || work.stop_after(Work::kStep)) return true;
    directory = at(directory).parent;
  }
  return of == kRoot;
}

NodeId FileSystem::put(std::string_view path, NodeKind kind, uint32_t mode, int64_t modified,
                       Content content) {
  Work never([] { return false; }); // no program runs yet
  size_t slash = path.find_last_of('/');
  if (slash != 0 && slash != std::string_view::npos &&
      !find(kRoot, path.substr(0, slash), true, never).exists)
    put(path.substr(0, slash), NodeKind::Directory, 0755, modified, {});
  const Found place = find(kRoot, path, false, never);
  if (place.error != 0) throw Error(kInternal, "a file of the snapshot has an impossible path");
  if (place.exists) {
    Node& node = edit(place.node, never);
    if (node.kind != kind) throw Error(kInternal, "a file of the snapshot stands where another thing is");
    node.mode = mode;
    node.modified = modified;
    node.content = std::move(content);
    return place.node;
  }
  if (at(place.parent).kind != NodeKind::Directory)
    throw Error(kInternal, "a file of the snapshot cannot be put into its tree");
  const NodeId id = insert(place, kind, mode, modified, never);
  edit(id, never).content = std::move(content);
  return id;
}

int64_t FileSystem::write(NodeId file, uint64_t offset, std::span<const uint8_t> bytes, int64_t now,
                          Work& work) {
  if (bytes.empty()) return 0;
  if (offset > INT64_MAX - bytes.size()) return -EFBIG;
  const uint64_t end = offset + bytes.size();
  const uint64_t size = std::max<uint64_t>(end, at(file).content.bytes().size());
  if (const int error = resize(file, size, work); error != 0) return error;
  Node& node = edit(file, work);
  std::copy(bytes.begin(), bytes.end(), node.content.own().begin() + static_cast<ptrdiff_t>(offset));
  node.modified = now;
  return static_cast<int64_t>(bytes.size());
}

int FileSystem::truncate(NodeId file, uint64_t bytes, int64_t now, Work& work) {
  if (const int error = resize(file, bytes, work); error != 0) return error;
  edit(file, work).modified = now;
  return 0;
}

// Makes the content the program's own, within what it may have.
int FileSystem::resize(NodeId file, uint64_t bytes, Work& work) {
  const Content& before = at(file).content;
  const uint64_t counted = before.is_own() ? std::min<uint64_t>(before.bytes().size(), written_) : 0;
  if (written_ - counted > most_bytes_ || bytes > most_bytes_ - (written_ - counted)) return -ENOSPC;
  written_ = written_ - counted + bytes;
  return edit(file, work).content.resize(bytes, work) ? 0 : -EINTR;
}

bool FileSystem::charge(uint64_t bytes) {
  if (written_ > most_bytes_ || bytes > most_bytes_ - written_) return false;
  written_ += bytes;
  return true;
}

// Names of files that were given were never charged.
void FileSystem::refund(uint64_t bytes) {
  written_ -= std::min(written_, bytes);
}

void FileSystem::release(NodeId file, Work& work) {
  const Content& content = at(file).content;
  if (content.is_own()) refund(content.bytes().size());
  edit(file, work).content.clear(work);
}

} // namespace snapvm
