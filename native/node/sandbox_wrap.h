#pragma once

#include "kvm/vm_cache.h"
#include "process/process_cache.h"
#include "sandbox/sandbox.h"

#include <memory>
#include <napi.h>

namespace snapvm {

// AddonSandbox of src/addon/addon.ts. Numbers a caller wants after every run are written into `status`, a
// Float64Array that JavaScript made once: reading it costs no call and no allocation.
class SandboxWrap : public Napi::ObjectWrap<SandboxWrap> {
public:
  // Marks objects of this class, and no others (argument.h).
  static constexpr napi_type_tag kTypeTag{0x1348b01430354730, 0xb726dedc3c532e18};
  static constexpr const char* kClassName = "an AddonSandbox";

  static Napi::Function define(Napi::Env env);
  explicit SandboxWrap(const Napi::CallbackInfo& info);

  // For the server of calls (server_wrap.h), which runs guests without a way through JavaScript.
  Sandbox& sandbox(); // @throws Error when it was closed
  void write_status();

private:
  Napi::Value initialise(const Napi::CallbackInfo& info);
  Napi::Value specialise(const Napi::CallbackInfo& info);
  Napi::Value call(const Napi::CallbackInfo& info);
  Napi::Value call_ready(const Napi::CallbackInfo& info);
  Napi::Value answer(const Napi::CallbackInfo& info);
  void restore(const Napi::CallbackInfo& info);
  Napi::Value find_difference(const Napi::CallbackInfo& info);
  Napi::Value capture(const Napi::CallbackInfo& info);
  void read_payload(const Napi::CallbackInfo& info);
  Napi::Value name(const Napi::CallbackInfo& info);
  Napi::Value logs(const Napi::CallbackInfo& info);
  Napi::Value fault(const Napi::CallbackInfo& info);
  Napi::Value reason(const Napi::CallbackInfo& info);
  Napi::Value printed(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);

  template <typename Run> Napi::Value report(Napi::Env env, Run run);

  std::shared_ptr<Interrupter> interrupter_;
  std::shared_ptr<VmCache> vm_cache_;
  std::shared_ptr<ProcessCache> process_cache_;
  std::unique_ptr<Sandbox> sandbox_;
  Napi::Reference<Napi::Float64Array> status_;
  double* numbers_ = nullptr; // the memory of status_
};

} // namespace snapvm
