#include "node/faults_wrap.h"

#include "abi.h"
#include "kvm/guest_probe.h"
#include "node/argument.h"
#include "node/environment.h"
#include "system/faults.h"

#include <cstring>

namespace snapvm {
namespace {

// arm({ at, choice, forEver, only })
void arm(const Napi::CallbackInfo& info) {
  const Argument plan(info, 0, "plan");
  arm_faults({.at = plan["at"].whole(),
              .choice = plan["choice"].whole32(),
              .for_ever = plan["forEver"].flag(),
              .only = plan["only"].text()});
}

// disarm(): what came of it
Napi::Value disarm(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const FaultReport report = disarm_faults();
  const auto object = Napi::Object::New(env);
  object.Set("counted", Napi::Number::New(env, static_cast<double>(report.counted)));
  object.Set("name", Napi::String::New(env, report.name));
  object.Set("errno", Napi::Number::New(env, report.error));
  object.Set("message", Napi::String::New(env, report.error == 0 ? "" : std::strerror(report.error)));
  object.Set("choices", Napi::Number::New(env, report.choices));
  object.Set("failed", Napi::Number::New(env, static_cast<double>(report.failed)));
  return object;
}

// calls(): names of those that were counted
Napi::Value calls(const Napi::CallbackInfo& info) {
  const std::vector<std::string> names = counted_calls();
  const auto list = Napi::Array::New(info.Env(), names.size());
  for (uint32_t i = 0; i < names.size(); i++)
    list.Set(i, Napi::String::New(info.Env(), names[i]));
  return list;
}

// probeKvm(monitor): finds out what this machine's KVM offers, as the addon does once in a process
void probe_kvm(const Napi::CallbackInfo& info) {
  guarded(info.Env(), [&] {
    System::ask();
    const auto monitor = Argument(info, 0, "monitor").bytes_exactly(MONITOR_BYTES);
    probe_guest_anew(monitor);
  });
}

} // namespace

Napi::Object make_faults_object(Napi::Env env) {
  const auto object = Napi::Object::New(env);
  object.Set("arm", Napi::Function::New<arm>(env));
  object.Set("disarm", Napi::Function::New<disarm>(env));
  object.Set("calls", Napi::Function::New<calls>(env));
  object.Set("probeKvm", Napi::Function::New<probe_kvm>(env));
  return object;
}

} // namespace snapvm
