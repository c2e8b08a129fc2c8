// The state of a frozen program as bytes: hashed, kept with its snapshot, and read by every sandbox of it.
#include "abi.h"
#include "linux/byte_stream.h"
#include "linux/process.h"

#include <algorithm>

namespace snapvm {
namespace {

constexpr uint32_t kOtherArea = 1u << 31; // beside an area's rights

enum class ContentKind : uint8_t { None = 0, Shared = 1, Own = 2 };

void write_bits(ByteWriter& out, const std::vector<bool>& bits) {
  out.value(uint64_t{bits.size()});
  uint64_t word = 0;
  for (size_t i = 0; i < bits.size(); i++) {
    word |= uint64_t{bits[i]} << i % 64;
    if (i % 64 == 63 || i + 1 == bits.size()) {
      out.value(word);
      word = 0;
    }
  }
}

std::vector<bool> read_bits(ByteReader& in) {
  const auto count = in.value<uint64_t>();
  const auto bytes = in.bytes((count / 64 + (count % 64 != 0)) * 8);
  std::vector<bool> bits(count);
  for (size_t i = 0; i < count; i++)
    bits[i] = bytes[i / 8] >> i % 8 & 1;
  return bits;
}

void write_content(ByteWriter& out, const Content& content, std::span<const uint8_t> archive) {
  const auto bytes = content.bytes();
  if (content.is_own()) {
    out.value(ContentKind::Own);
    out.sized(bytes);
  } else if (bytes.empty()) {
    out.value(ContentKind::None);
  } else {
    out.value(ContentKind::Shared);
    out.value(static_cast<uint64_t>(bytes.data() - archive.data()));
    out.value(uint64_t{bytes.size()});
  }
}

Content read_content(ByteReader& in, std::span<const uint8_t> archive) {
  switch (in.value<ContentKind>()) {
  case ContentKind::Own: {
    const auto bytes = in.sized();
    return Content(std::vector<uint8_t>(bytes.begin(), bytes.end()));
  }
  case ContentKind::Shared: {
    const auto offset = in.value<uint64_t>();
    const auto bytes = in.value<uint64_t>();
    if (offset > archive.size() || bytes > archive.size() - offset)
      throw Error(kInternal, "a file of a frozen program lies outside its archive");
    return Content(archive.subspan(offset, bytes));
  }
  default:
    return {};
  }
}

void write_memory(ByteWriter& out, const ProcessMemory::State& memory) {
  out.value(uint64_t{memory.areas.size()});
  for (const auto& area : memory.areas) {
    out.value(area.start);
    out.value(area.end);
    out.value(area.protection | (area.other ? kOtherArea : 0));
  }
  out.value(memory.brk);
  out.value(memory.free);
  write_bits(out, memory.used);
  write_bits(out, memory.old);
}

ProcessMemory::State read_memory(ByteReader& in, const MemoryWindows& windows) {
  ProcessMemory::State memory;
  for (uint64_t left = in.count(20); left > 0; left--) {
    const auto start = in.value<uint64_t>();
    const auto end = in.value<uint64_t>();
    const auto rights = in.value<uint32_t>();
    memory.areas.push_back({start, end, rights & ~kOtherArea, (rights & kOtherArea) != 0});
  }
  memory.brk = in.value<uint64_t>();
  memory.free = in.value<uint32_t>();
  memory.used = read_bits(in);
  memory.old = read_bits(in);
  if (memory.old.size() != memory.used.size() ||
      memory.free != static_cast<uint64_t>(std::count(memory.used.begin(), memory.used.end(), false)))
    throw Error(kInternal, "the memory of a frozen program does not add up");
  bool possible = memory.brk >= windows.brk_start && memory.brk <= windows.brk_end;
  uint64_t end = windows.map_start;
  for (const auto& area : memory.areas) {
    possible = possible && (area.start | area.end) % kPage == 0 && area.start >= end &&
               area.start < area.end && area.end <= windows.map_end && (area.protection & ~kProtections) == 0;
    end = area.end;
  }
  if (!possible) throw Error(kInternal, "a frozen program has memory where there can be none");
  return memory;
}

// Last of all, and only where there are some: the state of a program without them is as it always was.
void write_wiped(ByteWriter& out, const PageRanges& wiped) {
  if (wiped.empty()) return;
  out.value(uint64_t{wiped.all().size()});
  for (const auto& range : wiped.all()) {
    out.value(range.start);
    out.value(range.end);
  }
}

PageRanges read_wiped(ByteReader& in, const MemoryWindows& windows) {
  PageRanges wiped;
  uint64_t before = 0;
  for (uint64_t left = in.done() ? 0 : in.count(16); left > 0; left--) {
    const auto start = in.value<uint64_t>();
    const auto end = in.value<uint64_t>();
    const bool in_break = start >= windows.brk_start && end <= round_up_to_page(windows.brk_end);
    const bool mapped = start >= windows.map_start && end <= windows.map_end;
    if ((start | end) % kPage != 0 || start >= end || start <= before || !(in_break || mapped))
      throw Error(kInternal, "a frozen program has memory to wipe where there can be none");
    wiped.append(start, end);
    before = end;
  }
  return wiped;
}

void write_files(ByteWriter& out, const FileSystem& files, std::span<const uint8_t> archive) {
  out.value(files.written());
  out.value(uint64_t{files.size()});
  for (NodeId id = 0; id < files.size(); id++) {
    const Node& node = files.at(id);
    out.value(node.kind);
    out.value(node.mode);
    out.value(node.links);
    out.value(node.modified);
    out.value(node.parent);
    write_content(out, node.content, archive);
    out.value(uint64_t{node.children.size()});
    for (const auto& [name, child] : node.children) {
      out.text(name);
      out.value(child);
    }
  }
}

// Every way up ends at the root: paths are walked that way, without a look at how long they are.
bool is_tree(const FileSystem& files) {
  std::vector<bool> good(files.size());
  good[kRoot] = files.at(kRoot).kind == NodeKind::Directory;
  std::vector<NodeId> way;
  for (NodeId id = 0; id < files.size(); id++) {
    NodeId at = id;
    for (; !good[at] && way.size() < files.size(); at = files.at(at).parent)
      way.push_back(at);
    if (!good[at]) return false;
    for (const NodeId step : way)
      good[step] = true;
    way.clear();
  }
  return true;
}

FileSystem read_files(ByteReader& in, std::span<const uint8_t> archive, uint64_t most_bytes) {
  FileSystem files(most_bytes);
  files.set_written(in.value<uint64_t>());
  files.nodes().clear();
  const uint64_t count = in.count(30);
  for (uint64_t i = 0; i < count; i++) {
    Node node;
    node.kind = in.value<NodeKind>();
    if (node.kind < NodeKind::Directory || node.kind > NodeKind::Descriptors)
      throw Error(kInternal, "a file of a frozen program is of an unknown kind");
    node.mode = in.value<uint32_t>();
    node.links = in.value<uint32_t>();
    node.modified = in.value<int64_t>();
    node.parent = in.value<NodeId>();
    node.content = read_content(in, archive);
    for (uint64_t left = in.count(12); left > 0; left--) {
      std::string name = in.text();
      const auto child = in.value<NodeId>();
      if (child >= count) throw Error(kInternal, "a name of a frozen program leads nowhere");
      node.children.emplace(std::move(name), child);
    }
    if (node.parent >= count) throw Error(kInternal, "a directory of a frozen program stands nowhere");
    files.nodes().push_back(std::make_shared<Node>(std::move(node)));
  }
  if (count == 0) throw Error(kInternal, "a frozen program has no files at all");
  if (!is_tree(files)) throw Error(kInternal, "the files of a frozen program are no tree");
  return files;
}

void write_descriptors(ByteWriter& out, Descriptors descriptors) {
  out.value(uint64_t{descriptors.all_slots().size()});
  for (const auto& slot : descriptors.all_slots()) {
    out.value(slot.file);
    out.value(slot.close_on_exec);
  }
  out.value(uint64_t{descriptors.all_files().size()});
  for (const OpenFile& file : descriptors.all_files()) {
    out.value(file.kind);
    out.value(file.node);
    out.value(file.pipe);
    out.value(file.flags);
    out.value(file.uses);
    out.value(file.offset);
    out.text(file.last);
  }
  out.value(uint64_t{descriptors.all_pipes().size()});
  for (const Pipe& pipe : descriptors.all_pipes()) {
    out.sized(pipe.bytes);
    out.value(pipe.readers);
    out.value(pipe.writers);
  }
}

Descriptors read_descriptors(ByteReader& in, NodeId nodes) {
  Descriptors descriptors;
  descriptors.all_slots().clear();
  descriptors.all_files().clear();
  for (uint64_t left = in.count(5); left > 0; left--) {
    const auto file = in.value<int32_t>();
    descriptors.all_slots().push_back({.file = file, .close_on_exec = in.value<uint8_t>() != 0});
  }
  for (uint64_t left = in.count(33); left > 0; left--) {
    OpenFile file;
    file.kind = in.value<OpenKind>();
    file.node = in.value<NodeId>();
    file.pipe = in.value<uint32_t>();
    file.flags = in.value<uint32_t>();
    file.uses = in.value<uint32_t>();
    file.offset = in.value<uint64_t>();
    file.last = in.text();
    descriptors.all_files().push_back(std::move(file));
  }
  for (uint64_t left = in.count(16); left > 0; left--) {
    Pipe pipe;
    const auto bytes = in.sized();
    pipe.bytes.assign(bytes.begin(), bytes.end());
    pipe.readers = in.value<uint32_t>();
    pipe.writers = in.value<uint32_t>();
    descriptors.all_pipes().push_back(std::move(pipe));
  }
  const auto files = static_cast<int32_t>(descriptors.all_files().size());
  std::vector<uint32_t> uses(descriptors.all_files().size());
  for (const auto& slot : descriptors.all_slots()) {
    if (slot.file < -1 || slot.file >= files)
      throw Error(kInternal, "a descriptor of a frozen program stands for nothing");
    if (slot.file >= 0) uses[static_cast<size_t>(slot.file)]++;
  }
  for (size_t i = 0; i < uses.size(); i++) {
    const OpenFile& file = descriptors.all_files()[i];
    if (file.uses != uses[i]) throw Error(kInternal, "the descriptors of a frozen program do not add up");
    if (file.kind < OpenKind::Input || file.kind > OpenKind::PipeWrite)
      throw Error(kInternal, "an open file of a frozen program is of an unknown kind");
    const bool pipe = file.kind == OpenKind::PipeRead || file.kind == OpenKind::PipeWrite;
    if (file.node >= nodes || (pipe && file.pipe >= descriptors.all_pipes().size()))
      throw Error(kInternal, "an open file of a frozen program does not exist");
  }
  return descriptors;
}

} // namespace

std::vector<uint8_t> encode_state(const Process::State& state, std::span<const uint8_t> archive) {
  ByteWriter out;
  write_memory(out, state.memory);
  write_files(out, state.files, archive);
  write_descriptors(out, state.descriptors);
  out.value(state.signals);
  out.value(state.cwd);
  out.value(state.umask);
  out.value(state.clear_tid);
  out.value(state.clocks);
  out.text(state.name);
  out.sized(state.output);
  out.sized(state.errors);
  for (size_t i = 0; i < kSystemCalls; i++)
    out.value(static_cast<uint8_t>(state.unhandled[i]));
  write_wiped(out, state.memory.wiped);
  return out.take();
}

Process::State decode_state(std::span<const uint8_t> bytes, const ProcessSpec& spec, uint64_t most_bytes) {
  ByteReader in(bytes);
  Process::State state;
  state.memory = read_memory(in, spec.windows);
  state.files = read_files(in, spec.files, most_bytes);
  state.descriptors = read_descriptors(in, state.files.size());
  state.signals = in.value<SignalState>();
  state.cwd = in.value<NodeId>();
  state.umask = in.value<uint32_t>();
  state.clear_tid = in.value<uint64_t>();
  state.clocks = in.value<Clocks>();
  state.name = in.text();
  const auto output = in.sized();
  state.output.assign(output.begin(), output.end());
  const auto errors = in.sized();
  state.errors.assign(errors.begin(), errors.end());
  for (size_t i = 0; i < kSystemCalls; i++)
    state.unhandled[i] = in.value<uint8_t>() != 0;
  state.memory.wiped = read_wiped(in, spec.windows);
  for (const int64_t ns : {state.clocks.monotonic, state.clocks.cpu})
    if (ns < 0 || ns > kLongestRun)
      throw Error(kInternal, "a frozen program has clocks that no run leads to");
  if (!in.done() || state.cwd >= state.files.size())
    throw Error(kInternal, "the state of a frozen program is not what this version writes");
  return state;
}

} // namespace snapvm
