// A small Linux program without code: what it is given, and what it does, told by a target's input.
#pragma once

#include "fake_space.h"
#include "linux/process.h"

#include <vector>

namespace snapvm::fuzz {

// Files, a folder and a link, packed as the engine packs them.
std::span<const uint8_t> sample_archive();
ProcessSpec sample_spec();
// What a program finds in its data: paths, and a stack.
void write_data(AddressSpace& space);
// Whether the call is one that changes what is mapped.
bool is_memory_call(uint64_t number);

// A program's steps: system calls and their arguments, made of addresses, descriptors and numbers that mean
// something, and of others.
class Script {
public:
  Script(Input& input, AddressSpace& space) : input_(input), space_(space) {}

  // The registers of the next system call. It may write to memory first.
  Registers next_call(const Registers& before);
  SignalInfo next_fault();
  void note_result(uint64_t value) { results_.push_back(value); }

private:
  uint64_t argument();
  void write_memory();

  Input& input_;
  AddressSpace& space_;
  std::vector<uint64_t> results_;
};

} // namespace snapvm::fuzz
