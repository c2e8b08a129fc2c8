#include "node/environment.h"

#include "system/calls.h"
#include "system/interruptions.h"

#include <cstring>

namespace snapvm {
namespace {

// Node refuses what could run JavaScript as soon as somebody has it end this thread, by whatever way.
bool is_ending(napi_env env) {
  const Napi::HandleScope scope(env);
  napi_value object = nullptr;
  bool unused = false;
  bool thrown = false;
  if (napi_create_object(env, &object) == napi_ok &&
      napi_has_named_property(env, object, "x", &unused) == napi_ok)
    return false;
  return napi_is_exception_pending(env, &thrown) != napi_ok || !thrown;
}

} // namespace

const std::shared_ptr<Interrupter>& Environment::thread_interrupter(Napi::Env env) {
  if (!interrupter) {
    const napi_env raw = env;
    interrupter = std::make_shared<Interrupter>([raw] { return is_ending(raw); });
  }
  return interrupter;
}

const uint8_t* Environment::next_entropy() {
  constexpr size_t kBytes = 32;
  if (entropy_used_ + kBytes > entropy_.size()) {
    // Blocks only before the kernel's pool is seeded once after boot; for up to 256 bytes it never returns
    // short, so larger requests are asked for in full again.
    Interruptions interruptions;
    size_t filled = 0;
    while (filled < entropy_.size()) {
      const ssize_t got = sys_getrandom(entropy_.data() + filled, entropy_.size() - filled);
      if (got > 0)
        filled += static_cast<size_t>(got);
      else if (errno != EINTR || interruptions.are_too_many())
        fail_errno("getrandom", kHostMemory);
    }
    entropy_used_ = 0;
  }
  const uint8_t* entropy = entropy_.data() + entropy_used_;
  entropy_used_ += kBytes;
  return entropy;
}

} // namespace snapvm
