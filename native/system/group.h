/* One more wrapper, as in calls.h: sys_waitid_group tells of a process of a group that has ended or stopped,
 * as waitid(2) does. */
#ifndef SNAPVM_SYSTEM_GROUP_H
#define SNAPVM_SYSTEM_GROUP_H

#include "system/calls.h"

static inline int sys_waitid_group(pid_t group, siginfo_t* info, int options) {
  if (snapvm_refuses("waitid", 0, 0)) return -1;
  return waitid(P_PGID, (id_t)group, info, options);
}

#endif
