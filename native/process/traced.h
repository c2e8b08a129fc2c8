// A process that this thread traces: its registers, running it to its next stop, and having it make system
// calls. See ptrace(2). It always is stopped when none of these functions runs.
#pragma once

#include "memory/fd.h"
#include "process/stub.h"

#include <csignal>
#include <functional>
#include <span>
#include <sys/types.h>
#include <sys/user.h>

namespace snapvm {

// What a system call of a traced process gave; negative is an errno.
using CallResult = int64_t;

// What becomes of a guest's PKRU, which is opened while the stub makes system calls: a guest may have shut
// the memory that they need.
enum class Pkru : uint64_t { Kept = STUB_PKRU_KEPT, Opened = STUB_PKRU_OPENED };

class Traced {
public:
  // Whether a process will never stop, asked from time to time while it does not. The first of a PID
  // namespace that is killed does not end before all others are waited for, and it may be this thread that
  // has to.
  using IsStuck = std::function<bool()>;
  // Takes over a process that was stopped for this thread, and kills it in the end.
  explicit Traced(pid_t pid, IsStuck is_stuck = {});
  ~Traced();
  Traced(const Traced&) = delete;
  Traced& operator=(const Traced&) = delete;

  pid_t pid() const { return pid_; }
  int pidfd() const { return pidfd_.get(); }
  // Unique in this process, other than a pid.
  uint64_t id() const { return id_; }
  // As far as was seen.
  bool alive() const { return alive_; }
  // Looks whether somebody has killed it while it was stopped.
  bool check_alive();
  // Kills it and waits for its end; not for ever.
  void end();
  // Whether it has ended, though nobody may have waited for it.
  bool has_ended() const;
  // Whether the stop signal came while it made system calls for us; forgets it.
  bool take_stop();

  // False, here and below: it is being killed, or has been, and the next resume tells. @throws Error
  bool get_registers(user_regs_struct& registers) const;
  bool set_registers(const user_regs_struct& registers) const;
  // Of the stop it is at.
  bool get_signal(siginfo_t& info) const;
  // Lets it run, with the signal if one is given, and waits for its next stop; gives the status of wait(2).
  int resume(int request, int signal = 0);

  // Of a process that has not run since its exec: an entry of its auxiliary vector (getauxval(3)); 0 if there
  // is none.
  uint64_t auxiliary(uint64_t type) const;
  // Whether ring 3 can set the bases of FS and GS.
  bool can_set_bases();

  // One system call, made by the stub.
  CallResult call(const Command& command);
  // Those that the list at STUB_COMMANDS holds, up to the first that fails. Gives 0 or its result.
  CallResult call_list(size_t count, Pkru pkru);
  // The process that a clone at the end of a list has made: its pid, once it is stopped too. 0: there is
  // none.
  pid_t take_child();

private:
  bool ask(int request, void* data, const char* what) const;
  CallResult make_list(size_t count, Pkru pkru);
  CallResult run_stub(user_regs_struct& registers);
  void kill() const;
  // The status of its next stop, or of its end.
  int wait();
  int note(int status);

  const uint64_t id_;
  pid_t pid_;
  const IsStuck is_stuck_;
  Fd pidfd_;
  pid_t child_ = 0;
  bool alive_ = true;
  bool reaped_ = false; // its end was waited for, or that was given up
  bool stop_seen_ = false;
};

// @throws Error SNAPVM_HOST_PROCESS, SNAPVM_HOST_MEMORY when a system call of the stub failed; `what` names
// it
void check(CallResult result, const char* what);

// A status that no process has: it has neither stopped nor ended in time. Reads as killed.
constexpr int kNotSeen = SIGKILL | 0x100;

// Waits for a stop or the end of a process of this thread that is about to stop or to end, with a bound.
int wait_soon(pid_t pid, const Traced::IsStuck& is_stuck = {});

} // namespace snapvm
