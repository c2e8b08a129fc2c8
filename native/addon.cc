// The addon's surface; src/addon/addon.ts is its type.
#include "abi.h"
#include "kvm/guest_probe.h"
#include "kvm/system.h"
#include "machine/interrupter.h"
#include "machine/vector_components.h"
#include "node/argument.h"
#include "node/environment.h"
#include "node/faults_wrap.h"
#include "node/image_wrap.h"
#include "node/sandbox_wrap.h"
#include "node/server_wrap.h"
#include "node/snapshot_wrap.h"
#include "process/features.h"
#include "process/probe.h"
#include "system/calls.h"

#include <napi.h>
#include <sys/auxv.h>
#include <sys/mman.h>

namespace snapvm {
namespace {

constexpr unsigned long kHwcap2Fsgsbase = 2;

uint64_t thread_id_at(const Napi::CallbackInfo& info, size_t index) {
  return Argument(info, index, "id").whole();
}

uint64_t ticket_at(const Napi::CallbackInfo& info, size_t index) {
  return Argument(info, index, "ticket").whole();
}

// capabilities(monitor): what this machine's KVM offers
Napi::Value capabilities(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return guarded(env, [&] {
    const auto monitor = Argument(info, 0, "monitor").bytes_exactly(MONITOR_BYTES);
    const System& system = System::get();
    const GuestProbe& probe = probe_guest(monitor);
    const auto object = Napi::Object::New(env);
    object.Set("portMode", Napi::Number::New(env, static_cast<double>(probe.ports)));
    object.Set("ripAfterOut", Napi::Boolean::New(env, probe.rip_after_out));
    object.Set("dirtyRingBytes", Napi::Number::New(env, system.dirty_ring_max));
    object.Set("msrFilter", Napi::Boolean::New(env, system.msr_filter));
    object.Set("fsgsbase", Napi::Boolean::New(env, system.fsgsbase));
    object.Set("xcr0", Napi::Number::New(env, static_cast<double>(system.xcr0)));
    object.Set("pkru", Napi::Boolean::New(env, probe.pkru));
    object.Set("entryMask", Napi::BigInt::New(env, probe.entry_mask));
    return object;
  });
}

// processCapabilities(): what this system lets guests in processes have
Napi::Value process_capabilities(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return guarded(env, [&] {
    const Isolation isolation = probe_processes();
    const auto object = Napi::Object::New(env);
    object.Set("userNamespace", Napi::Boolean::New(env, isolation.user_namespace));
    object.Set("nobody", Napi::Boolean::New(env, isolation.nobody));
    object.Set("namespaces", Napi::Boolean::New(env, isolation.namespaces));
    const VectorFeatures& features = VectorFeatures::get();
    object.Set("xcr0", Napi::Number::New(env, static_cast<double>(features.xcr0)));
    object.Set("pkru", Napi::Boolean::New(env, features.pkru));
    object.Set("keepsBases", Napi::Boolean::New(env, (::getauxval(AT_HWCAP2) & kHwcap2Fsgsbase) != 0));
    object.Set("entryMask", Napi::BigInt::New(env, features.entry_mask));
    return object;
  });
}

// entryMask(xcr0, places): what the entry stub puts back on a processor with that XCR0, whose component n has
// places[2n] bytes at places[2n + 1]
Napi::Value entry_mask_of(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return guarded(env, [&] {
    const uint64_t xcr0 = Argument(info, 0, "xcr0").bits();
    const auto places = Argument(info, 1, "places").words32();
    const auto place = [&](uint32_t component) {
      const size_t at = size_t{component} * 2;
      return at + 1 < places.size() ? ComponentPlace{places[at], places[at + 1]} : ComponentPlace{};
    };
    return Napi::BigInt::New(env, entry_mask(xcr0, place, kHostKvm));
  });
}

// interrupterId(): names this thread to interrupt() and closeThread() of others
Napi::Value interrupter_id(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    const auto id = Environment::of(info.Env()).thread_interrupter(info.Env())->id();
    return Napi::Number::New(info.Env(), static_cast<double>(id));
  });
}

// keptMachines(): virtual machines and processes this thread keeps for its next sandboxes
Napi::Value kept_machines(const Napi::CallbackInfo& info) {
  const Environment& environment = Environment::of(info.Env());
  return Napi::Number::New(
      info.Env(), static_cast<double>(environment.vm_cache->size() + environment.process_cache->size()));
}

void interrupt(const Napi::CallbackInfo& info) {
  guarded(info.Env(), [&] { Interrupter::interrupt(thread_id_at(info, 0), ticket_at(info, 1)); });
}
void settle_ticket(const Napi::CallbackInfo& info) {
  guarded(info.Env(), [&] { Interrupter::settle(thread_id_at(info, 0), ticket_at(info, 1)); });
}
void close_thread(const Napi::CallbackInfo& info) {
  guarded(info.Env(), [&] { Interrupter::close(thread_id_at(info, 0)); });
}

// discard(view): whole pages, so that nothing beside the view is lost
void discard(const Napi::CallbackInfo& info) {
  guarded(info.Env(), [&] {
    const auto view = Argument(info, 0, "view").shared_bytes();
    // SAFETY: a number, to round it to pages within the view.
    const auto start = reinterpret_cast<uintptr_t>(view.data());
    const uintptr_t first = (start + kPage - 1) & ~(uintptr_t{kPage} - 1);
    const uintptr_t end = (start + view.size()) & ~(uintptr_t{kPage} - 1);
    // SAFETY: the range lies within the view, whose memory JavaScript keeps while this runs; dropped pages
    // read as zeros, which is what the caller asks for.
    if (first < end && sys_madvise(reinterpret_cast<void*>(first), end - first, MADV_DONTNEED) != 0)
      fail_errno("madvise", kHostMemory);
  });
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  env.SetInstanceData(new Environment);
  ImageWrap::init(env);
  exports.Set("createImage", Napi::Function::New<ImageWrap::create>(env));
  exports.Set("createLayer", Napi::Function::New<ImageWrap::create_layer>(env));
  exports.Set("openImage", Napi::Function::New<ImageWrap::open>(env));
  exports.Set("Sandbox", SandboxWrap::define(env));
  exports.Set("Server", ServerWrap::define(env));
  exports.Set("Snapshot", SnapshotWrap::define(env));
  exports.Set("capabilities", Napi::Function::New<capabilities>(env));
  exports.Set("processCapabilities", Napi::Function::New<process_capabilities>(env));
  exports.Set("entryMask", Napi::Function::New<entry_mask_of>(env));
  exports.Set("interrupterId", Napi::Function::New<interrupter_id>(env));
  exports.Set("keptMachines", Napi::Function::New<kept_machines>(env));
  exports.Set("interrupt", Napi::Function::New<interrupt>(env));
  exports.Set("settleTicket", Napi::Function::New<settle_ticket>(env));
  exports.Set("discard", Napi::Function::New<discard>(env));
  exports.Set("closeThread", Napi::Function::New<close_thread>(env));
#ifdef SNAPVM_FAULTS
  exports.Set("faults", make_faults_object(env));
#endif
  return exports;
}

} // namespace
} // namespace snapvm

static Napi::Object init_addon(Napi::Env env, Napi::Object exports) {
  return snapvm::init(env, exports);
}
NODE_API_MODULE(snapvm, init_addon)
