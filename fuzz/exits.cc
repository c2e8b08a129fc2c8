// What a sandbox makes of a guest's exits and messages, with a machine whose guest is the fuzzer's. Every run
// ends in an outcome or a typed error, and after a restore nothing is left.
#include "error.h"
#include "program.h"
#include "sandbox/sandbox.h"

#include <map>

namespace snapvm::fuzz {
namespace {

constexpr uint8_t kEntropy[32] = {};
constexpr GuestLimits kLimits{.exits = 64, .log_bytes = 4096};
constexpr uint64_t kTicket = 1;
constexpr size_t kMostRuns = 16;
struct Port {
  uint16_t number;
  OutputKind says; // what its message is, most of the time
};
constexpr Port kPorts[] = {{PORT_LOG, OutputKind::Log},     {PORT_HOST_CALL, OutputKind::HostCall},
                           {PORT_ABORT, OutputKind::Abort}, {PORT_PRINT, OutputKind::Log},
                           {PORT_DONE, OutputKind::Result}, {PORT_DONE, OutputKind::Ready}};

class FakeMemory final : public GuestMemory {
public:
  FakeMemory(const MemoryShape& shape, std::vector<Layer> layers) : GuestMemory(shape, std::move(layers)) {
    constexpr int kOwn = MAP_PRIVATE | MAP_ANONYMOUS;
    slots_[kImageSlot] = Mapping(shape_.image_bytes, PROT_READ | PROT_WRITE, kOwn, -1, 0, "mmap");
    slots_[kScratchSlot] = Mapping(shape_.scratch_bytes, PROT_READ | PROT_WRITE, kOwn, -1, 0, "mmap");
    size_private();
    for (const SlotId slot : {kImageSlot, kScratchSlot}) {
      for (uint64_t offset = 0; offset < slot_bytes(slot); offset += kPage)
        if (const uint8_t* content = golden(slot, offset))
          std::memcpy(slot_data(slot) + offset, content, kPage);
    }
  }
  const uint8_t* view(uint64_t gpa, uint64_t length) const override { return at(gpa, length); }
  void make_private(SlotId slot, uint64_t first_page, uint64_t pages) override {
    require((first_page + pages) * kPage <= slot_bytes(slot), "a private page is one of its slot");
    for (uint64_t page = first_page; page < first_page + pages; page++)
      note_private(slot, page);
  }
};

class FakeMachine final : public Machine {
public:
  FakeMachine(const Snapshot& snapshot, Input& input)
      : Machine(std::make_unique<FakeMemory>(snapshot.memory, snapshot.layers)), input_(input),
        script_(input, space_) {
    write_data(space_);
  }

  void restore() override {
    sticky_.copy_back();
    space_ = FakeSpace();
    write_data(space_);
  }
  void enter_at(const Registers& registers, const EntryBlock&) override { registers_ = registers; }
  void go_on_with(const Registers& registers) override {
    require(registers.rip < kUserEnd, "a program goes on at an address it can have");
    require((registers.rflags & ~(kUserFlags | kFixedFlags)) == 0, "with flags it may have");
    registers_ = registers;
  }
  Exit run() override {
    if (input_.done()) return ShutdownExit{};
    const uint8_t choice = input_.byte();
    switch (choice / 4 % 16) {
    case 0:
    case 1: {
      if (script_.is_next_call()) registers_ = script_.call(registers_);
      registers_.rflags = kFixedFlags;
      return SyscallExit{};
    }
    case 2: {
      Fault fault{.vector = static_cast<uint8_t>(input_.byte() % 32),
                  .error_code = input_.byte(),
                  .rip = registers_.rip,
                  .cr2 = input_.value<uint64_t>(),
                  .rsp = registers_.rsp,
                  .rflags = registers_.rflags};
      return FaultExit{.fault = fault, .final = input_.byte() % 4 == 0};
    }
    case 3:
      return InterruptedExit{};
    case 4:
      return UnsupportedExit{"did something"};
    case 5:
      registers_.rip = input_.value<uint64_t>();
      return InterruptedExit{};
    default: {
      const Port& port = kPorts[input_.byte() % std::size(kPorts)];
      if (choice % 4 != 0) write_message(port.says);
      registers_.rax = input_.byte() % 8 == 0 ? input_.value<uint64_t>() : kImageBase;
      return exit_of_port(port.number, input_.byte()).value();
    }
    }
  }
  const Registers& registers() override { return registers_; }
  void finish_ready() override {}
  void collect_dirty() override {}
  StopTarget stop_target() override { return {.flag = &stop_}; }
  std::vector<uint8_t> capture_system() override { return {}; }
  AddressSpace& space() override { return space_; }
  VectorState& vectors() override { return vectors_; }
  bool has_fsgsbase() const override { return true; }
  uint64_t overhead_bytes() const override { return 0; }

private:
  // What a guest has in its output buffer: lengths near the limits, or any bytes.
  void write_message(OutputKind kind) {
    const MemoryShape& shape = memory_->shape();
    const uint8_t how = input_.byte();
    OutputHeader header{.abi = kGuestAbi,
                        .kind = how % 16 == 15 ? input_.byte() % 8u : uint32_t(kind),
                        .code = input_.byte() % 4u,
                        .name_length = input_.byte(),
                        .length = input_.value<uint16_t>() % (2 * kPage),
                        .reserved = {}};
    if (how % 32 == 31) header.abi = input_.byte();
    if (how % 32 == 30) header.length = input_.value<uint64_t>();
    if (how % 32 == 29) header.name_length = input_.value<uint32_t>();
    const uint64_t first = shape.input_bytes / kPage;
    for (uint64_t page = first; page < first + shape.output_bytes / kPage; page++)
      sticky_.add(kScratchSlot, page);
    std::memcpy(memory_->output(), &header, sizeof header);
    const auto body = input_.bytes(how / 4);
    if (!body.empty()) std::memcpy(memory_->output() + sizeof header, body.data(), body.size());
  }

