// A small Linux program without code: what it is given, and what it does, told by a target's input.
#pragma once

#include "arguments.h"
#include "fake_space.h"
#include "linux/process.h"

#include <vector>

namespace snapvm::fuzz {

// Where write_data() puts paths.
constexpr size_t kPaths = 16;
constexpr uint64_t kPathBytes = 64;

// Files, a folder and a link, packed as the engine packs them.
std::span<const uint8_t> sample_archive();
ProcessSpec sample_spec();
// What a program finds in its data: paths, and a stack.
void write_data(AddressSpace& space);

// Reads what can be read of a tree.
void walk(const FileSystem& files, Work& work);

// One system call, or a fault, as a target's input has it. All have the same size, so that a mutation of one
// leaves the others as they are.
struct Step {
  uint8_t what;
  uint8_t number; // index of a handled call
  uint8_t write_bytes;
  uint8_t pad;
  uint16_t write_at;
  uint16_t write_what;
  struct Argument {
    uint8_t how;
    uint8_t kind;
    uint16_t value;
  } arguments[6];
};
static_assert(sizeof(Step) == 32);

// A program's steps: system calls and their arguments, most of them of the kind that the call wants.
class Script {
public:
  Script(Input& input, AddressSpace& space) : input_(input), space_(space) {}

  // Takes the next step. False: it is a fault.
  bool is_next_call();
  // The registers of its system call. It may write to memory first.
  Registers call(const Registers& before);
  SignalInfo fault() const;
  void note_result(uint64_t value);

private:
  uint64_t argument_of(Meaning meaning, const Step::Argument& from);
  uint64_t any_argument(const Step::Argument& from) const;
  void write_memory();
  template <typename T> uint64_t place(const T& structure, uint16_t value);

  Input& input_;
  AddressSpace& space_;
  Step step_{};
  std::vector<uint64_t> results_;
};

// Changes steps of an input whose first `head` bytes are something else. Gives its new size.
size_t mutate_steps(uint8_t* data, size_t bytes, size_t most, size_t head, unsigned seed);

} // namespace snapvm::fuzz
