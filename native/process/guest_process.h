// One process that guests run in, first those of one sandbox and later of another. It has the stub, the
// memory through which this thread tells the stub what to do, and the guest's memory.
#pragma once

#include "memory/fd.h"
#include "memory/mapping.h"
#include "process/confine.h"
#include "process/traced.h"

#include <span>
#include <unordered_set>
#include <vector>

namespace snapvm {

// A socket to one process: this thread's end, and the end that the process has.
struct SocketPair {
  // @throws Error
  static SocketPair make();

  Fd near;
  Fd far;
};

class GuestProcess;
// All guest processes of one thread.
using Siblings = std::unordered_set<GuestProcess*>;

class GuestProcess {
public:
  // Takes over the traced process `pid`, which is one of `siblings` until this object is destroyed or the
  // zygote reaped. @throws Error
  GuestProcess(pid_t pid, Siblings& siblings);
  ~GuestProcess();
  GuestProcess(const GuestProcess&) = delete;
  GuestProcess& operator=(const GuestProcess&) = delete;

  // Gives the process a socket, a command list and a signal frame of its own, and then locks it in
  // (confine.h). `area` and `inherited` are the memory and the socket that it still shares with the process
  // it was cloned from. @throws Error
  void settle(const SharedArea& area, const SocketPair& inherited);
  Traced& process() { return process_; }
  // Sends the process descriptors, which get the numbers 1, 2, 3 and so on there. @throws Error
  void give(std::span<const int> files);
  // Has the process make the system calls in order. `what` says in the error what they were for.
  // @throws Error when one of them fails
  void run(std::span<const Command> commands, const char* what, Pkru pkru = Pkru::Kept);
  // Takes everything of a guest out of the process, so that another sandbox can have it. False: that failed.
  bool empty();
  // The memory into which the kernel writes what it knows of a fault (struct rt_sigframe). A guest can write
  // it too: nothing in it is to be believed that was not written after the guest had stopped.
  std::span<uint8_t> frame();
  // Fills that memory with zeros.
  void clear_frame();

private:
  Traced process_;
  Siblings& siblings_;
  Fd socket_; // this thread's end
  Fd file_;
  Mapping area_; // the command list, then the frame
};

// The bytes that the frame of a signal handler needs with the registers of this processor.
uint64_t frame_bytes();

} // namespace snapvm
