/* The SDK's beginning in a program with a C library for Linux: before main(), and before constructors of the
 * program's own, it learns from the auxiliary vector where its buffers are. */
#include "abi.h"

#include <sys/auxv.h>

struct state snapvm_state;

/* native/linux/process_start.cc has the same. */
enum { AUX_PEB = 0x736e6170, AUX_LOG_LEVEL = 0x736e6171 };
/* src/base/abi.ts INITIALISE_SEED */
#define SEED 0x736e6170766d0001

__attribute__((constructor(101))) static void attach(void) {
  snapvm_state.peb = (const struct peb*)getauxval(AUX_PEB);
  if (!snapvm_state.peb) abort(); /* not started by snapvm: there is nobody to serve */
  snapvm_state.seed = SEED;
  snapvm_state.log_level = getauxval(AUX_LOG_LEVEL);
}
