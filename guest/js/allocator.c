/*
 * Small blocks are cut off a growing region and kept in free lists by size; large ones come from the arena's
 * other end, where neighbours are joined. Every block has a header of 8 bytes and a payload aligned to 16.
 * All of the header but three bytes is the engine's: it counts references there.
 *
 * What matters here is not the time an allocation takes but how many pages a call writes, since each of them
 * is put back before the next one. So blocks that were freed before the snapshot are left alone ("cold") as
 * long as there is fresh memory: a call's objects then lie side by side instead of one on each page with a
 * hole in it.
 */
#include "allocator.h"
#include "engine-impl.h"
#include <string.h>
#include <sys/sysinfo.h>
#include <unistd.h>

enum {
  HEADER = 8,
  GRAIN = 16,
  LARGE_GRAIN = 128,
  PAGE = 4096,
  LINEAR_LIMIT = 1024, /* block sizes in steps of GRAIN up to here, then four steps for each doubling */
  SMALL_LIMIT = 32768,
  LINEAR_CLASSES = LINEAR_LIMIT / GRAIN,
  CLASSES = LINEAR_CLASSES + 5 * 4,
  RESERVE = 128 * 1024, /* for the error that says there is no memory */
  RESERVE_BLOCK = 1024,
  SIZE_BITS = 24, /* of a header: a size in GRAINs, or in LARGE_GRAINs from SMALL_SIZES on */
  SMALL_SIZES = 4096,
  MOST_REFUSED = 1000, /* large blocks: whoever asks for more gets none of them either */
};

#define SIZE_MASK ((1u << SIZE_BITS) - 1)
#define LIBRARY_BYTES (1ul << 20) /* left to the C library */
#define LEAST_BYTES (4ul << 20)
#define MOST_BYTES (1ul << 30)
#define GC_LEAST_STEP (1ul << 20)
#define GC_PATIENCE (64ul << 10)

struct block {
  uint32_t size; /* as set_size() has it, in its lower SIZE_BITS */
  uint32_t references;
  struct block* next; /* of a free block */
};

static size_t size_of(const struct block* block) {
  size_t size = block->size & SIZE_MASK;
  return size < SMALL_SIZES ? size * GRAIN : (size - SMALL_SIZES) * LARGE_GRAIN;
}

/* Header included. */
static void set_size(struct block* block, size_t size) {
  block->size = (uint32_t)(size <= SMALL_LIMIT ? size / GRAIN : SMALL_SIZES + size / LARGE_GRAIN);
}

static struct {
  uint8_t *start, *small, *large, *end;
  struct block* fresh[CLASSES];
  struct block* cold[CLASSES];
  struct block* holes; /* free large blocks by address, no two side by side */
  JSRuntime* runtime;
  size_t look_at; /* a collection is due, or should have been made, when so much is used */
  int collecting;
  int failed;
  int refused;
  int exhausted;
} arena;

static size_t round_up(size_t value, size_t to) {
  return (value + to - 1) & ~(to - 1);
}

size_t allocator_start(void) {
  struct sysinfo info;
  if (sysinfo(&info) != 0) return 0;
  size_t size = (size_t)info.freeram * info.mem_unit;
  if (size <= LIBRARY_BYTES) return 0;
  size = size > MOST_BYTES + LIBRARY_BYTES ? MOST_BYTES : size - LIBRARY_BYTES;
  for (size &= ~(size_t)(PAGE - 1); size >= LEAST_BYTES; size -= round_up(size / 16, PAGE)) {
    /* Behind the program, which lies where 32 bits reach. */
    void* memory = sbrk((intptr_t)size);
    if (memory == (void*)-1) continue;
    arena.start = (uint8_t*)round_up((uintptr_t)memory, PAGE);
    size -= (size_t)(arena.start - (uint8_t*)memory);
    arena.small = arena.start + HEADER; /* so that payloads are aligned */
    arena.end = arena.start + size - HEADER;
    arena.large = arena.end;
    arena.look_at = SIZE_MAX;
    return size - RESERVE;
  }
  return 0;
}

/* Sizes up to 2,048 in steps of 256 and so on: the class is where the three highest bits say. */
static unsigned class_of(size_t size) {
  if (size <= LINEAR_LIMIT) return (unsigned)(size / GRAIN) - 1;
  unsigned shift = 61 - (unsigned)__builtin_clzl(size - 1);
  return LINEAR_CLASSES + (shift - 8) * 4 + (unsigned)((size - 1) >> shift) - 4;
}

