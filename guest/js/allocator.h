/* The memory of the JavaScript engine: one arena, taken once, so that a call makes no system call. */
#ifndef ALLOCATOR_H
#define ALLOCATOR_H

#include "quickjs.h"
#include <stddef.h>

/** Takes the arena: most of what the machine has. Returns how many bytes the engine may use, 0 if there are
 * none. */
size_t allocator_start(void);

/** Memory that is never given back, aligned to pages, for the engine's stack. To be called before anything is
 *  allocated. */
void* allocator_take(size_t size);

/** For JS_NewRuntime2: where the engine allocates its runtime, and what a block takes. */
uint32_t allocator_new_runtime(uint32_t opaque, uint32_t count, uint32_t size);
uint32_t allocator_usable(uint32_t payload);

/** Garbage is collected when the engine's memory has grown to a part of what is left, not before. */
void allocator_watch(JSRuntime* runtime);

/** What is allocated from now on lies together on pages of its own. To be called right before the snapshot.
 */
void allocator_seal(void);

/** Whether an allocation has failed since the last seal. */
int allocator_failed(void);

/** Whether there was not even a small block since the last seal, or large ones were asked for again and
 * again. The engine may have lost a job for want of memory. */
int allocator_exhausted(void);

/** From now on it has not run out. */
void allocator_forgive(void);

/** The arena's used part, for measurements. */
void allocator_bounds(const void** start, const void** end);

#endif
