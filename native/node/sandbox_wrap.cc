#include "node/sandbox_wrap.h"

#include "kvm/machine.h"
#include "memory/bytes.h"
#include "node/argument.h"
#include "node/environment.h"
#include "node/image_wrap.h"
#include "node/snapshot_wrap.h"
#include "process/machine.h"

#include <cstring>

namespace snapvm {
namespace {

// src/addon/addon.ts has the same numbers.
enum class Backend : uint32_t { Kvm = 0, Process = 1 };
constexpr auto kLastBackend = static_cast<uint32_t>(Backend::Process);

// Indices into `status`; src/addon/addon.ts has the same.
enum Status {
  kKind,
  kStop,
  kCode,
  kLength,
  kStickyPages,
  kRestores,
  kRebuilds,
  kLogs,
  kDroppedLogs,
  kResidentBytes,
  kRunUs,
  kWallLeftUs,
  kPrivateBytes,
  kRestoreUs,
  kStatusLength
};

Napi::Uint8Array to_bytes(Napi::Env env, const void* data, size_t bytes) {
  auto array = Napi::Uint8Array::New(env, bytes);
  if (bytes > 0) std::memcpy(array.Data(), data, bytes);
  return array;
}

// The last arguments of a run: ticket, then wall-clock and CPU limit in microseconds, and perhaps a deadline.
uint64_t ticket_at(const Napi::CallbackInfo& info, size_t index) {
  return Argument(info, index, "ticket").whole();
}

Limits limits_at(const Napi::CallbackInfo& info, size_t index) {
  const Argument deadline(info, index + 2, "deadlineUs");
  return {.wall_us = Argument(info, index, "wallUs").microseconds(),
          .cpu_us = Argument(info, index + 1, "cpuUs").microseconds(),
          .deadline_us = deadline.is_absent() ? 0 : deadline.microseconds()};
}

Input call_input(const Napi::CallbackInfo& info) {
  return {.kind = InputKind::Call,
          .function = Argument(info, 1, "functionIndex").whole32(),
          .status = 0,
          .payload = Argument(info, 0, "input").bytes(),
          .entropy = Environment::of(info.Env()).next_entropy()};
}

} // namespace

Napi::Function SandboxWrap::define(Napi::Env env) {
  return DefineClass(
      env, "AddonSandbox",
      {InstanceMethod<&SandboxWrap::initialise>("initialise"),
       InstanceMethod<&SandboxWrap::specialise>("specialise"), InstanceMethod<&SandboxWrap::call>("call"),
       InstanceMethod<&SandboxWrap::call_ready>("callReady"), InstanceMethod<&SandboxWrap::answer>("answer"),
       InstanceMethod<&SandboxWrap::restore>("restore"),
       InstanceMethod<&SandboxWrap::find_difference>("findDifference"),
       InstanceMethod<&SandboxWrap::capture>("capture"),
       InstanceMethod<&SandboxWrap::read_payload>("readPayload"), InstanceMethod<&SandboxWrap::name>("name"),
       InstanceMethod<&SandboxWrap::logs>("logs"), InstanceMethod<&SandboxWrap::fault>("fault"),
       InstanceMethod<&SandboxWrap::reason>("reason"), InstanceMethod<&SandboxWrap::printed>("printed"),
       InstanceMethod<&SandboxWrap::close>("close")});
}

// new AddonSandbox(snapshot, backend, maxExits, maxLogBytes, status)
SandboxWrap::SandboxWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<SandboxWrap>(info) {
  guarded(info.Env(), [&] {
    const SnapshotWrap& snapshot = Argument(info, 0, "snapshot").unwrap<SnapshotWrap>();
    // SAFETY: no number above that of the last backend passes. So for EntryKind in snapshot_wrap.cc.
    const auto backend = static_cast<Backend>(Argument(info, 1, "backend").whole32(kLastBackend));
    const Argument status(info, 4, "status");
    const auto numbers = status.doubles();
    if (numbers.size() < kStatusLength)
      status.refuse_value("of " + std::to_string(kStatusLength) + " numbers at least");
    Environment& environment = Environment::of(info.Env());
    interrupter_ = environment.thread_interrupter(info.Env());
    vm_cache_ = environment.vm_cache;
    process_cache_ = environment.process_cache;
    const GuestLimits limits{.exits = Argument(info, 2, "maxExits").whole32(),
                             .log_bytes = Argument(info, 3, "maxLogBytes").whole32()};
    const auto load = [&](const Snapshot& checked) -> std::unique_ptr<Machine> {
      if (backend == Backend::Process) return std::make_unique<ProcessMachine>(checked, *process_cache_);
      return std::make_unique<KvmMachine>(checked, *vm_cache_);
    };
    sandbox_ = std::make_unique<Sandbox>(snapshot.open(), limits, *interrupter_, load);
    status_ = Napi::Persistent(status.array<Napi::Float64Array>());
    // SAFETY: `status_` keeps the memory. Nobody detaches or shrinks its buffer: workers/sandbox.ts makes it,
    // of fixed length, and hands its buffer out only as such arrays.
    numbers_ = numbers.data();
    info.This().As<Napi::Object>().TypeTag(&kTypeTag);
  });
}

Sandbox& SandboxWrap::sandbox() {
  if (!sandbox_) throw Error(kSandboxState, "the sandbox was closed");
  return *sandbox_;
}

void SandboxWrap::write_status() {
  const Outcome& outcome = sandbox_->outcome();
  numbers_[kKind] = static_cast<double>(outcome.kind);
  numbers_[kStop] = static_cast<double>(outcome.stop);
  numbers_[kCode] = outcome.message.code;
  numbers_[kLength] = static_cast<double>(outcome.message.payload.size());
  numbers_[kStickyPages] = static_cast<double>(sandbox_->sticky_pages());
  numbers_[kRestores] = static_cast<double>(sandbox_->restores());
  numbers_[kRebuilds] = static_cast<double>(sandbox_->rebuilds());
  numbers_[kLogs] = static_cast<double>(sandbox_->logs().size());
  numbers_[kDroppedLogs] = static_cast<double>(sandbox_->dropped_logs());
  numbers_[kResidentBytes] = static_cast<double>(sandbox_->resident_bytes());
  numbers_[kRunUs] = sandbox_->run_us();
  numbers_[kRestoreUs] = sandbox_->restore_us();
  numbers_[kWallLeftUs] = sandbox_->wall_left_us();
  numbers_[kPrivateBytes] = static_cast<double>(sandbox_->private_bytes());
}

template <typename Run> Napi::Value SandboxWrap::report(Napi::Env env, Run run) {
  return guarded(env, [&] {
    try {
      run(sandbox());
    } catch (const Error&) {
      if (sandbox_) write_status(); // its logs and pages are those of the failed run
      throw;
    }
    write_status();
    return Napi::Number::New(env, numbers_[kKind]);
  });
}

// initialise(ticket, wallUs, cpuUs, deadlineUs?)
Napi::Value SandboxWrap::initialise(const Napi::CallbackInfo& info) {
  return report(info.Env(), [&](Sandbox& s) {
    s.enter(Purpose::Initialise, nullptr, ticket_at(info, 0), limits_at(info, 1));
  });
}

// specialise(input, function, ticket, wallUs, cpuUs, deadlineUs?)
Napi::Value SandboxWrap::specialise(const Napi::CallbackInfo& info) {
  return report(info.Env(), [&](Sandbox& s) {
    Input input = call_input(info);
    constexpr uint8_t kFixedEntropy[32] = {}; // the same input makes the same snapshot
    input.entropy = kFixedEntropy;
    s.enter(Purpose::Specialise, &input, ticket_at(info, 2), limits_at(info, 3));
  });
}

// call(input, function, ticket, wallUs, cpuUs, deadlineUs?)
Napi::Value SandboxWrap::call(const Napi::CallbackInfo& info) {
  return report(info.Env(), [&](Sandbox& s) {
    const Input input = call_input(info);
    s.enter(Purpose::Call, &input, ticket_at(info, 2), limits_at(info, 3));
  });
}

// callReady(input, function, ticket, wallUs, cpuUs, deadlineUs?)
Napi::Value SandboxWrap::call_ready(const Napi::CallbackInfo& info) {
  return report(info.Env(),
                [&](Sandbox& s) { s.enter_ready(call_input(info), ticket_at(info, 2), limits_at(info, 3)); });
}

// answer(bytes, status, ticket)
Napi::Value SandboxWrap::answer(const Napi::CallbackInfo& info) {
  return report(info.Env(), [&](Sandbox& s) {
    const Input answer{.kind = InputKind::Answer,
                       .function = 0,
                       .status = Argument(info, 1, "status").whole32(),
                       .payload = Argument(info, 0, "bytes").bytes(),
                       .entropy = nullptr};
    s.resume(answer, ticket_at(info, 2));
  });
}

void SandboxWrap::restore(const Napi::CallbackInfo& info) {
  guarded(info.Env(), [&] { sandbox().restore(); });
}

Napi::Value SandboxWrap::find_difference(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&]() -> Napi::Value {
    const auto gpa = sandbox().find_difference();
    if (!gpa) return info.Env().Undefined();
    return Napi::Number::New(info.Env(), static_cast<double>(*gpa));
  });
}

