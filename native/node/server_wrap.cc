#include "node/server_wrap.h"

#include "node/argument.h"
#include "node/environment.h"

#include <algorithm>

namespace snapvm {
namespace {

// Calls that have to wait in the ring for an answer to wait too: more than the worker makes while the main
// thread wakes up and sends others.
constexpr uint32_t kBacklog = 4;

} // namespace

Napi::Function ServerWrap::define(Napi::Env env) {
  return DefineClass(env, "AddonServer",
                     {InstanceMethod<&ServerWrap::serve>("serve"), InstanceMethod<&ServerWrap::add>("add"),
                      InstanceMethod<&ServerWrap::acquire>("acquire"),
                      InstanceMethod<&ServerWrap::release>("release"),
                      InstanceMethod<&ServerWrap::remove>("remove"),
                      InstanceMethod<&ServerWrap::oldest_idle>("oldestIdle")});
}

// new AddonServer(ring, mainDoorbell, wake, mostBytes)
ServerWrap::ServerWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<ServerWrap>(info) {
  guarded(info.Env(), [&] {
    const Argument memory(info, 0, "ring");
    const Argument doorbell(info, 1, "mainDoorbell");
    const auto ring = memory.shared_bytes();
    const auto main_doorbell = doorbell.shared_bytes();
    wake_ = Napi::Persistent(Argument(info, 2, "wake").function());
    most_bytes_ = Argument(info, 3, "mostBytes").number();
    if (ring.size() != kRingBytes) memory.refuse_value("of " + std::to_string(kRingBytes) + " bytes");
    if (main_doorbell.size() < kMainDoorbellBytes)
      doorbell.refuse_value("of " + std::to_string(kMainDoorbellBytes) + " bytes at least");
    // SAFETY: both lie in SharedArrayBuffers, which the two references below keep.
    ring_.emplace(ring, main_doorbell);
    memory_ = Napi::Persistent(memory.array<Napi::Uint8Array>());
    main_doorbell_ = Napi::Persistent(doorbell.array<Napi::Uint8Array>());
    info.This().As<Napi::Object>().TypeTag(&kTypeTag);
  });
}

// serve(control): answers calls until JavaScript is needed; gives why. `control` messages have been handled.
Napi::Value ServerWrap::serve(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    ring_->store(RingWord::Slot, -1); // until there is one that an error can be about
    const int32_t control = Argument(info, 0, "control").int32();
    // Nobody knows what JavaScript does next.
    const auto tell = [&] {
      if (untold_since_ != 0) wake_main(info.Env());
    };
    Why why;
    try {
      why = serve_until_decision(info.Env(), control);
    } catch (const Error&) {
      tell();
      throw;
    }
    tell();
    return Napi::Number::New(info.Env(), static_cast<double>(why));
  });
}

ServerWrap::Why ServerWrap::serve_until_decision(Napi::Env env, int32_t control) {
  for (;;) {
    // Before anything else is looked at: the main thread writes that first and rings then, so what is missed
    // here has changed the doorbell, and the worker does not fall asleep over it.
    const int32_t seen = ring_->load(RingWord::Doorbell);
    if (ring_->load(RingWord::Closed) != 0) return Why::Closed;
    if (ring_->load(RingWord::Control) != control) return Why::Control;
    const auto slot = ring_->oldest();
    if (!slot) {
      if (ring_->wait_briefly(seen)) continue;
      ring_->store(RingWord::Seen, seen);
      return Why::Idle;
    }
    if (!ring_->take(*slot)) continue;
    // It may have come after the look at Control, and behind a message that tells of its snapshot.
    if (ring_->load(RingWord::Control) != control) {
      ring_->put_back(*slot);
      return Why::Control;
    }
    ring_->store(RingWord::Slot, static_cast<int32_t>(*slot));
    ring_->store(RingWord::Resident, -1);
    const RingCall call = ring_->read(*slot);
    const auto key = call.in_arena ? std::nullopt : take_idle(call.snapshot);
    if (!key) return Why::Unprepared;
    if (!at(*key).plain) {
      put_idle(*key);
      return Why::Unprepared;
    }
    ring_->store(RingWord::Resident, static_cast<int32_t>(*key));
    if (const Why why = run(*slot, call, *key); why != Why::Idle) return why;
    answered(env);
    if (bytes_ > most_bytes_ && count_ > 1) return Why::Full;
  }
}

// Idle: it was answered.
ServerWrap::Why ServerWrap::run(uint32_t slot, const RingCall& call, uint32_t key) {
  SandboxWrap& wrap = *at(key).wrap;
  Sandbox& sandbox = wrap.sandbox();
  const Input input{.kind = InputKind::Call,
                    .function = call.function,
                    .status = 0,
                    .payload = ring_->input(slot, call.input_bytes),
                    .entropy = Environment::of(Env()).next_entropy()};
  try {
    sandbox.enter(Purpose::Call, &input, call.ticket,
                  {.wall_us = call.wall_us, .cpu_us = call.cpu_us, .deadline_us = call.deadline_us});
  } catch (const Error&) {
    wrap.write_status();
    throw;
  }
  const Outcome& outcome = sandbox.outcome();
  const OutcomeKind good = sandbox.runs_program() ? OutcomeKind::Exited : OutcomeKind::Done;
  const bool ordinary = outcome.kind == good && outcome.message.code == 0 && sandbox.logs().empty() &&
                        sandbox.dropped_logs() == 0 && outcome.message.payload.size() <= kRingInlineBytes;
  if (!ordinary) {
    wrap.write_status();
    return Why::Ran;
  }
  ring_->answer(slot, outcome.message.payload,
                {.started_us = sandbox.started_us(),
                 .run_us = sandbox.run_us(),
                 .restore_us = sandbox.restore_us(),
                 .pages = static_cast<double>(sandbox.sticky_pages()),
                 .restores = static_cast<double>(sandbox.restores()),
                 .rebuilds = static_cast<double>(sandbox.rebuilds())});
  put_idle(key);
  return Why::Idle;
}

