// Failures of the addon: a stable code of src/base/errors.ts and a sentence for people.
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
  const char* code_; // one of the constants below, which are never freed
};

inline constexpr const char* kHostKvm = "SNAPVM_HOST_KVM";
inline constexpr const char* kHostBackend = "SNAPVM_HOST_BACKEND";
inline constexpr const char* kHostProcess = "SNAPVM_HOST_PROCESS";
inline constexpr const char* kHostMemory = "SNAPVM_HOST_MEMORY";
inline constexpr const char* kHostDenied = "SNAPVM_HOST_DENIED";
inline constexpr const char* kSandboxState = "SNAPVM_SANDBOX_STATE";
inline constexpr const char* kGuestProtocol = "SNAPVM_GUEST_PROTOCOL";
inline constexpr const char* kGuestLimit = "SNAPVM_GUEST_LIMIT";
inline constexpr const char* kInputTooLarge = "SNAPVM_CALL_INPUT_TOO_LARGE";
inline constexpr const char* kLinuxStuck = "SNAPVM_LINUX_STUCK";
inline constexpr const char* kInternal = "SNAPVM_INTERNAL";

// What to do about an error of the system.
inline const char* advice_for(int error) {
  switch (error) {
  case EAGAIN:
    return "; raise the limit of processes and threads (pids limit of the control group, ulimit -u)";
  case EMFILE:
    return "; raise the limit of open files (ulimit -n)";
  case ENFILE:
    return "; the whole system has too many files open (sysctl fs.file-max)";
  case ENOMEM:
    return "; free memory, or raise its limit (control group, ulimit -v) or that of mappings "
           "(sysctl vm.max_map_count)";
  case ENOSPC:
    return "; free memory, or raise its limit (control group)";
  case EFBIG:
    return "; raise the limit of file sizes (ulimit -f)";
  case EPERM:
  case EACCES:
  case ENOSYS:
    return "; the system forbids it or does not know it: a container's seccomp profile may be the reason";
  default:
    return "";
  }
}

// Whether there is too little of something.
inline bool is_exhausted(int error) {
  return error == EAGAIN || error == EMFILE || error == ENFILE || error == ENOMEM || error == ENOSPC ||
         error == EFBIG;
}

// Names the system call that failed, why, and what to do; running out of something, and not being allowed
// what every backend needs, are told apart from a backend being unusable.
[[noreturn]] inline void fail_errno(const char* what, const char* code = kHostKvm,
                                    const char* advice = nullptr) {
  const int error = errno;
  const bool denied = error == EPERM || error == EACCES || error == ENOSYS;
  if (is_exhausted(error))
    code = kHostMemory;
  else if (denied && code == kHostMemory)
    code = kHostDenied;
  throw Error(code, std::string(what) + " failed: " + std::strerror(error) +
                        (advice != nullptr ? advice : advice_for(error)));
}

} // namespace snapvm
