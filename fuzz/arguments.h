// What the arguments of each system call mean, so that most of a target's calls get as far as they can.
#pragma once

#include <cstdint>

namespace snapvm::fuzz {

enum class Meaning : char {
  Any = '.',
  Descriptor = 'f',
  Folder = 'd', // or AT_FDCWD
  Path = 'p',
  Buffer = 'b',
  Length = 'n',
  Small = 'i',
  OpenFlags = 'o',
  Signal = 's',
  Id = 't',
  Mapping = 'm',
  Pages = 'l',
  Rights = 'r',
  MapFlags = 'g',
  MaskBytes = 'z',
  // These are addresses of structures, which are written before the call.
  Pieces = 'v',
  Action = 'a',
  Time = 'w',
  Stack = 'k',
};

// Of the argument `index` of a system call; Any where nothing is known.
Meaning meaning_of(uint64_t number, unsigned index);

} // namespace snapvm::fuzz
