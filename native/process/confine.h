// What a process gives up before a guest runs in it. See docs/security.md.
#pragma once

#include "process/traced.h"

#include <cstdint>
#include <span>

namespace snapvm {

// Memory that this thread has at `data` and the process at `address`, a page or more: for arguments of its
// system calls that are pointers.
struct SharedArea {
  uint8_t* data;
  uint64_t address;
};

// Moves the vDSO to STUB_VDSO, before it is unmapped with the rest: the kernel goes on to use its address.
void move_vdso(Traced& process, uint64_t from);
// Has the zygote give up its privileges and all memory but the stub. True: it was root and is nobody now.
// @throws Error
bool give_up_privileges(Traced& process, const SharedArea& area, bool own_user_namespace);
// Locks in a process that guests are to run in: from now on it can make no process, and no system call but
// the stub's few. @throws Error
void lock(Traced& process, const SharedArea& area, uint64_t frame_bytes);

} // namespace snapvm
