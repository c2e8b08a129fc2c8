/*
 * What the engine's C, which was WebAssembly (scripts/translate-engine.mjs), is made of. Its memory is no
 * sandbox: the machine is one. So an address is a pointer of 32 bits, nothing is checked, and whatever lies
 * below 4 GiB can be given to the engine: all of the runtime but its stack.
 */
#ifndef WASM_H
#define WASM_H

#include <math.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t u8;
typedef int8_t s8;
typedef uint16_t u16;
typedef int16_t s16;
typedef uint32_t u32;
typedef int32_t s32;
typedef uint64_t u64;
typedef int64_t s64;
typedef float f32;
typedef double f64;

enum {
  OWN_FUNCTIONS = 32, /* places in the table for functions of the runtime */
  ENGINE_DATA = 0x100000,
  ENGINE_PAGES = 18, /* of 64 KiB; it gets no more of them */
};

extern u32 engine_stack_pointer;
extern void (*engine_table[])(void);
extern const u32 engine_table_used;

#define CALL(type, place) ((type)engine_table[place])

#define FUNC_PROLOGUE
#define FUNC_EPILOGUE
#define UNREACHABLE __builtin_trap()

#define POINTER(address) ((void*)(uintptr_t)(address))

#define DEFINE_LOAD(name, stored, as, given)                                                                 \
  static inline given name##_default32(u64 address) {                                                        \
    stored value;                                                                                            \
    memcpy(&value, POINTER(address), sizeof value);                                                          \
    return (given)(as)value;                                                                                 \
  }
#define DEFINE_STORE(name, stored, given)                                                                    \
  static inline void name##_default32(u64 address, given value) {                                            \
    stored cut = (stored)value;                                                                              \
    memcpy(POINTER(address), &cut, sizeof cut);                                                              \
  }

DEFINE_LOAD(i32_load, u32, u32, u32)
DEFINE_LOAD(i64_load, u64, u64, u64)
DEFINE_LOAD(f32_load, f32, f32, f32)
DEFINE_LOAD(f64_load, f64, f64, f64)
DEFINE_LOAD(i32_load8_s, s8, s32, u32)
DEFINE_LOAD(i64_load8_s, s8, s64, u64)
DEFINE_LOAD(i32_load8_u, u8, u32, u32)
DEFINE_LOAD(i64_load8_u, u8, u64, u64)
DEFINE_LOAD(i32_load16_s, s16, s32, u32)
DEFINE_LOAD(i64_load16_s, s16, s64, u64)
DEFINE_LOAD(i32_load16_u, u16, u32, u32)
DEFINE_LOAD(i64_load16_u, u16, u64, u64)
DEFINE_LOAD(i64_load32_s, s32, s64, u64)
DEFINE_LOAD(i64_load32_u, u32, u64, u64)
DEFINE_STORE(i32_store, u32, u32)
DEFINE_STORE(i64_store, u64, u64)
DEFINE_STORE(f32_store, f32, f32)
DEFINE_STORE(f64_store, f64, f64)
DEFINE_STORE(i32_store8, u8, u32)
DEFINE_STORE(i32_store16, u16, u32)
DEFINE_STORE(i64_store8, u8, u64)
DEFINE_STORE(i64_store16, u16, u64)
DEFINE_STORE(i64_store32, u32, u64)

#define memory_fill(to, byte, length) memset(POINTER(to), (int)(byte), length)
#define memory_copy(to, from, length) memmove(POINTER(to), POINTER(from), length)
#define memory_grow(pages) (~(pages) | ~0u) /* none */

#define I32_CLZ(x) ((x) ? (u32)__builtin_clz(x) : 32)
#define I64_CLZ(x) ((x) ? (u64)__builtin_clzll(x) : 64)
#define I32_CTZ(x) ((x) ? (u32)__builtin_ctz(x) : 32)
#define I64_CTZ(x) ((x) ? (u64)__builtin_ctzll(x) : 64)
#define I32_POPCNT(x) ((u32)__builtin_popcount(x))
#define I64_POPCNT(x) ((u64)__builtin_popcountll(x))
#define I32_ROTL(x, y) ((x) << ((y)&31) | (x) >> (-(y)&31))
#define I32_ROTR(x, y) ((x) >> ((y)&31) | (x) << (-(y)&31))
#define I64_ROTL(x, y) ((x) << ((y)&63) | (x) >> (-(y)&63))
#define I64_ROTR(x, y) ((x) >> ((y)&63) | (x) << (-(y)&63))

