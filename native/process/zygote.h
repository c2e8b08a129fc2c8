// The process from which one thread clones its guest processes. It starts as nothing but the stub and gives
// up every privilege it can; a clone of it takes a tenth of the time. No guest runs in it. When the zygote
// dies its clones die too: it is the first process of their PID namespace, or else their parent.
#pragma once

#include "process/guest_process.h"
#include "process/zygote_start.h"

#include <memory>

namespace snapvm {

class Zygote {
public:
  Zygote() = default;
  ~Zygote() { reap(); } // while the list of its clones is still there: waiting for the zygote reads it
  Zygote(const Zygote&) = delete;
  Zygote& operator=(const Zygote&) = delete;

  // A new guest process. Makes the zygote first where there is none, or it has been killed.
  // @throws Error SNAPVM_HOST_PROCESS saying what the system forbids
  std::unique_ptr<GuestProcess> spawn();
  // What the system lets the guest processes have of their own; known once there was a zygote.
  const Isolation& isolation() const { return isolation_; }
  // Whether ring 3 can set the bases of FS and GS, whatever the kernel says about it.
  bool can_set_bases() const { return can_set_bases_; }

private:
  void make();
  // Null: the zygote or the new process was killed meanwhile.
  std::unique_ptr<GuestProcess> try_clone();
  void reap();
  bool have_all_clones_ended() const;
  void reap_unknown(pid_t zygote, bool even_stopped) const;

  Isolation isolation_;
  bool can_set_bases_ = false;
  SocketPair sockets_; // for all clones, which take turns until they have settled and have one of their own
  Mapping area_;       // the memory that the zygote and a new clone share with this thread
  std::unique_ptr<Traced> process_;
  Siblings clones_; // every clone there is, in use or not
};

} // namespace snapvm
