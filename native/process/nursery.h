// Where a thread gets the processes its guests run in. One process, the mother, is made from nothing but the
// stub and gives up all it can; the others are cloned from it, which takes a tenth of the time. When the
// mother dies, so do they: it is the first process of their PID namespace, or else their parent.
#pragma once

#include "process/child.h"
#include "process/same_core.h"

#include <memory>
#include <vector>

namespace snapvm {

// What the system lets a process have of its own.
struct Isolation {
  bool user_namespace = false;
  bool nobody = false;     // though this process is root
  bool namespaces = false; // PIDs, network, mounts, IPC, host name, control groups
};

class Nursery {
public:
  Nursery() = default;
  ~Nursery();
  Nursery(const Nursery&) = delete;
  Nursery& operator=(const Nursery&) = delete;

  // An empty process. @throws Error SNAPVM_HOST_PROCESS saying what the system forbids
  std::unique_ptr<Child> take();
  // Keeps a process for the next sandbox, if it is a clean one.
  void give_back(std::unique_ptr<Child> child);
  size_t size() const { return idle_.size(); }
  const Isolation& isolation() const { return isolation_; }
  SameCore& core() { return core_; }
  // Whether ring 3 can set the bases of FS and GS, whatever the kernel knows of that.
  bool can_set_bases() const { return can_set_bases_; }

private:
  void make_mother();
  // Null: the mother has died, or the child.
  std::unique_ptr<Child> clone_child();
  void bury();
  bool have_all_ended() const;
  void end_unknown(pid_t mother, bool even_stopped) const;

  Isolation isolation_;
  bool can_set_bases_ = false;
  SameCore core_;
  SocketPair sockets_; // to all of them: they take turns
  Mapping area_;
  std::unique_ptr<Traced> mother_;
  Siblings children_;                        // all there are, idle or not
  std::vector<std::unique_ptr<Child>> idle_; // after socket_, which they use
};

} // namespace snapvm
