// What a process gives up before it runs a guest. See docs/security.md.
#pragma once

#include "process/traced.h"

#include <cstdint>
#include <span>

namespace snapvm {

// Memory of this thread's that the process sees at `address`, for arguments that are pointers.
struct SharedArea {
  uint8_t* data;
  uint64_t address;
};

// Has the vDSO lie at STUB_VDSO before it is unmapped with the rest: the kernel goes on to use its address.
void move_vdso(Traced& process, uint64_t from);
// Of the process that the others are made from: privileges, other memory, descriptors. True: it was root and
// is nobody now. @throws Error
bool give_up_privileges(Traced& process, const SharedArea& area, bool own_user_namespace);
// Of a process that is to run guests: making processes, and every system call but the stub's few.
void lock(Traced& process, const SharedArea& area, uint64_t frame_bytes);

} // namespace snapvm
