// Runs long system calls against a memory that counts, and says for each the most that the host did between
// two looks at whether the program must stop: one line of JSON a case. test/guests/linux-work.test.ts knows
// what is right. Each case runs to its end, and once more with a stop at its first look.
#include "counting-space.h"
#include "linux/process.h"
#include "linux/syscalls.h"

#include <array>
#include <cerrno>
#include <cinttypes>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <malloc.h>
#include <memory>
#include <new>
#include <poll.h>
#include <string>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

namespace snapvm::bounds {
Meter meter;

namespace {

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "linux-bounds: %s\n", what.c_str());
  std::exit(1);
}

template <typename T> void add(std::vector<uint8_t>& to, const T& value) {
  const auto bytes = bytes_of(value);
  to.insert(to.end(), bytes.begin(), bytes.end());
}

struct Given {
  std::string path;
  NodeKind kind;
  uint64_t bytes; // of zeros, all files share them; a link's target is its own path
};

std::vector<uint8_t> pack(const std::vector<Given>& files) {
  uint64_t at = 8, most = 0;
  for (const Given& file : files)
    at += 40 + file.path.size(), most = std::max(most, file.bytes);
  std::vector<uint8_t> archive;
  archive.reserve(at + most);
  add(archive, uint32_t{0x41465653});
  add(archive, static_cast<uint32_t>(files.size()));
  for (const Given& file : files) {
    add(archive, uint32_t(file.kind));
    add(archive, uint32_t{0644});
    add(archive, int64_t{1});
    add(archive, at);
    add(archive, file.bytes);
    add(archive, uint64_t{file.path.size()});
    archive.insert(archive.end(), file.path.begin(), file.path.end());
  }
  archive.resize(at + most);
  return archive;
}

constexpr uint64_t kBig = 64 * kMiB;
constexpr int kMany = 131'000; // there is room for a few more

const std::vector<uint8_t>& plain_files() {
  static const auto files = pack({{"/tmp/given", NodeKind::File, kBig}});
  return files;
}
const std::vector<uint8_t>& many_files() {
  static const auto files = [] {
    std::vector<Given> given{{"/many", NodeKind::Directory, 0}, {"/many/empty", NodeKind::Directory, 0}};
    for (int i = 0; i < kMany; i++)
      given.push_back({"/many/" + std::to_string(i), NodeKind::File, 0});
    return pack(given);
  }();
  return files;
}

// A program: it makes system calls, and that is all.
class Program {
public:
  Program(std::span<const uint8_t> files, uint64_t stop_at) : stops_(stop_at != UINT64_MAX) {
    ProcessSpec spec;
    spec.args = {"program"};
    spec.path = "/program";
    spec.cwd = "/tmp";
    spec.windows = {.brk_start = kBrkStart, .brk_end = kBrkEnd, .map_start = kMapStart, .map_end = kMapEnd};
    spec.clock_ns = 1'000'000'000'000;
    spec.output_bytes = 512 * kMiB;
    spec.files = files;
    const auto stopped = [this, stop_at] {
      meter.look();
      return prepared_ && meter.looks >= stop_at;
    };
    process_ = std::make_unique<Process>(std::move(spec), space_, vectors_, std::span<const uint8_t>(),
                                         Process::Sink(), stopped);
    constexpr uint8_t kEntropy[32] = {};
    process_->begin({}, kEntropy, false, kStartedId);
  }