// A main thread that is awake sees the answer by itself. Waking one costs each of the two threads as much as
// a few dozen system calls, so while there is work enough for it to be told in time, an answer waits for
// others; not for long, and a main thread that allows it looks by itself too, as nobody knows how long the
// next run takes.
void ServerWrap::answered(Napi::Env env) {
  ring_->ring_main();
  if (!ring_->main_sleeps()) {
    untold_since_ = 0;
    return;
  }
  const double patience = ring_->load(RingWord::PatienceUs);
  if (patience > 0 && ring_->queued() >= kBacklog) {
    const double now = monotonic_us();
    if (untold_since_ == 0) untold_since_ = now;
    if (now - untold_since_ < patience) return;
  }
  wake_main(env);
}

// The mark that the main thread sleeps is its own to clear: it sets the mark before it sleeps, so whoever
// cleared it for a thread that is not asleep yet would wake nobody, and leave it asleep without a mark.
void ServerWrap::wake_main(Napi::Env env) {
  untold_since_ = 0;
  const Napi::HandleScope scope(env); // a busy worker may not return to JavaScript for hours
  wake_.Call(env.Undefined(), {});
}

// add(sandbox, snapshotId, plain): a sandbox in use, until it is released; gives its key
Napi::Value ServerWrap::add(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    SandboxWrap& wrap = Argument(info, 0, "sandbox").unwrap<SandboxWrap>();
    const uint64_t snapshot = Argument(info, 1, "snapshotId").whole();
    const bool plain = Argument(info, 2, "plain").flag();
    wrap.sandbox(); // throws here, before anything has changed, when it was closed
    uint32_t key;
    if (free_keys_.empty()) {
      key = static_cast<uint32_t>(residents_.size());
      residents_.emplace_back();
    } else {
      key = free_keys_.back();
      free_keys_.pop_back();
    }
    Resident& resident = residents_[key];
    // SAFETY: `object` keeps what `wrap` points to.
    resident.object = Napi::Persistent(info[0].As<Napi::Object>());
    resident.wrap = &wrap;
    resident.snapshot = snapshot;
    resident.plain = plain;
    resident.use = ++uses_;
    count_++;
    account(key);
    return Napi::Number::New(info.Env(), key);
  });
}

// acquire(snapshotId): the key of an idle sandbox of that snapshot, now in use; -1 when there is none
Napi::Value ServerWrap::acquire(const Napi::CallbackInfo& info) {
  const auto key = take_idle(Argument(info, 0, "snapshotId").whole());
  return Napi::Number::New(info.Env(), key ? static_cast<double>(*key) : -1);
}

// release(key)
void ServerWrap::release(const Napi::CallbackInfo& info) {
  guarded(info.Env(), [&] {
    const uint32_t key = Argument(info, 0, "key").whole32();
    if (at(key).idle) throw Error(kInternal, "a sandbox was released twice");
    put_idle(key);
  });
}

// remove(key): forgets a sandbox, which its owner closes
void ServerWrap::remove(const Napi::CallbackInfo& info) {
  guarded(info.Env(), [&] {
    const uint32_t key = Argument(info, 0, "key").whole32();
    const Resident& resident = at(key);
    auto& idle = idle_[resident.snapshot];
    std::erase(idle, key);
    if (idle.empty()) idle_.erase(resident.snapshot);
    count_--;
    bytes_ -= residents_[key].bytes;
    residents_[key] = {};
    free_keys_.push_back(key);
    ring_->store(RingWord::Residents, count_);
    ring_->store_resident_bytes(bytes_);
  });
}

// oldestIdle(): the key of the idle sandbox that was used longest ago; -1 when there is none
Napi::Value ServerWrap::oldest_idle(const Napi::CallbackInfo& info) {
  double found = -1;
  uint64_t use = UINT64_MAX;
  for (uint32_t key = 0; key < residents_.size(); key++) {
    if (residents_[key].wrap == nullptr || !residents_[key].idle || residents_[key].use >= use) continue;
    found = key;
    use = residents_[key].use;
  }
  return Napi::Number::New(info.Env(), found);
}

ServerWrap::Resident& ServerWrap::at(uint32_t key) {
  if (key >= residents_.size() || residents_[key].wrap == nullptr)
    throw Error(kInternal, "there is no sandbox of that key");
  return residents_[key];
}

std::optional<uint32_t> ServerWrap::take_idle(uint64_t snapshot) {
  const auto found = idle_.find(snapshot);
  if (found == idle_.end() || found->second.empty()) return std::nullopt;
  const uint32_t key = found->second.back();
  found->second.pop_back();
  residents_[key].idle = false;
  residents_[key].use = ++uses_;
  return key;
}

void ServerWrap::put_idle(uint32_t key) {
  account(key);
  residents_[key].idle = true;
  idle_[residents_[key].snapshot].push_back(key);
}

void ServerWrap::account(uint32_t key) {
  Resident& resident = at(key);
  const auto bytes = static_cast<double>(resident.wrap->sandbox().resident_bytes());
  bytes_ += bytes - resident.bytes;
  resident.bytes = bytes;
  ring_->store(RingWord::Residents, count_);
  ring_->store_resident_bytes(bytes_);
}

} // namespace snapvm
