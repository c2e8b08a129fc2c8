#include "process/guest_process.h"

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

constexpr uint64_t kSocket = 0; // the socket's number in the process
constexpr uint64_t kFirstFile = 1;
// What the process is sent when it settles, in the order of their numbers.
constexpr uint64_t kSettleFile = 1, kSettleSocket = 2;
constexpr size_t kMostFiles = 253; // of one message (SCM_MAX_FD)

// Takes out what was sent to a process that died before it received it: the next process would take it
// for its own.
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
      // SAFETY: the kernel wrote this part and its length into `control`, which has room for all of it.
      std::memcpy(files.data(), CMSG_DATA(part), count * sizeof(int));
      for (const int file : files)
        ::close(file);
    }
  }
}

void send_files(int socket, std::span<const int> files, uint64_t mark) {
  std::array<uint8_t, CMSG_SPACE(sizeof(int) * kMostFiles)> control{};
  iovec content{.iov_base = &mark, .iov_len = sizeof mark};
  msghdr message{};
  message.msg_iov = &content;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = CMSG_SPACE(files.size_bytes());
  // SAFETY: there is a header, and room for the descriptors behind it: give() refuses more than kMostFiles.
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(files.size_bytes());
  std::memcpy(CMSG_DATA(header), files.data(), files.size_bytes());
  if (sys_sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) return;
  // The process has ended, which is found when it is told to receive this.
  if (errno == ECONNREFUSED || errno == ENOTCONN || errno == ECONNRESET || errno == EPIPE) return;
  fail_errno("sendmsg to a guest's process", kHostProcess);
}

// The arguments of the process's recvmsg. They lie in memory that it shares with this thread.
struct Receive {
  msghdr message;
  iovec content;
  uint64_t mark;
};

Command receive_files(const SharedArea& area, size_t count) {
  Receive receive{};
  const auto pointer = [&](uint64_t offset) {
    // SAFETY: an address of the other process, which this one never follows.
    return reinterpret_cast<void*>(area.address + offset); // NOLINT(performance-no-int-to-ptr)
  };
  receive.content = {.iov_base = pointer(offsetof(Receive, mark)), .iov_len = sizeof receive.mark};
  receive.message.msg_iov = static_cast<iovec*>(pointer(offsetof(Receive, content)));
  receive.message.msg_iovlen = 1;
  receive.message.msg_control = pointer(sizeof receive);
  receive.message.msg_controllen = CMSG_SPACE(sizeof(int) * count);
  // SAFETY: every SharedArea has a page or more, at `data` and at `address`. The process does not run now.
  static_assert(sizeof receive + CMSG_SPACE(sizeof(int) * kMostFiles) <= kPage);
  std::memcpy(area.data, &receive, sizeof receive);
  return {SYS_recvmsg, {kSocket, area.address, MSG_DONTWAIT}};
}

// Checks that the process received what was sent, and all of it. @throws Error
void check_received(const SharedArea& area, uint64_t mark) {
  Receive receive;
  // SAFETY: the area is larger; only numbers are read from the copy, none of its pointers.
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

SocketPair SocketPair::make() {
  int ends[2];
  if (sys_socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, ends) != 0) fail_errno("socketpair", kHostProcess);
  return {Fd(ends[0]), Fd(ends[1])};
}

GuestProcess::GuestProcess(pid_t pid, Siblings& siblings)
    : process_(pid), siblings_(siblings), file_(sys_memfd_create("snapvm-process", MFD_CLOEXEC)) {
  const uint64_t bytes = STUB_COMMANDS_BYTES + frame_bytes();
  if (!file_) fail_errno("memfd_create", kHostMemory);
  if (sys_ftruncate(file_.get(), static_cast<off_t>(bytes)) != 0) fail_errno("ftruncate", kHostMemory);
  // SAFETY: the file has this size, and never another. What the process can write of it, the frame, is only
  // ever copied from.
  area_ = Mapping(bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file_.get(), 0, "mmap of a command list");
  siblings_.insert(this);
}

GuestProcess::~GuestProcess() {
  siblings_.erase(this);
}

void GuestProcess::settle(const SharedArea& area, const SocketPair& inherited) {
  SocketPair own = SocketPair::make();
  const std::array<int, 2> files = {file_.get(), own.far.get()};
  drain(inherited);
  send_files(inherited.near.get(), files, process_.id());
  check(process_.call(receive_files(area, files.size())), "recvmsg");
  check_received(area, process_.id());
  // No guest is to have a socket on which another one's descriptors go.
  check(process_.call({SYS_dup2, {kSettleSocket, kSocket}}), "dup2");
  socket_ = std::move(own.near);
  // SAFETY of both MAP_FIXED: these addresses are the stub's own (layout.h), the zygote has nothing there,
  // and the file has as many bytes.
  check(process_.call(
            {SYS_mmap,
             {STUB_COMMANDS, STUB_COMMANDS_BYTES, PROT_READ, MAP_SHARED | MAP_FIXED, kSettleFile, 0}}),
        "mmap of a command list");
  check(process_.call({SYS_mmap,
                       {STUB_FRAME, frame_bytes(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
                        kSettleFile, STUB_COMMANDS_BYTES}}),
        "mmap of a signal frame");
  check(process_.call({SYS_close_range, {kFirstFile, ~0u, 0}}), "close_range");
  lock(process_, area, frame_bytes());
  check(process_.call({SYS_munmap, {STUB_SHARED, STUB_SHARED_BYTES}}), "munmap");
}

std::span<uint8_t> GuestProcess::frame() {
  return {area_.data() + STUB_COMMANDS_BYTES, frame_bytes()};
}

void GuestProcess::clear_frame() {
  std::memset(area_.data() + STUB_COMMANDS_BYTES, 0, frame_bytes());
}

void GuestProcess::give(std::span<const int> files) {
  if (files.size() > kMostFiles) throw Error(kInternal, "a snapshot has more layers than a process can hold");
  const SharedArea area{frame().data(), STUB_FRAME};
  send_files(socket_.get(), files, process_.id());
  // By the command list, for which the stub opens memory that a guest's PKRU has shut.
  const Command receive = receive_files(area, files.size());
  run({&receive, 1}, "recvmsg");
  check_received(area, process_.id());
  clear_frame();
}

void GuestProcess::run(std::span<const Command> commands, const char* what, Pkru pkru) {
  while (!commands.empty()) {
    const auto part = commands.first(std::min<size_t>(commands.size(), kMostCommands));
    // SAFETY: kMostCommands fit into the list. The process cannot write it, and the stub reads it only while
    // this thread waits in call_list().
    std::memcpy(area_.data(), part.data(), part.size_bytes());
    const CallResult result = process_.call_list(part.size(), pkru);
    // A guest can read the list, and is not to learn from it what was done for earlier calls.
    std::memset(area_.data(), 0, part.size_bytes());
    check(result, what);
    commands = commands.subspan(part.size());
  }
}

bool GuestProcess::empty() {
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