  // What comes before is not counted.
  void prepared() {
    prepared_ = true;
    meter.reset();
  }
  int64_t call(uint64_t number, uint64_t a = 0, uint64_t b = 0, uint64_t c = 0, uint64_t d = 0,
               uint64_t e = 0, uint64_t f = 0) {
    if (ended_) return -EINTR;
    Registers registers{};
    registers.rax = number;
    registers.rdi = a, registers.rsi = b, registers.rdx = c, registers.r10 = d, registers.r8 = e,
    registers.r9 = f;
    const Verdict verdict = process_->system_call(registers);
    ended_ = verdict != Verdict::Continue;
    if (ended_ && verdict != Verdict::Stopped) fail("a program ended otherwise than by a stop");
    meter.look(); // there is one between two system calls
    if (prepared_) meter.looks--;
    return ended_ ? -EINTR : static_cast<int64_t>(registers.rax);
  }
  // As call(), of what must not fail.
  int64_t must(uint64_t number, uint64_t a = 0, uint64_t b = 0, uint64_t c = 0, uint64_t d = 0,
               uint64_t e = 0, uint64_t f = 0) {
    const int64_t value = call(number, a, b, c, d, e, f);
    if (value < 0 && !ended_) fail("system call " + std::to_string(number) + ": " + std::to_string(value));
    return value;
  }
  // A text in the program's memory.
  uint64_t text(const std::string& text, uint64_t at = kData) {
    space_.write(at, bytes_of_text({text.c_str(), text.size() + 1}));
    return at;
  }
  template <typename T> uint64_t put(const std::vector<T>& values, uint64_t at = kData) {
    space_.write(at, {reinterpret_cast<const uint8_t*>(values.data()), values.size() * sizeof(T)});
    return at;
  }
  uint64_t memory(uint64_t bytes) {
    return static_cast<uint64_t>(
        must(SYS_mmap, 0, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1ull, 0));
  }
  uint64_t open(const std::string& path, uint64_t flags) {
    return static_cast<uint64_t>(must(SYS_open, text(path), flags, 0600));
  }
  uint64_t file_of(uint64_t bytes) {
    const uint64_t fd = open("/tmp/file", O_RDWR | O_CREAT);
    must(SYS_ftruncate, fd, bytes);
    return fd;
  }

  void restore() { process_->restore(); }
  uint64_t work() { return process_->work().most(); }
  bool ended() const { return ended_; }
  bool stops() const { return stops_; }

private:
  CountingSpace space_;
  NoVectors vectors_;
  std::unique_ptr<Process> process_;
  const bool stops_;
  bool prepared_ = false;
  bool ended_ = false;
};

constexpr uint64_t kAnonymous = MAP_PRIVATE | MAP_ANONYMOUS;

constexpr int64_t kFewAreas = 4096;

// So many areas, or as many as there can be, a hole behind each; gives their number. It takes long: each call
// walks over those there are.
int64_t fill_areas(Program& p, int64_t wanted) {
  for (int64_t count = 0;; count++) {
    if (count == wanted) return count;
    const uint64_t at = kMapStart + static_cast<uint64_t>(count) * 2 * kPage;
    const int64_t mapped = p.call(SYS_mmap, at, kPage, PROT_NONE, kAnonymous | MAP_FIXED, -1ull, 0);
    if (mapped == -ENOMEM) return count;
    if (mapped < 0) fail("an area was refused: " + std::to_string(mapped));
  }
}

// Folders in each other, the program in the last.
void dive(Program& p, int depth) {
  const uint64_t name = p.text(std::string(60, 'd'));
  for (int i = 0; i < depth; i++) {
    p.must(SYS_mkdir, name, 0700);
    p.must(SYS_chdir, name);
  }
}

std::vector<pollfd> many_polls() {
  return std::vector<pollfd>(1024, {.fd = 1, .events = POLLOUT, .revents = 0});
}

std::vector<iovec> pieces_of(uint64_t at, uint64_t bytes, size_t count) {
  // SAFETY: an address of the program's, which the host does not follow.
  return std::vector<iovec>(count, {.iov_base = reinterpret_cast<void*>(at), .iov_len = bytes});
}

void copy_names(Program& p, uint64_t number, uint64_t a, uint64_t b, uint64_t c = 0) {
  p.prepared();
  p.must(number, a, b, c);
}

using Run = void (*)(Program&);
struct Case {
  const char* name;
  Run run;
  bool many = false; // with the folder of many names
};

