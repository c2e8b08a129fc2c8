// Failures of the native side: a stable code of src/errors.ts and a sentence for people.
#pragma once

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>

namespace snapvm {

class Error : public std::runtime_error {
public:
  Error(const char* code, const std::string& message) : std::runtime_error(message), code_(code) {}
  const char* code() const { return code_; }

private:
  const char* code_; // one of the literals below
};

inline constexpr const char* kHostKvm = "SNAPVM_HOST_KVM";
inline constexpr const char* kHostBackend = "SNAPVM_HOST_BACKEND";
inline constexpr const char* kHostProcess = "SNAPVM_HOST_PROCESS";
inline constexpr const char* kHostMemory = "SNAPVM_HOST_MEMORY";
inline constexpr const char* kSandboxState = "SNAPVM_SANDBOX_STATE";
inline constexpr const char* kGuestProtocol = "SNAPVM_GUEST_PROTOCOL";
inline constexpr const char* kGuestLimit = "SNAPVM_GUEST_LIMIT";
inline constexpr const char* kInputTooLarge = "SNAPVM_CALL_INPUT_TOO_LARGE";
inline constexpr const char* kLinuxStuck = "SNAPVM_LINUX_STUCK";
inline constexpr const char* kInternal = "SNAPVM_INTERNAL";

// Names the system call that failed and why; running out of something is told apart from KVM being unusable.
[[noreturn]] inline void fail_errno(const char* what, const char* code = kHostKvm) {
  const int error = errno;
  const bool exhausted = error == ENOMEM || error == EMFILE || error == ENFILE || error == ENOSPC;
  throw Error(exhausted ? kHostMemory : code, std::string(what) + " failed: " + std::strerror(error));
}

} // namespace snapvm