/* Dividing by zero, or the smallest number by -1, is a fault of the processor. */
#define I32_DIV_S(x, y) ((u32)((s32)(x) / (s32)(y)))
#define I64_DIV_S(x, y) ((u64)((s64)(x) / (s64)(y)))
#define I32_REM_S(x, y) ((s32)(y) == -1 ? 0 : (u32)((s32)(x) % (s32)(y)))
#define I64_REM_S(x, y) ((s64)(y) == -1 ? 0 : (u64)((s64)(x) % (s64)(y)))
#define DIV_U(x, y) ((x) / (y))
#define REM_U(x, y) ((x) % (y))

#define SATURATE(to, from, least, most, x)                                                                   \
  ((x) != (x) ? 0 : (x) <= (from)(least) ? (to)(least) : (x) >= (from)(most) ? (to)(most) : (to)(x))
#define I32_TRUNC_SAT_S_F64(x) ((u32)SATURATE(s32, f64, INT32_MIN, INT32_MAX, x))
#define I32_TRUNC_SAT_U_F64(x) SATURATE(u32, f64, 0, UINT32_MAX, x)
#define I64_TRUNC_SAT_S_F64(x) ((u64)SATURATE(s64, f64, INT64_MIN, INT64_MAX, x))
#define I64_TRUNC_SAT_U_F64(x) SATURATE(u64, f64, 0, UINT64_MAX, x)
#define I32_TRUNC_SAT_S_F32(x) I32_TRUNC_SAT_S_F64((f64)(x))
#define I32_TRUNC_SAT_U_F32(x) I32_TRUNC_SAT_U_F64((f64)(x))
#define I64_TRUNC_SAT_S_F32(x) I64_TRUNC_SAT_S_F64((f64)(x))
#define I64_TRUNC_SAT_U_F32(x) I64_TRUNC_SAT_U_F64((f64)(x))
#define I32_TRUNC_S_F64 I32_TRUNC_SAT_S_F64
#define I32_TRUNC_U_F64 I32_TRUNC_SAT_U_F64
#define I64_TRUNC_S_F64 I64_TRUNC_SAT_S_F64
#define I64_TRUNC_U_F64 I64_TRUNC_SAT_U_F64
#define I32_TRUNC_S_F32 I32_TRUNC_SAT_S_F32

#define FMIN(x, y)                                                                                           \
  ((x) != (x) || (y) != (y) ? NAN : (x) == 0 && (y) == 0 ? (signbit(x) ? x : y) : (x) < (y) ? x : y)
#define FMAX(x, y)                                                                                           \
  ((x) != (x) || (y) != (y) ? NAN : (x) == 0 && (y) == 0 ? (signbit(x) ? y : x) : (x) > (y) ? x : y)

#define DEFINE_REINTERPRET(name, from, to)                                                                   \
  static inline to name(from value) {                                                                        \
    to result;                                                                                               \
    memcpy(&result, &value, sizeof result);                                                                  \
    return result;                                                                                           \
  }
DEFINE_REINTERPRET(f32_reinterpret_i32, u32, f32)
DEFINE_REINTERPRET(i32_reinterpret_f32, f32, u32)
DEFINE_REINTERPRET(f64_reinterpret_i64, u64, f64)
DEFINE_REINTERPRET(i64_reinterpret_f64, f64, u64)

#define wasm_quiet(x) (x)
#define wasm_quietf(x) (x)
#define wasm_floor floor
#define wasm_floorf floorf
#define wasm_ceil ceil
#define wasm_ceilf ceilf
#define wasm_trunc trunc
#define wasm_truncf truncf
#define wasm_nearbyint nearbyint
#define wasm_nearbyintf nearbyintf
#define wasm_fabs fabs
#define wasm_fabsf fabsf
#define wasm_sqrt sqrt
#define wasm_sqrtf sqrtf

#endif