const Case kCases[] = {
    {"getrandom",
     [](Program& p) {
       const uint64_t to = p.memory(kBig);
       p.prepared();
       p.must(SYS_getrandom, to, kBig, 0);
     }},
    {"read zeros",
     [](Program& p) {
       const uint64_t to = p.memory(kBig), fd = p.open("/dev/zero", O_RDONLY);
       p.prepared();
       p.must(SYS_read, fd, to, kBig);
     }},
    {"read random",
     [](Program& p) {
       const uint64_t to = p.memory(kBig), fd = p.open("/dev/urandom", O_RDONLY);
       p.prepared();
       p.must(SYS_read, fd, to, kBig);
     }},
    {"read",
     [](Program& p) {
       const uint64_t to = p.memory(kBig), fd = p.open("/tmp/given", O_RDONLY);
       p.prepared();
       p.must(SYS_read, fd, to, kBig);
     }},
    {"pread",
     [](Program& p) {
       const uint64_t to = p.memory(kBig), fd = p.file_of(kBig);
       p.prepared();
       p.must(SYS_pread64, fd, to, kBig, 0);
     }},
    {"readv",
     [](Program& p) {
       const uint64_t to = p.memory(kMiB), fd = p.open("/tmp/given", O_RDONLY);
       const uint64_t pieces = p.put(pieces_of(to, kMiB, 64));
       p.prepared();
       p.must(SYS_readv, fd, pieces, 64);
     }},
    {"write",
     [](Program& p) {
       const uint64_t from = p.memory(kBig), fd = p.file_of(1);
       p.prepared();
       p.must(SYS_write, fd, from, kBig);
     }},
    {"pwrite",
     [](Program& p) {
       const uint64_t from = p.memory(kBig), fd = p.file_of(1);
       p.prepared();
       p.must(SYS_pwrite64, fd, from, kBig, kBig);
     }},
    {"writev",
     [](Program& p) {
       const uint64_t from = p.memory(kMiB), fd = p.file_of(1);
       const uint64_t pieces = p.put(pieces_of(from, kMiB, 64));
       p.prepared();
       p.must(SYS_writev, fd, pieces, 64);
     }},
    {"output",
     [](Program& p) {
       const uint64_t from = p.memory(2 * kBig);
       p.must(SYS_write, 1, from, kBig);
       p.prepared();
       p.must(SYS_write, 1, from, 2 * kBig);
     }},
    {"pipes",
     [](Program& p) {
       const uint64_t memory = p.memory(kMiB);
       std::vector<int> ends{-1, -1};
       p.must(SYS_pipe, p.put(ends));
       p.prepared();
       for (int i = 0; i < 8; i++) {
         p.must(SYS_write, 4, memory, 65536);
         p.must(SYS_read, 3, memory, 65536);
       }
     }},
    {"grow",
     [](Program& p) {
       const uint64_t fd = p.file_of(1);
       p.prepared();
       p.must(SYS_ftruncate, fd, kBig);
     }},
    {"grow by copying",
     [](Program& p) {
       const uint64_t fd = p.file_of(kBig);
       p.prepared();
       p.must(SYS_ftruncate, fd, kBig + 1);
     }},
    {"copy what was given",
     [](Program& p) {
       const uint64_t fd = p.open("/tmp/given", O_RDWR);
       p.prepared();
       p.must(SYS_pwrite64, fd, kData, 1, 0);
     }},
    {"shrink",
     [](Program& p) {
       p.file_of(kBig);
       const uint64_t path = p.text("/tmp/file");
       p.prepared();
       p.must(SYS_truncate, path, kBig / 4);
     }},
    {"empty by opening",
     [](Program& p) {
       p.file_of(kBig);
       const uint64_t path = p.text("/tmp/file");
       p.prepared();
       p.must(SYS_open, path, O_WRONLY | O_TRUNC, 0);
     }},
    {"unlink",
     [](Program& p) {
       p.must(SYS_close, p.file_of(kBig));
       const uint64_t path = p.text("/tmp/file");
       p.prepared();
       p.must(SYS_unlink, path);
     }},
    {"close an unlinked file",
     [](Program& p) {
       const uint64_t fd = p.file_of(kBig);
       p.must(SYS_unlink, p.text("/tmp/file"));
       p.prepared();
       p.must(SYS_close, fd);
     }},
    {"rename over a file",
     [](Program& p) {
       p.must(SYS_close, p.file_of(kBig));
       p.must(SYS_close, p.open("/tmp/other", O_RDWR | O_CREAT));
       const uint64_t from = p.text("/tmp/other"), to = p.text("/tmp/file", kData + 4096);
       p.prepared();
       p.must(SYS_rename, from, to);
     }},
    {"sendfile",
     [](Program& p) {
       const uint64_t in = p.open("/tmp/given", O_RDONLY), out = p.file_of(1);
       p.prepared();
       p.must(SYS_sendfile, out, in, 0, kBig);
     }},
    {"mmap",
     [](Program& p) {
       p.prepared();
       p.memory(kBig);
     }},
    {"mmap of a file",
     [](Program& p) {
       const uint64_t fd = p.open("/tmp/given", O_RDONLY);
       p.prepared();
       p.must(SYS_mmap, 0, kBig, PROT_READ, MAP_PRIVATE, fd, 0);
     }},
    {"mmap over mappings",
     [](Program& p) {
       const uint64_t at = p.memory(kBig);
       p.prepared();
       p.must(SYS_mmap, at, kBig, PROT_READ, kAnonymous | MAP_FIXED, -1ull, 0);
     }},
    {"munmap",
     [](Program& p) {
       const uint64_t at = p.memory(kBig);
       p.prepared();
       p.must(SYS_munmap, at, kBig);
     }},
    {"munmap of the image",
     [](Program& p) {
       p.prepared();
       p.must(SYS_munmap, 0, kBig);
     }},
    {"mprotect",
     [](Program& p) {
       const uint64_t at = p.memory(kBig);
       p.prepared();
       p.must(SYS_mprotect, at, kBig, PROT_READ);
     }},
    {"mremap",
     [](Program& p) {
       const uint64_t at = p.memory(kBig);
       p.memory(kPage);
       p.prepared();
       p.must(SYS_mremap, at, kBig, 2 * kBig, MREMAP_MAYMOVE);
     }},
    {"madvise",
     [](Program& p) {
       const uint64_t at = p.memory(kBig);
       p.prepared();
       p.must(SYS_madvise, at, kBig, MADV_DONTNEED);
     }},
    {"brk",
     [](Program& p) {
       p.prepared();
       p.must(SYS_brk, kBrkStart + kBig);
       p.must(SYS_brk, kBrkStart);
     }},
    {"calls with many areas",
     [](Program& p) {
       const int64_t areas = fill_areas(p, p.stops() ? kFewAreas : INT64_MAX);
       if (!p.stops() && areas != 65530) fail("there are " + std::to_string(areas) + " areas");
       p.must(SYS_munmap, kMapStart, kPage); // room for one more
       p.prepared();
       for (int i = 0; i < 8; i++) {
         p.must(SYS_mmap, 0, kPage, PROT_NONE, kAnonymous, -1ull, 0);
         p.must(SYS_munmap, kMapStart, kPage);
       }
     }},
    {"wipe many areas",
     [](Program& p) {
       fill_areas(p, kFewAreas);
       p.prepared();
       // Behind the holes it goes on, as Linux does.
       const uint64_t bytes = kFewAreas * 2 * kPage;
       const int64_t error = p.call(SYS_madvise, kMapStart, bytes, MADV_WIPEONFORK);
       if (!p.ended() && error != -ENOMEM) fail("madvise: " + std::to_string(error));
       p.call(SYS_madvise, kMapStart, bytes, MADV_KEEPONFORK);
     }},
    {"wipe every second page",
     [](Program& p) {
       p.must(SYS_brk, kBrkStart + kBig / 4);
       for (uint64_t at = kBrkStart; at < kBrkStart + kBig / 4; at += 2 * kPage)
         p.must(SYS_madvise, at, kPage, MADV_WIPEONFORK);
       p.prepared();
       p.must(SYS_madvise, kBrkStart, kBig / 4, MADV_KEEPONFORK);
     }},
    {"getcwd",
     [](Program& p) {
       dive(p, 60);
       const uint64_t name = p.text("x");
       p.must(SYS_mkdir, name, 0700);
       p.must(SYS_chdir, name);
       p.prepared();
       for (int i = 0; i < 200; i++)
         p.must(SYS_getcwd, kData, PATH_MAX);
     }},
    {"getcwd past many names",
     [](Program& p) {
       p.must(SYS_mkdir, p.text("/many/x"), 0700);
       p.must(SYS_chdir, p.text("/many/x"));
       p.prepared();
       p.must(SYS_getcwd, kData, PATH_MAX);
     },
     true},
    {"readlink of a descriptor",
     [](Program& p) {
       p.must(SYS_mkdir, p.text("/many/x"), 0700);
       p.open("/many/x", O_RDONLY);
       const uint64_t path = p.text("/proc/self/fd/3");
       p.prepared();
       p.must(SYS_readlink, path, kData + kMiB, PATH_MAX);
     },
     true},
    {"rename far down",
     [](Program& p) {
       p.must(SYS_mkdir, p.text("/tmp/other"), 0700);
       dive(p, 9000);
       const uint64_t from = p.text("/tmp/other"), to = p.text("here", kData + 4096);
       p.prepared();
       p.must(SYS_rename, from, to);
     }},
    {"create among many names", [](Program& p) { copy_names(p, SYS_creat, p.text("/many/x"), 0600); }, true},
    {"mkdir among many names", [](Program& p) { copy_names(p, SYS_mkdir, p.text("/many/x"), 0700); }, true},
    {"unlink among many names", [](Program& p) { copy_names(p, SYS_unlink, p.text("/many/7"), 0); }, true},
    {"rmdir among many names", [](Program& p) { copy_names(p, SYS_rmdir, p.text("/many/empty"), 0); }, true},
    {"chmod of many names", [](Program& p) { copy_names(p, SYS_chmod, p.text("/many"), 0700); }, true},
    {"utimensat of many names",
     [](Program& p) { copy_names(p, SYS_utimensat, static_cast<uint64_t>(AT_FDCWD), p.text("/many")); },
     true},
    {"rename among many names",
     [](Program& p) { copy_names(p, SYS_rename, p.text("/many/7"), p.text("/tmp/7", kData + 4096)); }, true},
    {"link among many names",
     [](Program& p) { copy_names(p, SYS_link, p.text("/many/7"), p.text("/many/x", kData + 4096)); }, true},
    {"symlink among many names",
     [](Program& p) { copy_names(p, SYS_symlink, p.text("target"), p.text("/many/x", kData + 4096)); }, true},
    {"getdents",
     [](Program& p) {
       const uint64_t fd = p.open("/many", O_RDONLY | O_DIRECTORY);
       p.prepared();
       while (p.must(SYS_getdents64, fd, kData, kMiB) > 0)
         continue;
     },
     true},
    {"paths",
     [](Program& p) {
       std::string dots;
       while (dots.size() + 2 < PATH_MAX)
         dots += "./";
       for (int i = 0; i < 40; i++) {
         const std::string next = "/tmp/l" + std::to_string(i + 1);
         const std::string target = dots.substr(0, PATH_MAX - 2 - next.size()) + "../.." + next;
         p.must(SYS_symlink, p.text(target.substr(target.size() - std::min<size_t>(target.size(), 4094))),
                p.text("/tmp/l" + std::to_string(i), kData + 8192));
       }
       const uint64_t path = p.text("/tmp/l1");
       p.prepared();
       for (int i = 0; i < 4; i++)
         p.call(SYS_stat, path, kData + kMiB);
     }},
    {"poll",
     [](Program& p) {
       const uint64_t polls = p.put(many_polls());
       p.prepared();
       for (int i = 0; i < 8; i++)
         p.must(SYS_poll, polls, 1024, 0);
     }},
    {"select",
     [](Program& p) {
       for (int fd = 3; fd < 1024; fd++)
         p.must(SYS_dup, 1);
       const std::vector<uint8_t> all(128, 255);
       const uint64_t zeros = p.put(std::vector<uint64_t>{0, 0}, kData + 4096);
       p.prepared();
       for (int i = 0; i < 8; i++)
         p.must(SYS_select, 1024, p.put(all), p.put(all, kData + 1024), p.put(all, kData + 2048), zeros);
     }},
    {"small pieces",
     [](Program& p) {
       const uint64_t fd = p.open("/tmp/given", O_RDONLY);
       const uint64_t pieces = p.put(pieces_of(kData + kMiB, 1, 1024));
       p.prepared();
       for (int i = 0; i < 8; i++)
         p.must(SYS_readv, fd, pieces, 1024);
     }},
};

