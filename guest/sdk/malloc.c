/*
 * A small allocator over the heap region: chunks with a sealed header, free ones in lists by power of two,
 * merged with free neighbours. Memory is carved from the front and the book-keeping stands at the heap's
 * first bytes, so a guest that allocates little touches one page.
 */
#include "abi.h"

#define ALIGNMENT 16
#define LISTS 29
#define IN_USE 1u
#define PREVIOUS_FREE 2u
#define FLAGS 15u

/* Followed by the block. A free chunk holds its links there, and its size in its last eight bytes. */
struct chunk {
  uint64_t size_and_flags; /* header included, a multiple of 16 */
  uint64_t seal;           /* of this address and the word above */
  struct chunk *next, *previous;
};
#define HEADER 16
#define SMALLEST 48

struct heap {
  uint8_t* top;   /* where unused memory begins */
  uint8_t* fresh; /* the highest `top` ever: from here on memory is still zero */
  uint8_t* end;
  struct chunk* lists[LISTS];
};
_Static_assert(sizeof(struct heap) % ALIGNMENT == 0, "the first chunk is aligned");

static uint64_t size_of(const struct chunk* chunk) {
  return chunk->size_and_flags & ~(uint64_t)FLAGS;
}
static struct chunk* at(void* address) {
  return address;
}
static struct chunk* after(struct chunk* chunk) {
  return at((uint8_t*)chunk + size_of(chunk));
}
static void* block_of(struct chunk* chunk) {
  return (uint8_t*)chunk + HEADER;
}
static uint64_t* footer(struct chunk* chunk) {
  return (uint64_t*)(void*)after(chunk) - 1;
}

static uint64_t seal_of(const struct chunk* chunk) {
  return ((uintptr_t)chunk ^ 0x736e6170766d6865u) * 0x9e3779b97f4a7c15u ^ chunk->size_and_flags;
}

static void set(struct chunk* chunk, uint64_t size, unsigned flags) {
  chunk->size_and_flags = size | flags;
  chunk->seal = seal_of(chunk);
}

static void check(const struct chunk* chunk) {
  if (chunk->seal != seal_of(chunk))
    snapvm_abort(SNAPVM_ABORT_HEAP, "heap: a block's header was overwritten");
}

static void set_flag(struct chunk* chunk, unsigned flag, int on) {
  check(chunk); /* a new seal must not hide a broken one */
  unsigned flags = chunk->size_and_flags & FLAGS;
  set(chunk, size_of(chunk), on ? flags | flag : flags & ~flag);
}

static struct heap* heap(void) {
  struct heap* heap = (struct heap*)(void*)snapvm_state.peb->heap;
  uint64_t size = snapvm_state.peb->heap_size & ~(uint64_t)(ALIGNMENT - 1);
  if (size < sizeof *heap) return NULL;
  if (!heap->end) {
    heap->top = heap->fresh = (uint8_t*)(heap + 1);
    heap->end = (uint8_t*)heap + size;
  }
  return heap;
}

static int inside(const struct heap* heap, const struct chunk* chunk) {
  const uint8_t* address = (const uint8_t*)chunk;
  return address >= (const uint8_t*)(heap + 1) && address < heap->top && (uintptr_t)address % ALIGNMENT == 0;
}

__attribute__((noreturn)) static void written_after_free(void) {
  snapvm_abort(SNAPVM_ABORT_HEAP, "heap: a block was written after it was freed");
}

static unsigned list_for(uint64_t size) {
  unsigned list = 63 - (unsigned)__builtin_clzll(size) - 5;
  return list < LISTS ? list : LISTS - 1;
}

static void link_free(struct heap* heap, struct chunk* chunk, uint64_t size) {
  struct chunk** list = &heap->lists[list_for(size)];
  set(chunk, size, 0); /* two free chunks never touch, so what stands before is in use */
  *footer(chunk) = size;
  set_flag(after(chunk), PREVIOUS_FREE, 1);
  chunk->next = *list;
  chunk->previous = NULL;
  if (*list) (*list)->previous = chunk;
  *list = chunk;
}

static void unlink_free(struct heap* heap, struct chunk* chunk) {
  check(chunk);
  struct chunk *next = chunk->next, *previous = chunk->previous;
  if ((next && !inside(heap, next)) || (previous && !inside(heap, previous))) written_after_free();
  struct chunk** from = previous ? &previous->next : &heap->lists[list_for(size_of(chunk))];
  if (*from != chunk || (next && next->previous != chunk)) written_after_free();
  *from = next;
  if (next) next->previous = previous;
}

/* Gives back what `chunk` has over `size`, if that makes a chunk. */
static void trim(struct chunk* chunk, uint64_t size) {
  uint64_t spare = size_of(chunk) - size;
  if (spare < SMALLEST) return;
  struct chunk* rest = at((uint8_t*)chunk + size);
  set(chunk, size, chunk->size_and_flags & FLAGS);
  set(rest, spare, IN_USE);
  free(block_of(rest));
}

