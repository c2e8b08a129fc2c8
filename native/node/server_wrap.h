#pragma once

#include "node/sandbox_wrap.h"
#include "pool/ring.h"

#include <memory>
#include <napi.h>
#include <optional>
#include <unordered_map>
#include <vector>

namespace snapvm {

// AddonServer of src/addon/addon.ts: answers the calls of one ring with the sandboxes of its thread. Ordinary
// calls never reach JavaScript: restore, write the input, run, copy the output, next. What is not ordinary
// (no sandbox yet, a host call, logs, a failure, a message for the event loop) is left to JavaScript with the
// slot it is about.
class ServerWrap : public Napi::ObjectWrap<ServerWrap> {
public:
  // Marks objects of this class, and no others (argument.h).
  static constexpr napi_type_tag kTypeTag{0x1d4154f104b844a1, 0xaf07783ec96a641f};
  static constexpr const char* kClassName = "an AddonServer";

  static Napi::Function define(Napi::Env env);
  explicit ServerWrap(const Napi::CallbackInfo& info);

private:
  enum class Why : uint8_t { Idle = 0, Control = 1, Closed = 2, Unprepared = 3, Ran = 4, Full = 5 };

  // A sandbox this thread holds. `use` counts up: the least of the idle ones was used longest ago.
  struct Resident {
    Napi::ObjectReference object; // keeps `wrap` alive
    SandboxWrap* wrap = nullptr;
    uint64_t snapshot = 0;
    bool plain = false; // calls can be run from here
    bool idle = false;
    uint64_t use = 0;
    double bytes = 0;
  };

  Napi::Value serve(const Napi::CallbackInfo& info);
  Napi::Value add(const Napi::CallbackInfo& info);
  Napi::Value acquire(const Napi::CallbackInfo& info);
  void release(const Napi::CallbackInfo& info);
  void remove(const Napi::CallbackInfo& info);
  Napi::Value oldest_idle(const Napi::CallbackInfo& info);

  Why serve_until_decision(Napi::Env env, int32_t control);
  Why run(uint32_t slot, const RingCall& call, uint32_t key);
  void wake_main(Napi::Env env);
  std::optional<uint32_t> take_idle(uint64_t snapshot);
  void put_idle(uint32_t key);
  void account(uint32_t key);
  Resident& at(uint32_t key);
  void answered(Napi::Env env);

  std::optional<Ring> ring_;
  Napi::Reference<Napi::Uint8Array> memory_;
  Napi::Reference<Napi::Uint8Array> main_doorbell_;
  Napi::FunctionReference wake_; // has the main thread look at its doorbell
  double untold_since_ = 0;      // when the first answer came that a sleeping main thread was not told of
  std::vector<Resident> residents_;
  std::vector<uint32_t> free_keys_;
  std::unordered_map<uint64_t, std::vector<uint32_t>> idle_; // by snapshot
  uint64_t uses_ = 0;
  int32_t count_ = 0;
  double bytes_ = 0;
  double most_bytes_; // more of them, and JavaScript is asked to close some
};

} // namespace snapvm
