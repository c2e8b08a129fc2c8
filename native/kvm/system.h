// /dev/kvm: what this machine's KVM offers, probed once per process, and the calls that are its own.
#pragma once

#include "memory/fd.h"

#include <cstdint>
#include <linux/kvm.h>
#include <vector>

namespace snapvm {

// How ring 3 is given its ports (docs/architecture/entry-and-exits.md): by the TSS I/O bitmap with TR's type
// as VMX demands or as some SVM implementations do, or, where neither works, by IOPL 3 with the host refusing
// what it must.
enum class PortMode : uint8_t { Bitmap11, Bitmap9, Iopl3 };

class System {
public:
  // The one of this process: opens /dev/kvm and checks what snapvm cannot do without.
  // @throws Error SNAPVM_HOST_KVM saying what is missing
  static const System& get();
  // Asks everything anew.
  static System ask();
  // KVM_CREATE_VM. Gives an empty descriptor, with errno set, when it fails.
  Fd create_vm() const;

  int run_bytes = 0;           // the size of the kvm_run mapping
  uint32_t dirty_ring_max = 0; // the size in bytes of the largest dirty ring
  bool msr_filter = false;
  uint64_t xcr0 = 0;      // x87, SSE, AVX, AVX-512 and PKRU, as far as KVM offers them; never AMX
  size_t xsave_bytes = 0; // the size of an XSAVE area with all of xcr0, in the standard format
  bool fsgsbase = false;
  bool pku = false; // protection keys of user pages
  std::vector<kvm_cpuid_entry2> cpuid;

private:
  void read_cpuid();

  Fd fd_;
};

} // namespace snapvm
