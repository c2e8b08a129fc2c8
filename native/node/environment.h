// What the addon keeps per Node environment (one per thread that loads it), and how errors reach JavaScript.
#pragma once

#include "error.h"
#include "kvm/vm_cache.h"
#include "machine/interrupter.h"
#include "process/process_cache.h"

#include <array>
#include <memory>
#include <napi.h>

namespace snapvm {

struct Environment {
  Napi::FunctionReference image_constructor;
  std::shared_ptr<Interrupter> interrupter; // made by the first sandbox of the thread
  // Shared with the sandboxes, which may be finalized after this.
  const std::shared_ptr<VmCache> vm_cache = std::make_shared<VmCache>();
  const std::shared_ptr<ProcessCache> process_cache = std::make_shared<ProcessCache>();

  static Environment& of(Napi::Env env) { return *env.GetInstanceData<Environment>(); }
  const std::shared_ptr<Interrupter>& thread_interrupter(Napi::Env env);
  // 32 fresh random bytes; the kernel is asked for many at once.
  const uint8_t* next_entropy();

private:
  std::array<uint8_t, 4096> entropy_{};
  size_t entropy_used_ = sizeof(entropy_);
};

// Runs `body` and turns a native failure into a JavaScript error that carries its code.
template <typename Body> auto guarded(Napi::Env env, Body body) -> decltype(body()) {
  try {
    return body();
  } catch (const Error& error) {
    Napi::Error thrown = Napi::Error::New(env, error.what());
    thrown.Set("code", error.code());
    throw thrown;
  } catch (const std::bad_alloc&) {
    Napi::Error thrown = Napi::Error::New(env, "the process has no memory left");
    thrown.Set("code", kHostMemory);
    throw thrown;
  }
}

} // namespace snapvm
