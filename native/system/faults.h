/* Makes system calls fail, in the test build only. There is one plan at a time, for all threads of the
 * process; JavaScript makes it (node/faults_wrap.cc). */
#ifndef SNAPVM_SYSTEM_FAULTS_H
#define SNAPVM_SYSTEM_FAULTS_H

#include <stdbool.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif
/* Counts the call, and says whether it is to fail: then errno is set. `detail` tells calls of one name apart;
 * `subject` is the process it is about, or 0. May be called by signal handlers, and by a process that shares
 * the memory of this one. */
bool snapvm_refuses(const char* name, long detail, pid_t subject);
#ifdef __cplusplus
}

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace snapvm {

// Which calls are to fail, and how.
struct FaultPlan {
  // The number of the call that is to fail; the first that is counted has the number 1.
  uint64_t at = 0;
  // Which of the errnos that the call can give. With a number past the last of them the call does not fail.
  uint32_t choice = 0;
  // Whether later calls of the same kind fail too.
  bool for_ever = false;
  // If this is not empty, only calls of this name are counted.
  std::string only;
};

// What came of a plan.
struct FaultReport {
  uint64_t counted = 0;
  std::string name; // of the call that failed; empty: none has
  int error = 0;
  uint32_t choices = 0; // errnos that it can give
  uint64_t failed = 0;  // calls
};

// Starts a plan, and counts from 0 again. Not to be called while other threads make counted calls.
void arm_faults(const FaultPlan& plan);
FaultReport disarm_faults();
// The names of the calls that were counted last, in their order.
std::vector<std::string> counted_calls();

} // namespace snapvm
#endif

#endif