void report(const Case& c, bool stopped, Program& p) {
  const Counts& most = meter.most();
  std::printf("{\"case\":\"%s\",\"stopped\":%s,\"looks\":%" PRIu64 ",\"work\":%" PRIu64 ",\"copied\":%" PRIu64
              ",\"pages\":%" PRIu64 ",\"allocations\":%" PRIu64 ",\"freed\":%" PRIu64 "}\n",
              c.name, stopped ? "true" : "false", meter.looks, p.work(), most.copied, most.pages,
              most.allocations, most.freed);
}

// A folder takes as many names as it says, and not one more, however it would get it.
void count_names() {
  Program p({}, UINT64_MAX);
  int64_t count = 0, error;
  do {
    error = p.call(SYS_mkdir, p.text("/tmp/" + std::to_string(count)), 0700);
    count++;
  } while (error == 0);
  p.must(SYS_mkdir, p.text("/other"), 0700);
  const int64_t renamed = p.call(SYS_rename, p.text("/other"), p.text("/tmp/other", kData + 4096));
  p.must(SYS_creat, p.text("/file"), 0600);
  const int64_t linked = p.call(SYS_link, p.text("/file"), p.text("/tmp/file", kData + 4096));
  p.must(SYS_rmdir, p.text("/tmp/7"));
  const int64_t again = p.call(SYS_link, p.text("/file"), p.text("/tmp/file", kData + 4096));
  std::printf("{\"names\":%" PRId64 ",\"errors\":[%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 "]}\n",
              count - 1, error, renamed, linked, again);
}

} // namespace
} // namespace snapvm::bounds