static size_t class_size(size_t size) {
  if (size <= LINEAR_LIMIT) return round_up(size, GRAIN);
  return round_up(size, (size_t)1 << (61 - __builtin_clzl(size - 1)));
}

static struct block* pop(struct block** list) {
  struct block* block = *list;
  if (block) *list = block->next;
  return block;
}

static size_t room(size_t size) {
  size_t gap = (size_t)(arena.large - arena.small);
  return arena.failed && size <= RESERVE_BLOCK ? gap : gap > RESERVE ? gap - RESERVE : 0;
}

static struct block* take_small(size_t size) {
  size_t rounded = class_size(size);
  unsigned class = class_of(rounded);
  struct block* block = pop(&arena.fresh[class]);
  if (block) return block;
  if (rounded <= room(rounded)) {
    block = (struct block*)arena.small;
    arena.small += rounded;
    set_size(block, rounded);
    return block;
  }
  /* A block that is too large is better than none. */
  for (; class < CLASSES; class ++) {
    if ((block = pop(&arena.fresh[class])) || (block = pop(&arena.cold[class]))) return block;
  }
  return NULL;
}

static struct block* take_large(size_t size) {
  size = round_up(size, LARGE_GRAIN);
  for (struct block** link = &arena.holes; *link; link = &(*link)->next) {
    struct block* hole = *link;
    size_t found = size_of(hole);
    if (found < size) continue;
    if (found - size <= SMALL_LIMIT) {
      *link = hole->next;
      return hole;
    }
    /* Its upper part, so that the rest stays where it is in the list. */
    set_size(hole, found - size);
    struct block* block = (struct block*)((uint8_t*)hole + found - size);
    set_size(block, size);
    return block;
  }
  if (size > room(size)) return NULL;
  arena.large -= size;
  struct block* block = (struct block*)arena.large;
  set_size(block, size);
  return block;
}

static uint8_t* end_of(struct block* block) {
  return (uint8_t*)block + size_of(block);
}

static void give_large(struct block* block) {
  struct block *before = NULL, *after = arena.holes;
  while (after && after < block)
    before = after, after = after->next;
  block->next = after;
  if (after && end_of(block) == (uint8_t*)after) {
    set_size(block, size_of(block) + size_of(after));
    block->next = after->next;
  }
  if (before && end_of(before) == (uint8_t*)block) {
    set_size(before, size_of(before) + size_of(block));
    before->next = block->next;
  } else if (before) {
    before->next = block;
  } else {
    arena.holes = block;
  }
  if ((uint8_t*)arena.holes == arena.large) {
    arena.large = end_of(arena.holes);
    arena.holes = arena.holes->next;
  }
}

static struct block* block_of(const void* payload) {
  return (struct block*)((uintptr_t)payload - HEADER);
}

static void* payload_of(struct block* block) {
  return (uint8_t*)block + HEADER;
}

static size_t usable(const void* payload) {
  return payload ? size_of(block_of(payload)) - HEADER : 0;
}

/* The next collection: when what is used has grown half-way to the end. */
static void wait(size_t used) {
  size_t left = (size_t)(arena.end - arena.start) - used;
  arena.collecting = 0;
  arena.look_at = used + (left / 2 > GC_LEAST_STEP ? left / 2 : GC_LEAST_STEP);
  JS_SetGCThreshold(arena.runtime, SIZE_MAX);
}

/* Left to itself the engine would collect when its memory has grown by half since the last time, which may be
 * more than there is. It collects when it creates an object, so it is given some memory's time to do so. */
static void look(size_t used) {
  if (arena.collecting) {
    wait(used);
    return;
  }
  arena.collecting = 1;
  arena.look_at = used + GC_PATIENCE;
  JS_SetGCThreshold(arena.runtime, 0);
}

/* The engine's own count, which it compares with the threshold: where its runtime has it. */
static u32* count_of(u32 runtime) {
  return POINTER(runtime + 24);
}

