#include "node/snapshot_wrap.h"

#include "kvm/registers.h"
#include "node/environment.h"

#include <cstring>

namespace snapvm {
namespace {

uint64_t size_at(const Napi::Object& object, const char* name) {
  return static_cast<uint64_t>(object.Get(name).As<Napi::Number>().Int64Value());
}

// Registers cross as 64-bit words in this order.
enum Register { kRip, kRsp, kRdi, kRsi, kRdx, kRcx, kRflags, kFsBase, kGsBase, kRegisters };

MemoryShape read_shape(const Napi::Object& memory) {
  return {.image_bytes = size_at(memory, "imageBytes"),
          .table_bytes = size_at(memory, "tableBytes"),
          .monitor_bytes = size_at(memory, "monitorBytes"),
          .scratch_bytes = size_at(memory, "scratchBytes"),
          .input_bytes = size_at(memory, "inputBytes"),
          .output_bytes = size_at(memory, "outputBytes"),
          .frame_bytes = size_at(memory, "frameBytes"),
          .file_bytes = size_at(memory, "fileBytes")};
}

uint64_t word_at(const Napi::Object& object, const char* name) {
  bool lossless = false;
  return object.Get(name).As<Napi::BigInt>().Uint64Value(&lossless);
}

std::string text_at(const Napi::Object& object, const char* name) {
  return object.Get(name).As<Napi::String>().Utf8Value();
}

std::vector<std::string> texts_at(const Napi::Object& object, const char* name) {
  const auto list = object.Get(name).As<Napi::Array>();
  std::vector<std::string> texts;
  for (uint32_t i = 0; i < list.Length(); i++)
    texts.push_back(list.Get(i).As<Napi::String>().Utf8Value());
  return texts;
}

std::vector<uint8_t> copy_at(const Napi::Object& object, const char* name) {
  if (!object.Get(name).IsTypedArray()) return {};
  const auto bytes = object.Get(name).As<Napi::Uint8Array>();
  return {bytes.Data(), bytes.Data() + bytes.ByteLength()};
}

// `log_level` is what the guest was to be initialised with.
ProcessSpec read_linux(const Napi::Object& linux, uint64_t log_level) {
  const uint64_t brk = word_at(linux, "brk"), map = word_at(linux, "mapBase");
  ProcessSpec spec{.args = texts_at(linux, "args"),
                   .env = texts_at(linux, "env"),
                   .path = text_at(linux, "path"),
                   .cwd = text_at(linux, "cwd"),
                   .entry = word_at(linux, "entry"),
                   .headers = word_at(linux, "headers"),
                   .header_bytes = size_at(linux, "headerBytes"),
                   .header_count = size_at(linux, "headerCount"),
                   .windows = {.brk_start = brk,
                               .brk_end = brk + size_at(linux, "brkBytes"),
                               .map_start = map,
                               .map_end = map + size_at(linux, "mapBytes")},
                   .stack_end = word_at(linux, "stackEnd"),
                   .stack_bytes = size_at(linux, "stackBytes"),
                   .peb = word_at(linux, "peb"),
                   .log_level = log_level,
                   .hwcap2 = 0,
                   .clock_ns = std::nullopt,
                   .output_bytes = size_at(linux, "outputBytes"),
                   .files = {}};
  if (linux.Get("clockNs").IsBigInt()) spec.clock_ns = static_cast<int64_t>(word_at(linux, "clockNs"));
  if (spec.args.empty()) throw Error(kInternal, "a Linux program needs an argv[0]");
  return spec;
}

// Without their images.
std::vector<Layer> read_layers(const Napi::Array& list) {
  std::vector<Layer> layers(list.Length());
  for (uint32_t i = 0; i < list.Length(); i++) {
    const auto pages = list.Get(i).As<Napi::Object>().Get("pages");
    if (!pages.IsTypedArray()) continue;
    const auto gpas = pages.As<Napi::Float64Array>();
    layers[i].pages =
        std::make_shared<std::vector<uint64_t>>(gpas.Data(), gpas.Data() + gpas.ElementLength());
  }
  return layers;
}

std::vector<uint64_t> read_images(const Napi::Array& list) {
  std::vector<uint64_t> ids;
  for (uint32_t i = 0; i < list.Length(); i++)
    ids.push_back(size_at(list.Get(i).As<Napi::Object>(), "imageId"));
  return ids;
}

Snapshot read_snapshot(const Napi::Object& spec) {
  const auto words = spec.Get("registers").As<Napi::BigUint64Array>();
  if (words.ElementLength() != kRegisters) throw Error(kInternal, "a snapshot needs its canonical registers");
  Snapshot snapshot{.supervisor = spec.Get("supervisor").ToBoolean(),
                    .entry = static_cast<EntryKind>(spec.Get("entry").As<Napi::Number>().Uint32Value()),
                    .memory = read_shape(spec.Get("memory").As<Napi::Object>()),
                    .layers = read_layers(spec.Get("layers").As<Napi::Array>()),
                    .registers = {},
                    .system = copy_at(spec, "system"),
                    .linux_spec = std::nullopt,
                    .host_state = copy_at(spec, "hostState"),
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
  if (const auto frozen = copy_at(spec, "frozen"); !frozen.empty()) {
    if (frozen.size() != sizeof(Registers)) throw Error(kInternal, "frozen registers of another format");
    std::memcpy(&snapshot.frozen.emplace(), frozen.data(), sizeof(Registers));
  }
  if (spec.Get("linux").IsObject())
    snapshot.linux_spec = read_linux(spec.Get("linux").As<Napi::Object>(), registers.rcx);
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
    const auto spec = info[0].As<Napi::Object>();
    snapshot_ = read_snapshot(spec);
    images_ = read_images(spec.Get("layers").As<Napi::Array>());
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
  }
  return snapshot;
}

} // namespace snapvm