using namespace snapvm;
using namespace snapvm::bounds;

// Of a long block, what the system has to free with it.
static uint64_t resident(void* block, size_t bytes) {
  static std::array<unsigned char, kFrames * 2> pages;
  if (bytes < Meter::kLong || bytes > pages.size() * kPage) return 0;
  void* at = block;
  size_t left = bytes;
  if (std::align(kPage, kPage, at, left) == nullptr || mincore(at, left, pages.data()) != 0) return 0;
  const auto end = pages.begin() + static_cast<ptrdiff_t>(left / kPage);
  return kPage * static_cast<uint64_t>(std::count_if(pages.begin(), end, [](auto page) { return page & 1; }));
}

// What the host takes and gives back is counted here, whoever does it.
void* operator new(size_t bytes) {
  meter.now.allocations++;
  void* block = std::malloc(bytes);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}
void operator delete(void* block) noexcept {
  if (block != nullptr) meter.now.freed += resident(block, malloc_usable_size(block));
  std::free(block);
}
void operator delete(void* block, size_t) noexcept {
  operator delete(block);
}
extern "C" int madvise(void* at, size_t bytes, int advice) noexcept {
  meter.now.freed += resident(at, bytes);
  return static_cast<int>(syscall(SYS_madvise, at, bytes, advice));
}

int main() {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  for (const Case& c : kCases) {
    for (const uint64_t stop_at : {UINT64_MAX, uint64_t{1}}) {
      Program program(c.many ? many_files() : plain_files(), stop_at);
      c.run(program);
      report(c, stop_at == 1, program);
    }
  }
  count_names();
  return 0;
}
