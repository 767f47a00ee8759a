// SPDX-License-Identifier: Apache-2.0
#include "parsers/worker_protocol.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace dbxes::parsers {
namespace {

enum class Kind : std::uint8_t { kHello = 1, kText = 2, kFailure = 3, kReport = 4 };

template <class T>
void Put(T value, std::string& out) {
  std::array<char, sizeof value> bytes{};
  std::memcpy(bytes.data(), &value, sizeof value);
  out.append(bytes.data(), bytes.size());
}

void PutString(std::string_view text, std::string& out) {
  Put(static_cast<std::uint32_t>(text.size()), out);
  out += text;
}

class PacketReader {
 public:
  explicit PacketReader(std::string_view packet) : rest_(packet) {}

  template <class T>
  T Get() {
    T value{};
    if (rest_.size() < sizeof value) {
      good_ = false;
      return value;
    }
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_.remove_prefix(sizeof value);
    return value;
  }
  std::string GetString() {
    const auto length = Get<std::uint32_t>();
    if (!good_ || rest_.size() < length) {
      good_ = false;
      return {};
    }
    std::string text(rest_.substr(0, length));
    rest_.remove_prefix(length);
    return text;
  }
  bool Complete() const { return good_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

WorkerAnswer ReadText(PacketReader& reader) {
  WorkerAnswer answer;
  answer.text_bytes = reader.Get<std::uint64_t>();
  answer.truncated = reader.Get<std::uint8_t>() != 0;
  answer.damaged_partly = reader.Get<std::uint8_t>() != 0;
  answer.properties.title = reader.GetString();
  answer.properties.author = reader.GetString();
  answer.properties.language = reader.GetString();
  const std::size_t pages = std::min<std::size_t>(reader.Get<std::uint32_t>(), kMostTextlessPages);
  for (std::size_t at = 0; at < pages; ++at) {
    answer.textless_pages.push_back(reader.Get<std::uint32_t>());
  }
  const std::size_t pdfs = std::min<std::size_t>(reader.Get<std::uint32_t>(), kMostPdfs);
  for (std::size_t at = 0; at < pdfs; ++at) answer.pdf_bytes.push_back(reader.Get<std::uint64_t>());
  return answer;
}

// Room for the two descriptors that accompany a packet.
union DescriptorRoom {
  cmsghdr align;
  std::array<char, CMSG_SPACE(2 * sizeof(int))> bytes;
};

}  // namespace

std::string Encode(const WorkerHello& hello) {
  std::string packet;
  Put(Kind::kHello, packet);
  Put(static_cast<std::uint8_t>(hello.confinement.landlock), packet);
  Put(static_cast<std::uint8_t>(hello.confinement.seccomp), packet);
  PutString(hello.confinement.missing_limits, packet);
  return packet;
}

std::string Encode(const WorkerAnswer& answer) {
  std::string packet;
  if (answer.failure) {
    Put(Kind::kFailure, packet);
    Put(*answer.failure, packet);
    return packet;
  }
  Put(Kind::kText, packet);
  Put(answer.text_bytes, packet);
  Put(static_cast<std::uint8_t>(answer.truncated), packet);
  Put(static_cast<std::uint8_t>(answer.damaged_partly), packet);
  PutString(answer.properties.title, packet);
  PutString(answer.properties.author, packet);
  PutString(answer.properties.language, packet);
  Put(static_cast<std::uint32_t>(answer.textless_pages.size()), packet);
  for (const std::uint32_t page : answer.textless_pages) Put(page, packet);
  Put(static_cast<std::uint32_t>(answer.pdf_bytes.size()), packet);
  for (const std::uint64_t bytes : answer.pdf_bytes) Put(bytes, packet);
  return packet;
}

std::string Encode(const ReaderReport& report) {
  std::string packet;
  Put(Kind::kReport, packet);
  Put(report.status, packet);
  PutString(report.answer, packet);
  return packet;
}

std::optional<std::variant<WorkerHello, WorkerAnswer, ReaderReport>> Decode(
    std::string_view packet) {
  std::variant<WorkerHello, WorkerAnswer, ReaderReport> message;
  PacketReader reader(packet);
  switch (reader.Get<Kind>()) {
    case Kind::kHello: {
      WorkerHello hello;
      hello.confinement.landlock = reader.Get<std::uint8_t>() != 0;
      hello.confinement.seccomp = reader.Get<std::uint8_t>() != 0;
      hello.confinement.missing_limits = reader.GetString();
      message = hello;
      break;
    }
    case Kind::kText:
      message = ReadText(reader);
      break;
    case Kind::kFailure: {
      WorkerAnswer answer;
      answer.failure = reader.Get<Unreadable>();
      if (*answer.failure > Unreadable::kCrashed) return std::nullopt;
      message = std::move(answer);
      break;
    }
    case Kind::kReport: {
      ReaderReport report;
      report.status = reader.Get<std::int32_t>();
      report.answer = reader.GetString();
      message = std::move(report);
      break;
    }
    default:
      return std::nullopt;
  }
  return reader.Complete() ? std::optional(std::move(message)) : std::nullopt;
}

bool SendRequest(int socket, const WorkerRequest& request, int file, int text) {
  WorkerRequest copy = request;
  iovec bytes{&copy, sizeof copy};
  DescriptorRoom room{};
  msghdr message{};
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  message.msg_control = room.bytes.data();
  message.msg_controllen = room.bytes.size();
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(2 * sizeof(int));
  const std::array<int, 2> descriptors{file, text};
  std::memcpy(CMSG_DATA(header), descriptors.data(), sizeof descriptors);
  return ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) == sizeof copy;
}

std::optional<ReceivedRequest> ReceiveRequest(int socket) {
  ReceivedRequest received;
  iovec bytes{&received.request, sizeof received.request};
  DescriptorRoom room{};
  msghdr message{};
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  message.msg_control = room.bytes.data();
  message.msg_controllen = room.bytes.size();
  ssize_t length = 0;
  do {
    length = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  } while (length < 0 && errno == EINTR);
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (length != sizeof received.request || header == nullptr ||
      header->cmsg_len != CMSG_LEN(2 * sizeof(int))) {
    return std::nullopt;
  }
  std::array<int, 2> descriptors{};
  std::memcpy(descriptors.data(), CMSG_DATA(header), sizeof descriptors);
  received.file = descriptors[0];
  received.text = descriptors[1];
  return received;
}

}  // namespace dbxes::parsers
