#include "process/child.h"

#include "abi.h"
#include "error.h"
#include "process/confine.h"
#include "system/calls.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#ifndef AT_MINSIGSTKSZ
#define AT_MINSIGSTKSZ 51
#endif

namespace snapvm {
namespace {

constexpr uint64_t kSocket = 0; // its number in the process
constexpr uint64_t kFirstFile = 1;
constexpr size_t kMostFiles = 253; // of one message (SCM_MAX_FD)

// What a process died before it took: the next one would take it for its own.
void drain(const SocketPair& sockets) {
  std::array<uint8_t, CMSG_SPACE(sizeof(int) * kMostFiles)> control;
  uint64_t mark;
  for (;;) {
    iovec content{.iov_base = &mark, .iov_len = sizeof mark};
    msghdr message{};
    message.msg_iov = &content;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    if (sys_recvmsg(sockets.far.get(), &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) < 0) {
      if (errno == EAGAIN) return; // it is empty
      fail_errno("recvmsg of what an earlier process left", kHostProcess);
    }
    for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr; part = CMSG_NXTHDR(&message, part)) {
      const size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
      std::vector<int> files(count);
      std::memcpy(files.data(), CMSG_DATA(part), count * sizeof(int));
      for (const int file : files)
        ::close(file);
    }
  }
}

void send_files(const SocketPair& sockets, std::span<const int> files, uint64_t mark) {
  drain(sockets);
  std::array<uint8_t, CMSG_SPACE(sizeof(int) * kMostFiles)> control{};
  iovec content{.iov_base = &mark, .iov_len = sizeof mark};
  msghdr message{};
  message.msg_iov = &content;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = CMSG_SPACE(files.size_bytes());
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(files.size_bytes());
  std::memcpy(CMSG_DATA(header), files.data(), files.size_bytes());
  if (sys_sendmsg(sockets.near.get(), &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
    fail_errno("sendmsg to a guest's process", kHostProcess);
}

// How the process receives them: lies in memory that it shares with us.
struct Receive {
  msghdr message;
  iovec content;
  uint64_t mark;
};

Command receive_files(const SharedArea& area, size_t count) {
  Receive receive{};
  const auto pointer = [&](uint64_t offset) {
    return reinterpret_cast<void*>(area.address + offset); // NOLINT: the process's own address
  };
  receive.content = {.iov_base = pointer(offsetof(Receive, mark)), .iov_len = sizeof receive.mark};
  receive.message.msg_iov = static_cast<iovec*>(pointer(offsetof(Receive, content)));
  receive.message.msg_iovlen = 1;
  receive.message.msg_control = pointer(sizeof receive);
  receive.message.msg_controllen = CMSG_SPACE(sizeof(int) * count);
  std::memcpy(area.data, &receive, sizeof receive);
  return {SYS_recvmsg, {kSocket, area.address, MSG_DONTWAIT}};
}

// Whether what came is what was sent, all of it.
void check_received(const SharedArea& area, uint64_t mark) {
  Receive receive;
  std::memcpy(&receive, area.data, sizeof receive);
  if (receive.mark != mark || (receive.message.msg_flags & MSG_CTRUNC) != 0)
    throw Error(kHostProcess, "the process of a guest did not get the files of its memory");
}

} // namespace

uint64_t frame_bytes() {
  constexpr uint64_t kLeast = 2048, kAlignment = 256;
  const uint64_t least = std::max<uint64_t>(::getauxval(AT_MINSIGSTKSZ), kLeast);
  return std::min<uint64_t>(round_up_to_page(least + kAlignment), STUB_FRAME_MOST_BYTES);
}

Child::Child(pid_t pid, Siblings& siblings, const SocketPair& sockets)
    : process_(pid), siblings_(siblings), sockets_(sockets),
      file_(sys_memfd_create("snapvm-process", MFD_CLOEXEC)) {
  const uint64_t bytes = STUB_COMMANDS_BYTES + frame_bytes();
  if (!file_) fail_errno("memfd_create", kHostMemory);
  if (sys_ftruncate(file_.get(), static_cast<off_t>(bytes)) != 0) fail_errno("ftruncate", kHostMemory);
  area_ = Mapping(bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file_.get(), 0, "mmap of a command list");
  siblings_.insert(this);
}

Child::~Child() {
  siblings_.erase(this);
}

void Child::settle(const SharedArea& nursery) {
  const int file = file_.get();
  send_files(sockets_, {&file, 1}, process_.id());
  check(process_.call(receive_files(nursery, 1)), "recvmsg");
  check_received(nursery, process_.id());
  check(
      process_.call(
          {SYS_mmap, {STUB_COMMANDS, STUB_COMMANDS_BYTES, PROT_READ, MAP_SHARED | MAP_FIXED, kFirstFile, 0}}),
      "mmap of a command list");
  check(process_.call({SYS_mmap,
                       {STUB_FRAME, frame_bytes(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, kFirstFile,
                        STUB_COMMANDS_BYTES}}),
        "mmap of a signal frame");
  check(process_.call({SYS_close_range, {kFirstFile, ~0u, 0}}), "close_range");
  lock(process_, nursery, frame_bytes());
  check(process_.call({SYS_munmap, {STUB_NURSERY, STUB_NURSERY_BYTES}}), "munmap");
}

std::span<uint8_t> Child::frame() {
  return {area_.data() + STUB_COMMANDS_BYTES, frame_bytes()};
}

void Child::clear_frame() {
  std::memset(area_.data() + STUB_COMMANDS_BYTES, 0, frame_bytes());
}

void Child::give(std::span<const int> files) {
  if (files.size() > kMostFiles) throw Error(kInternal, "a snapshot has more layers than a process can hold");
  const SharedArea area{frame().data(), STUB_FRAME};
  send_files(sockets_, files, process_.id());
  // By way of the list: the stub opens memory that a guest's PKRU has shut.
  const Command receive = receive_files(area, files.size());
  run({&receive, 1}, "recvmsg");
  check_received(area, process_.id());
  clear_frame();
}

void Child::run(std::span<const Command> commands, const char* what, Pkru pkru) {
  while (!commands.empty()) {
    const auto part = commands.first(std::min<size_t>(commands.size(), kMostCommands));
    std::memcpy(area_.data(), part.data(), part.size_bytes());
    const CallResult result = process_.call_list(part.size(), pkru);
    // A guest can read the list: it is not to learn from it what earlier calls wrote.
    std::memset(area_.data(), 0, part.size_bytes());
    check(result, what);
    commands = commands.subspan(part.size());
  }
}

bool Child::empty() {
  if (!process_.alive()) return false;
  const std::array<Command, 3> commands = {
      Command{SYS_munmap, {0, STUB_BASE}},
      Command{SYS_munmap, {STUB_MONITOR, kPage}},
      Command{SYS_close_range, {kFirstFile, ~0u, 0}},
  };
  clear_frame();
  try {
    run(commands, "emptying a guest's process", Pkru::Opened);
  } catch (const std::exception&) {
    return false;
  }
  return true;
}

} // namespace snapvm