  Input& input_;
  FakeSpace space_;
  FakeVectors vectors_;
  Script script_;
  Registers registers_{};
  volatile uint8_t stop_ = 0;
};

Snapshot sample_snapshot(EntryKind entry, bool is_linux) {
  static std::map<bool, std::shared_ptr<Image>> images;
  Snapshot snapshot;
  snapshot.entry = entry;
  MemoryShape& shape = snapshot.memory;
  shape.image_bytes = 4 * kPage;
  shape.table_bytes = kPage;
  shape.monitor_bytes = MONITOR_BYTES;
  shape.input_bytes = shape.output_bytes = kPage;
  shape.frame_bytes = is_linux ? kFrames * kPage : 0;
  shape.file_bytes = is_linux ? sample_archive().size() : 0;
  shape.scratch_bytes = round_up_to_page(shape.monitor_offset() + shape.monitor_bytes + shape.frame_bytes);
  std::shared_ptr<Image>& image = images[is_linux];
  if (!image) {
    const uint64_t files_at = shape.image_bytes + shape.table_bytes + shape.monitor_bytes;
    image = Image::create(files_at + round_up_to_page(shape.file_bytes));
    image->write(bytes_of_text("an image"), 0);
    if (is_linux) image->write(sample_archive(), files_at);
    image->seal(nullptr);
  }
  snapshot.layers = {{.image = image}};
  snapshot.registers.rip = kImageBase;
  if (is_linux) snapshot.linux_spec = sample_spec();
  return snapshot;
}

bool is_allowed(const Error& error) {
  const std::string_view code = error.code();
  return code == kGuestProtocol || code == kGuestLimit || code == kLinuxStuck;
}

void finish(Sandbox& sandbox) {
  uint64_t log_bytes = 0;
  for (const LogRecord& record : sandbox.logs())
    log_bytes += record.text.size();
  require(log_bytes <= kLimits.log_bytes, "no more log is kept than may be");
  sandbox.restore();
  require(!sandbox.find_difference(), "a restore leaves nothing in memory");
}

// Calls, answers and captures, for as long as there is input.
void use(Sandbox& sandbox, Purpose first, Input& input) {
  const auto input_of = [&input](InputKind kind) {
    return snapvm::Input{.kind = kind,
                         .function = input.byte(),
                         .status = 0,
                         .payload = bytes_of_text("payload"),
                         .entropy = kEntropy};
  };
  const auto program_input =
      snapvm::Input{.kind = InputKind::Call, .function = 0, .status = 0, .payload = {}, .entropy = kEntropy};
  const auto begin = [&] {
    if (first == Purpose::Initialise) return sandbox.enter(first, nullptr, kTicket, {}).kind;
    const snapvm::Input given = sandbox.runs_program() ? program_input : input_of(InputKind::Call);
    return sandbox.enter(first, &given, kTicket, {}).kind;
  };
  for (size_t i = 0; i < kMostRuns && !input.done(); i++) {
    OutcomeKind kind = begin();
    while (kind == OutcomeKind::HostCall)
      kind = sandbox.resume(input_of(InputKind::Answer), kTicket).kind;
    const bool ready = kind == OutcomeKind::Done && first == Purpose::Initialise &&
                       sandbox.outcome().message.kind == OutputKind::Ready;
    const uint8_t next = input.byte();
    if (ready || kind == OutcomeKind::Frozen) {
      if (next % 2 == 0) sandbox.capture();
      if (ready && next % 4 < 3) {
        kind = sandbox.enter_ready(input_of(InputKind::Call), kTicket, {}).kind;
        while (kind == OutcomeKind::HostCall)
          kind = sandbox.resume(input_of(InputKind::Answer), kTicket).kind;
      }
    }
    finish(sandbox);
  }
}

void run(std::span<const uint8_t> bytes) {
  struct Kind {
    EntryKind entry;
    Purpose first;
    bool is_linux;
  };
  constexpr Kind kKinds[] = {
      {EntryKind::Initialise, Purpose::Initialise, false}, {EntryKind::Call, Purpose::Call, false},
      {EntryKind::Call, Purpose::Specialise, false},       {EntryKind::Initialise, Purpose::Initialise, true},
      {EntryKind::Start, Purpose::Initialise, true},       {EntryKind::Start, Purpose::Call, true}};
  static Interrupter interrupter([] { return false; });
  Input input(bytes);
  const Kind& kind = kKinds[input.byte() % std::size(kKinds)];
  Sandbox sandbox(sample_snapshot(kind.entry, kind.is_linux), kLimits, interrupter,
                  [&input](const Snapshot& snapshot) -> std::unique_ptr<Machine> {
                    return std::make_unique<FakeMachine>(snapshot, input);
                  });
  while (!input.done()) {
    try {
      use(sandbox, kind.first, input);
    } catch (const Error& error) {
      if (!is_allowed(error)) std::fprintf(stderr, "%s: %s\n", error.code(), error.what());
      require(is_allowed(error), "a guest's fault is told as one");
      finish(sandbox);
    }
  }
}

} // namespace
} // namespace snapvm::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t bytes) {
  snapvm::fuzz::run({data, bytes});
  return 0;
}
