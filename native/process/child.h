// A process that runs guests, one sandbox's after another's: the stub, a page or two to talk through, and the
// guest's memory.
#pragma once

#include "memory/fd.h"
#include "memory/mapping.h"
#include "process/confine.h"
#include "process/traced.h"

#include <span>
#include <unordered_set>
#include <vector>

namespace snapvm {

// A socket to processes of guests, and the end that they have.
struct SocketPair {
  Fd near;
  Fd far;
};

class Child;
// All processes that one thread has for guests.
using Siblings = std::unordered_set<Child*>;

class Child {
public:
  // One of `siblings` for as long as it lives; `sockets` lead to the process, for descriptors.
  Child(pid_t pid, Siblings& siblings, const SocketPair& sockets);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Gets its own command list and frame, by way of the memory it still shares with the process it was cloned
  // from, and then locks itself in. @throws Error
  void settle(const SharedArea& nursery);
  Traced& process() { return process_; }
  // Gives the process descriptors, which get the numbers 1, 2, 3 and so on. @throws Error
  void give(std::span<const int> files);
  // Makes the system calls in order. @throws Error when one of them fails, with `what` it was for
  void run(std::span<const Command> commands, const char* what, Pkru pkru = Pkru::Kept);
  // Takes all of a guest out again, so that another sandbox can have it. False: it cannot.
  bool empty();
  // Where the kernel wrote what it knows of a fault (struct rt_sigframe), or left it to: all of it.
  std::span<uint8_t> frame();
  // Makes that memory zero, which a guest may have written to.
  void clear_frame();

private:
  Traced process_;
  Siblings& siblings_;
  const SocketPair& sockets_;
  Fd file_;
  Mapping area_; // the command list, then the frame
};

// Room for the frame of a signal handler, whatever registers the processor has.
uint64_t frame_bytes();

} // namespace snapvm