static void* allocate(u32 runtime, size_t size) {
  struct block* block = NULL;
  if (size <= SMALL_LIMIT - HEADER) {
    block = take_small(size + HEADER);
  } else if (size < MOST_BYTES) {
    block = take_large(size + HEADER);
  }
  if (!block) {
    arena.failed = 1;
    if (size <= SMALL_LIMIT || ++arena.refused >= MOST_REFUSED) arena.exhausted = 1;
    return NULL;
  }
  u32 used = *count_of(runtime) += (u32)size_of(block);
  if (used > arena.look_at) look(used);
  return payload_of(block);
}

static void release(u32 runtime, void* payload) {
  if (!payload) return;
  struct block* block = block_of(payload);
  *count_of(runtime) -= (u32)size_of(block);
  if (size_of(block) > SMALL_LIMIT) {
    give_large(block);
    return;
  }
  struct block** list = &arena.fresh[class_of(size_of(block))];
  block->next = *list;
  *list = block;
}

static void* reallocate(u32 runtime, void* payload, size_t size) {
  if (!payload) return size ? allocate(runtime, size) : NULL;
  if (!size) {
    release(runtime, payload);
    return NULL;
  }
  size_t before = usable(payload);
  /* Shrinking in place wastes what is cut off; worth a copy only for the larger blocks. */
  if (size <= before && (before <= LINEAR_LIMIT || size >= before / 2)) return payload;
  void* moved = allocate(runtime, size);
  if (!moved) return size <= before ? payload : NULL;
  memcpy(moved, payload, size < before ? size : before);
  struct block *to = block_of(moved), *from = block_of(payload);
  to->size = (to->size & SIZE_MASK) | (from->size & ~SIZE_MASK);
  to->references = from->references;
  release(runtime, payload);
  return moved;
}

/* ---- in place of the engine's own, which would lay pages of its own over these ---- */

static u32 address(const void* pointer) {
  return (u32)(uintptr_t)pointer;
}

u32 engine_js_malloc_rt(u32 runtime, u32 size) {
  return size ? address(allocate(runtime, size)) : 0;
}

u32 engine_js_calloc_rt(u32 runtime, u32 count, u32 size) {
  u64 bytes = (u64)count * size;
  void* payload = bytes ? allocate(runtime, bytes) : NULL;
  return payload ? address(memset(payload, 0, bytes)) : 0;
}

void engine_js_free_rt(u32 runtime, u32 payload) {
  release(runtime, POINTER(payload));
}

u32 engine_js_realloc_rt(u32 runtime, u32 payload, u32 size) {
  return address(reallocate(runtime, POINTER(payload), size));
}

u32 engine_js_malloc_usable_size_rt(u32 runtime, u32 payload) {
  (void)runtime;
  return (u32)usable(POINTER(payload));
}

u32 allocator_new_runtime(u32 opaque, u32 count, u32 size) {
  static u32 no_runtime[8];
  (void)opaque;
  return engine_js_calloc_rt(address(no_runtime), count, size);
}

u32 allocator_usable(u32 payload) {
  return (u32)usable(POINTER(payload));
}

void* allocator_take(size_t size) {
  if (size > room(SIZE_MAX)) return NULL;
  arena.end -= round_up(size, PAGE);
  arena.large = arena.end;
  return arena.large + HEADER;
}

void allocator_watch(JSRuntime* runtime) {
  arena.runtime = runtime;
  wait((size_t)(arena.small - arena.start) + (size_t)(arena.end - arena.large));
}

void allocator_forgive(void) {
  arena.refused = 0;
  arena.exhausted = 0;
}

void allocator_seal(void) {
  for (unsigned class = 0; class < CLASSES; class ++) {
    struct block* list = arena.fresh[class];
    if (!list) continue;
    while (list->next)
      list = list->next;
    list->next = arena.cold[class];
    arena.cold[class] = arena.fresh[class];
    arena.fresh[class] = NULL;
  }
  size_t used = (size_t)(arena.small - arena.start);
  size_t sealed = round_up(used, PAGE) + HEADER;
  if (sealed + RESERVE < (size_t)(arena.large - arena.start)) arena.small = arena.start + sealed;
  arena.failed = 0;
  allocator_forgive();
}

int allocator_failed(void) {
  return arena.failed;
}

int allocator_exhausted(void) {
  return arena.exhausted;
}

void allocator_bounds(const void** start, const void** end) {
  *start = arena.start;
  *end = arena.end;
}