Napi::Value SandboxWrap::capture(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return guarded(env, [&]() -> Napi::Value {
    const Capture capture = sandbox().capture();
    auto pages = Napi::Float64Array::New(env, capture.pages.size());
    for (size_t i = 0; i < capture.pages.size(); i++)
      pages.Data()[i] = static_cast<double>(capture.pages[i]);
    const auto object = Napi::Object::New(env);
    object.Set("image", ImageWrap::wrap(env, capture.image));
    object.Set("pages", pages);
    object.Set("dispatch", Napi::BigInt::New(env, capture.dispatch));
    object.Set("rsp", Napi::BigInt::New(env, capture.rsp));
    object.Set("fsBase", Napi::BigInt::New(env, capture.fs_base));
    object.Set("gsBase", Napi::BigInt::New(env, capture.gs_base));
    if (!capture.system.empty())
      object.Set("system", to_bytes(env, capture.system.data(), capture.system.size()));
    if (capture.frozen) object.Set("frozen", to_bytes(env, &*capture.frozen, sizeof(Registers)));
    if (!capture.host_state.empty())
      object.Set("hostState", to_bytes(env, capture.host_state.data(), capture.host_state.size()));
    object.Set("drewRandom", Napi::Boolean::New(env, capture.drew_random));
    return object;
  });
}

