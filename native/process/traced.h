// A process that this thread traces: its registers, running it to its next stop, and having it make system
// calls. See ptrace(2). It always is stopped when none of these functions runs.
#pragma once

#include "memory/fd.h"
#include "process/same_core.h"
#include "process/stub.h"

#include <span>
#include <sys/types.h>
#include <sys/user.h>

namespace snapvm {

// What a system call of a traced process gave; negative is an errno.
using CallResult = int64_t;

class Traced {
public:
  // Takes over a process that was stopped for this thread, and kills it in the end.
  Traced(pid_t pid, SameCore& core);
  ~Traced();
  Traced(const Traced&) = delete;
  Traced& operator=(const Traced&) = delete;

  pid_t pid() const { return pid_; }
  int pidfd() const { return pidfd_.get(); }
  bool alive() const { return alive_; }
  // Whether SIGSTOP came while it made system calls for us; forgets it.
  bool take_stop();

  void get_registers(user_regs_struct& registers) const;
  void set_registers(const user_regs_struct& registers) const;
  // Lets it run, with the signal if one is given, and waits for its next stop; gives the status of wait(2).
  int resume(int request, int signal = 0);

  // One system call, made by the stub.
  CallResult call(const Command& command);
  // Those that the list at STUB_COMMANDS holds, up to the first that fails. Gives 0 or its result.
  CallResult call_list(size_t count);
  // The same at another address.
  CallResult call_list(size_t count, uint64_t address);
  // The process that a clone at the end of a list has made: its pid, once it is stopped too. 0: there is
  // none.
  pid_t take_child();

private:
  CallResult run_stub(user_regs_struct& registers);

  pid_t pid_;
  Fd pidfd_;
  SameCore& core_;
  uint64_t place_ = 0; // see SameCore::together
  pid_t child_ = 0;
  bool alive_ = true;
  bool stop_seen_ = false;
};

// Waits for a stop or the end of one process of this thread.
int wait_for(pid_t pid);

} // namespace snapvm
