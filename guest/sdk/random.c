/* ChaCha20 (RFC 8439's block function, 64-bit counter, nonce 0) over the call's entropy. Only the position in
 * the stream is kept: a block is made again when it is needed again, which is cheaper than a page for a
 * buffer. */
#include "abi.h"

static uint64_t position;

void snapvm_random_restart(void) {
  position = 0;
}

static uint32_t rotate(uint32_t value, int count) {
  return value << count | value >> (32 - count);
}

static void quarter_round(uint32_t* x, int a, int b, int c, int d) {
  x[a] += x[b], x[d] = rotate(x[d] ^ x[a], 16);
  x[c] += x[d], x[b] = rotate(x[b] ^ x[c], 12);
  x[a] += x[b], x[d] = rotate(x[d] ^ x[a], 8);
  x[c] += x[d], x[b] = rotate(x[b] ^ x[c], 7);
}

static void block(uint32_t out[16], const uint32_t in[16]) {
  memcpy(out, in, 64);
  for (int round = 0; round < 10; round++) {
    for (int i = 0; i < 4; i++)
      quarter_round(out, i, 4 + i, 8 + i, 12 + i);
    for (int i = 0; i < 4; i++)
      quarter_round(out, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4);
  }
  for (int i = 0; i < 16; i++)
    out[i] += in[i];
}

void snapvm_random(void* out, size_t length) {
  uint32_t input[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
  uint32_t stream[16];
  if (snapvm_state.serving) {
    memcpy(input + 4, snapvm_entropy(), ENTROPY_BYTES);
  } else {
    memcpy(input + 4, &snapvm_state.seed, sizeof snapvm_state.seed);
  }
  for (uint8_t* to = out; length;) {
    size_t skip = position % 64;
    size_t part = length < 64 - skip ? length : 64 - skip;
    input[12] = (uint32_t)(position / 64);
    input[13] = (uint32_t)(position / 64 >> 32);
    block(stream, input);
    memcpy(to, (const uint8_t*)stream + skip, part);
    position += part;
    to += part;
    length -= part;
  }
}