// readPayload(target): copies the payload of the last message; target has exactly its length
void SandboxWrap::read_payload(const Napi::CallbackInfo& info) {
  guarded(info.Env(), [&] {
    const auto payload = sandbox().outcome().message.payload;
    const Argument argument(info, 0, "target");
    const auto target = argument.bytes();
    if (target.size() != payload.size())
      argument.refuse_value("as long as the payload, " + std::to_string(payload.size()) + " bytes");
    if (!payload.empty()) std::memcpy(target.data(), payload.data(), payload.size());
  });
}

Napi::Value SandboxWrap::name(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    const auto name = sandbox().outcome().message.name;
    // SAFETY: read_message() has checked that the name lies in the output buffer, and no guest runs
    // meanwhile.
    const std::string_view text = text_of(name);
    return Napi::String::New(info.Env(), text.data(), text.size());
  });
}

Napi::Value SandboxWrap::logs(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return guarded(env, [&] {
    const auto& logs = sandbox().logs();
    const auto list = Napi::Array::New(env, logs.size());
    for (uint32_t i = 0; i < logs.size(); i++) {
      const auto entry = Napi::Object::New(env);
      entry.Set("level", Napi::Number::New(env, logs[i].level));
      entry.Set("text", Napi::String::New(env, logs[i].text));
      list.Set(i, entry);
    }
    return list;
  });
}

Napi::Value SandboxWrap::fault(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return guarded(env, [&] {
    const Fault& fault = sandbox().outcome().fault;
    const auto object = Napi::Object::New(env);
    object.Set("vector", Napi::Number::New(env, fault.vector));
    object.Set("errorCode", Napi::Number::New(env, static_cast<double>(fault.error_code)));
    object.Set("rip", Napi::BigInt::New(env, fault.rip));
    object.Set("cr2", Napi::BigInt::New(env, fault.cr2));
    object.Set("rsp", Napi::BigInt::New(env, fault.rsp));
    return object;
  });
}

Napi::Value SandboxWrap::reason(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] { return Napi::String::New(info.Env(), sandbox().outcome().reason); });
}

// printed(stream): the end of what a Linux program has written to 1 or 2, for the error of a call that failed
Napi::Value SandboxWrap::printed(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return guarded(env, [&] {
    const auto bytes = sandbox().printed(Argument(info, 0, "stream").whole32() == 1 ? 1 : 2);
    return to_bytes(env, bytes.data(), bytes.size());
  });
}

// Idempotent; the finalizer does the same for a sandbox nobody closed.
void SandboxWrap::close(const Napi::CallbackInfo&) {
  sandbox_.reset();
}

} // namespace snapvm
