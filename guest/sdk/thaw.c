/* The hook of a guest that has none; in a file of its own, so that a guest's own takes its place. */
#include "abi.h"

void snapvm_on_thaw(void) {}