static struct chunk* take_free(struct heap* heap, uint64_t size) {
  for (unsigned list = list_for(size); list < LISTS; list++) {
    for (struct chunk* chunk = heap->lists[list]; chunk; chunk = chunk->next) {
      if (!inside(heap, chunk)) written_after_free();
      if (size_of(chunk) < size) continue;
      unlink_free(heap, chunk);
      set_flag(chunk, IN_USE, 1);
      set_flag(after(chunk), PREVIOUS_FREE, 0);
      return chunk;
    }
  }
  return NULL;
}

static int grow_top(struct heap* heap, uint64_t by) {
  if (by > (uint64_t)(heap->end - heap->top)) return 0;
  heap->top += by;
  if (heap->top > heap->fresh) heap->fresh = heap->top;
  return 1;
}

/* The chunk size for a request, or 0 when no heap could hold it. */
static uint64_t chunk_size(size_t request) {
  if (request > PTRDIFF_MAX) return 0;
  uint64_t size = (request + HEADER + ALIGNMENT - 1) & ~(uint64_t)(ALIGNMENT - 1);
  return size < SMALLEST ? SMALLEST : size;
}

void* malloc(size_t request) {
  struct heap* from = heap();
  uint64_t size = chunk_size(request);
  if (!from || !size) return NULL;
  struct chunk* chunk = take_free(from, size);
  if (chunk) {
    trim(chunk, size);
    return block_of(chunk);
  }
  chunk = at(from->top);
  if (!grow_top(from, size)) return NULL;
  set(chunk, size, IN_USE);
  return block_of(chunk);
}

/* The chunk of a block that is in use; anything else is the guest's error. */
static struct chunk* owned(struct heap* heap, void* block) {
  uint8_t* address = block;
  if (!heap || address < (uint8_t*)(heap + 1) + HEADER || address >= heap->end ||
      (uintptr_t)block % ALIGNMENT) {
    snapvm_abort(SNAPVM_ABORT_HEAP, "heap: freed a pointer that malloc did not return");
  }
  struct chunk* chunk = at(address - HEADER);
  if (chunk->seal != seal_of(chunk) || !(chunk->size_and_flags & IN_USE)) {
    snapvm_abort(SNAPVM_ABORT_HEAP, "heap: double free, or a block's header was overwritten");
  }
  return chunk;
}

void free(void* block) {
  if (!block) return;
  struct heap* to = heap();
  struct chunk* chunk = owned(to, block);
  uint64_t size = size_of(chunk);
  unsigned flags = chunk->size_and_flags;
  chunk->seal = 0; /* if it becomes part of another chunk, a second free() finds no header */
  if ((uint8_t*)chunk + size != to->top) {
    struct chunk* next = at((uint8_t*)chunk + size);
    check(next);
    if (!(next->size_and_flags & IN_USE)) {
      unlink_free(to, next);
      size += size_of(next);
      next->seal = 0;
    }
  }
  if (flags & PREVIOUS_FREE) {
    uint64_t before = ((uint64_t*)(void*)chunk)[-1];
    if (before > (uint64_t)((uint8_t*)chunk - (uint8_t*)(to + 1))) written_after_free();
    chunk = at((uint8_t*)chunk - before);
    if (!inside(to, chunk) || size_of(chunk) != before) written_after_free();
    unlink_free(to, chunk);
    chunk->seal = 0;
    size += before;
  }
  if ((uint8_t*)chunk + size == to->top) {
    to->top = (uint8_t*)chunk;
  } else {
    link_free(to, chunk, size);
  }
}

void* calloc(size_t count, size_t size) {
  size_t total;
  if (__builtin_mul_overflow(count, size, &total)) return NULL;
  struct heap* from = heap();
  uint8_t* fresh = from ? from->fresh : NULL;
  uint8_t* block = malloc(total);
  if (!block) return NULL;
  /* What was never handed out is zero already: do not touch its pages. */
  size_t used = block < fresh ? (size_t)(fresh - block) : 0;
  return memset(block, 0, used < total ? used : total);
}

void* realloc(void* block, size_t request) {
  if (!block) return malloc(request);
  struct heap* from = heap();
  struct chunk* chunk = owned(from, block);
  uint64_t size = chunk_size(request);
  uint64_t have = size_of(chunk);
  if (!size) return NULL;
  if (size > have && (uint8_t*)chunk + have == from->top && grow_top(from, size - have)) {
    set(chunk, size, chunk->size_and_flags & FLAGS);
    return block;
  }
  if (size <= have) {
    trim(chunk, size);
    return block;
  }
  void* moved = malloc(request);
  if (!moved) return NULL;
  memcpy(moved, block, have - HEADER);
  free(block);
  return moved;
}
