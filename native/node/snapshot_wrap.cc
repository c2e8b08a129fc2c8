#include "node/snapshot_wrap.h"

#include "abi.h"
#include "kvm/registers.h"
#include "node/argument.h"
#include "node/environment.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace snapvm {
namespace {

// Registers cross as 64-bit words in this order.
enum Register { kRip, kRsp, kRdi, kRsi, kRdx, kRcx, kRflags, kFsBase, kGsBase, kRegisters };

MemoryShape read_shape(const Argument& memory) {
  return {.image_bytes = memory["imageBytes"].whole(),
          .table_bytes = memory["tableBytes"].whole(),
          .monitor_bytes = memory["monitorBytes"].whole(),
          .scratch_bytes = memory["scratchBytes"].whole(),
          .input_bytes = memory["inputBytes"].whole(),
          .output_bytes = memory["outputBytes"].whole(),
          .frame_bytes = memory["frameBytes"].whole(),
          .file_bytes = memory["fileBytes"].whole()};
}

std::vector<std::string> texts_of(const Argument& list) {
  std::vector<std::string> texts;
  for (uint32_t i = 0; i < list.length(); i++)
    texts.push_back(list.at(i).text());
  return texts;
}

// Nothing, where there is none.
std::vector<uint8_t> copy_of(const Argument& bytes) {
  if (bytes.is_absent()) return {};
  const auto view = bytes.bytes();
  return {view.begin(), view.end()};
}

// `log_level` is what the guest was to be initialised with.
ProcessSpec read_linux(const Argument& linux, uint64_t log_level) {
  const uint64_t brk = linux["brk"].bits(), map = linux["mapBase"].bits();
  ProcessSpec spec{.args = texts_of(linux["args"]),
                   .env = texts_of(linux["env"]),
                   .path = linux["path"].text(),
                   .cwd = linux["cwd"].text(),
                   .entry = linux["entry"].bits(),
                   .headers = linux["headers"].bits(),
                   .header_bytes = linux["headerBytes"].whole(),
                   .header_count = linux["headerCount"].whole(),
                   .windows = {.brk_start = brk,
                               .brk_end = brk + linux["brkBytes"].whole(),
                               .map_start = map,
                               .map_end = map + linux["mapBytes"].whole()},
                   .stack_end = linux["stackEnd"].bits(),
                   .stack_bytes = linux["stackBytes"].whole(),
                   .peb = linux["peb"].bits(),
                   .log_level = log_level,
                   .hwcap2 = 0,
                   .clock_ns = std::nullopt,
                   .output_bytes = linux["outputBytes"].whole(),
                   .files = {}};
  if (const auto clock = linux["clockNs"]; !clock.is_absent()) spec.clock_ns = clock.signed_bits();
  if (spec.args.empty()) throw Error(kInternal, "a Linux program needs an argv[0]");
  return spec;
}

// Without their images.
std::vector<Layer> read_layers(const Argument& list) {
  std::vector<Layer> layers(list.length());
  for (uint32_t i = 0; i < layers.size(); i++) {
    const Argument pages = list.at(i)["pages"];
    if (pages.is_absent()) continue;
    auto gpas = std::make_shared<std::vector<uint64_t>>();
    const auto given = pages.doubles();
    gpas->reserve(given.size());
    for (const double gpa : given) {
      if (!(gpa >= 0 && gpa <= SNAPVM_MAX_GPA)) pages.refuse_value("of addresses in guest memory");
      gpas->push_back(static_cast<uint64_t>(gpa));
    }
    layers[i].pages = std::move(gpas);
  }
  return layers;
}

std::vector<uint64_t> read_images(const Argument& list) {
  std::vector<uint64_t> ids;
  for (uint32_t i = 0; i < list.length(); i++)
    ids.push_back(list.at(i)["imageId"].whole());
  return ids;
}

Snapshot read_snapshot(const Argument& spec) {
  std::array<uint64_t, kRegisters> words{};
  const Argument canonical = spec["registers"];
  const auto given = canonical.words64();
  if (given.size() != words.size()) canonical.refuse_value("of " + std::to_string(kRegisters) + " words");
  std::copy(given.begin(), given.end(), words.begin()); // getters of `spec` could change the array
  Snapshot snapshot{.supervisor = spec["supervisor"].flag(),
                    .entry = static_cast<EntryKind>(spec["entry"].whole32(kLastEntry)),
                    .memory = read_shape(spec["memory"]),
                    .layers = read_layers(spec["layers"]),
                    .registers = {},
                    .system = copy_of(spec["system"]),
                    .linux_spec = std::nullopt,
                    .host_state = copy_of(spec["hostState"]),
                    .frozen = std::nullopt};
  Registers& registers = snapshot.registers;
  registers.rip = words[kRip];
  registers.rsp = words[kRsp];
  registers.rdi = words[kRdi];
  registers.rsi = words[kRsi];
  registers.rdx = words[kRdx];
  registers.rcx = words[kRcx];
  registers.rflags = words[kRflags];
  registers.fs_base = words[kFsBase];
  registers.gs_base = words[kGsBase];
  if (!snapshot.system.empty() && snapshot.system.size() != sizeof(SystemState))
    throw Error(kInternal, "system registers of another format");
  if (const auto frozen = copy_of(spec["frozen"]); !frozen.empty()) {
    if (frozen.size() != sizeof(Registers)) throw Error(kInternal, "frozen registers of another format");
    std::memcpy(&snapshot.frozen.emplace(), frozen.data(), sizeof(Registers));
  }
  if (const auto linux_spec = spec["linux"]; !linux_spec.is_absent())
    snapshot.linux_spec = read_linux(linux_spec, registers.rcx);
  const bool program = snapshot.entry == EntryKind::Start || snapshot.entry == EntryKind::Resume;
  if ((program && !snapshot.linux_spec) ||
      (snapshot.entry == EntryKind::Resume) != snapshot.frozen.has_value())
    throw Error(kInternal, "a snapshot's entry does not go with what it holds");
  return snapshot;
}

} // namespace

Napi::Function SnapshotWrap::define(Napi::Env env) {
  return DefineClass(env, "AddonSnapshot", {});
}

// new AddonSnapshot(spec)
SnapshotWrap::SnapshotWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<SnapshotWrap>(info) {
  guarded(info.Env(), [&] {
    const Argument spec(info, 0, "spec");
    snapshot_ = read_snapshot(spec);
    images_ = read_images(spec["layers"]);
    if (images_.size() != snapshot_.layers.size())
      throw Error(kInternal, "the layers changed while they were read");
    info.This().As<Napi::Object>().TypeTag(&kTypeTag);
    bytes_ = static_cast<int64_t>(snapshot_.host_state.size());
    for (const Layer& layer : snapshot_.layers)
      bytes_ += static_cast<int64_t>(layer.pages->size() * sizeof(uint64_t));
    Napi::MemoryManagement::AdjustExternalMemory(info.Env(), bytes_);
  });
}

void SnapshotWrap::Finalize(Napi::Env env) {
  Napi::MemoryManagement::AdjustExternalMemory(env, -bytes_);
}

Snapshot SnapshotWrap::open() const {
  Snapshot snapshot = snapshot_;
  for (size_t i = 0; i < images_.size(); i++) {
    snapshot.layers[i].image = Image::find(images_[i]);
    if (!snapshot.layers[i].image)
      throw Error("SNAPVM_SNAPSHOT_CLOSED", "an image of this snapshot was released");
    if (snapshot.layers[i].image->data() == nullptr)
      throw Error(kInternal, "an image of this snapshot is not sealed");
  }
  return snapshot;
}

} // namespace snapvm
