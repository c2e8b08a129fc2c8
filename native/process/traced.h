// A process that this thread traces (ptrace(2)): its registers, running it to its next stop, and having it
// make system calls. The process is stopped whenever none of these functions runs.
#pragma once

#include "memory/fd.h"
#include "process/stub.h"

#include <csignal>
#include <functional>
#include <span>
#include <sys/types.h>
#include <sys/user.h>

namespace snapvm {

// The result of a system call of a traced process; a negative one is an errno.
using CallResult = int64_t;

// What becomes of a guest's PKRU after the stub has made system calls. While it makes them all memory is
// open, as a guest may have shut what they need.
enum class Pkru : uint64_t { Kept = STUB_PKRU_KEPT, Opened = STUB_PKRU_OPENED };

class Traced {
public:
  // Tells whether waiting for a process is in vain; asked from time to time while it does not stop. The first
  // process of a PID namespace, when killed, does not end before somebody has waited for all others, and that
  // may be this thread's own task.
  using IsStuck = std::function<bool()>;
  // Takes over a process that has stopped for this thread. The destructor kills it.
  explicit Traced(pid_t pid, IsStuck is_stuck = {});
  ~Traced();
  Traced(const Traced&) = delete;
  Traced& operator=(const Traced&) = delete;

  pid_t pid() const { return pid_; }
  int pidfd() const { return pidfd_.get(); }
  // A number that no other process of this object's process ever had, which a pid is not.
  uint64_t id() const { return id_; }
  // Whether its end has not been seen so far.
  bool alive() const { return alive_; }
  // Whether it is alive, after a look at whether somebody has killed it while it was stopped.
  bool check_alive();
  // Kills it and waits for its end, with a bound.
  void end();
  // Whether it has ended, though nobody may have waited for it.
  bool has_ended() const;
  // Whether the stop signal came while the stub made system calls. Forgets the signal.
  bool take_stop();

  // These three return false for a process that is being killed, or was; the next resume tells. @throws Error
  bool get_registers(user_regs_struct& registers) const;
  bool set_registers(const user_regs_struct& registers) const;
  // The signal for which it has stopped.
  bool get_signal(siginfo_t& info) const;
  // Lets it run, with the signal if one is given, and waits for its next stop. Returns the status of wait(2).
  int resume(int request, int signal = 0);

  // An entry of the auxiliary vector (getauxval(3)) of a process that has not run since its exec; 0 if
  // there is none.
  uint64_t auxiliary(uint64_t type) const;
  // Whether ring 3 can set the bases of FS and GS.
  bool can_set_bases();

  // Has the stub make one system call.
  CallResult call(const Command& command);
  // Has the stub make the system calls of the list at STUB_COMMANDS, up to the first that fails. Returns 0,
  // or that one's result.
  CallResult call_list(size_t count, Pkru pkru);
  // The pid of the process that the stub's last clone has made, once that has stopped too. 0: there is none.
  pid_t take_child();

private:
  bool ask(int request, void* data, const char* what) const;
  CallResult make_list(size_t count, Pkru pkru);
  CallResult run_stub(user_regs_struct& registers);
  void kill() const;
  // Waits for its next stop or its end, and returns the status.
  int wait();
  int note(int status);

  const uint64_t id_;
  pid_t pid_;
  const IsStuck is_stuck_;
  Fd pidfd_;
  pid_t child_ = 0;
  bool alive_ = true;
  bool reaped_ = false; // its end was waited for, or waiting was given up
  bool stop_seen_ = false;
};

// Throws when a system call of the stub has failed; `what` names the call.
// @throws Error SNAPVM_HOST_PROCESS, SNAPVM_HOST_MEMORY
void check(CallResult result, const char* what);

// The status of a process that has neither stopped nor ended in time. No process has it; it reads as killed.
constexpr int kNotSeen = SIGKILL | 0x100;

// Waits, with a bound, for a process of this thread that is about to stop or to end. Returns its status.
int wait_soon(pid_t pid, const Traced::IsStuck& is_stuck = {});

} // namespace snapvm
