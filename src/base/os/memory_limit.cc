// SPDX-License-Identifier: Apache-2.0
#include "base/os/memory_limit.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstddef>

#include "base/os/descriptor.h"
#include "base/os/file_bytes.h"

namespace dbxes {
namespace {

constexpr std::size_t kMostBytes = std::size_t{64} << 10;

// "" if it cannot be read.
std::string Contents(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return "";
  return ReadToEnd(file.get(), kMostBytes, path).value_or("");
}

// A group without a limit has "max", or in v1 a number beyond all memory.
std::uint64_t LimitIn(const std::string& path) {
  const std::string text = Contents(path);
  std::uint64_t bytes = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bytes);
  return error == std::errc() && end != text.data() ? bytes : kNoMemoryLimit;
}

// Each group is also held to the limits of the groups around it. A container sees its own group at
// the top, whatever the path of it is outside.
std::uint64_t LimitOfPath(const std::string& top, std::string_view group, std::string_view file) {
  std::uint64_t least = kNoMemoryLimit;
  while (true) {
    const bool is_top = group.empty() || group == "/";
    least = std::min(least, LimitIn(fmt::format("{}{}/{}", top, is_top ? "" : group, file)));
    if (is_top) return least;
    const std::size_t slash = group.rfind('/');
    group = group.substr(0, slash == group.npos ? 0 : slash);
  }
}

// Whether a list such as "cpu,memory" has it.
bool HasMemory(std::string_view controllers) {
  return fmt::format(",{},", controllers).find(",memory,") != std::string::npos;
}

std::uint64_t MemoryOfMachine() {
  const long pages = ::sysconf(_SC_PHYS_PAGES);
  const long page = ::sysconf(_SC_PAGESIZE);
  if (pages <= 0 || page <= 0) return kNoMemoryLimit;
  return static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page);
}

}  // namespace

std::uint64_t ControlGroupMemoryLimit(std::string_view groups, const std::string& mount) {
  std::uint64_t least = kNoMemoryLimit;
  // "0::/path" in v2, "4:memory:/path" in v1.
  while (!groups.empty()) {
    const std::string_view line = groups.substr(0, groups.find('\n'));
    groups.remove_prefix(std::min(groups.size(), line.size() + 1));
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first == line.npos ? first : first + 1);
    if (second == line.npos) continue;
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    const std::string_view group = line.substr(second + 1);
    if (controllers.empty()) {
      least = std::min(least, LimitOfPath(mount, group, "memory.max"));
    } else if (HasMemory(controllers)) {
      least = std::min(least, LimitOfPath(mount + "/memory", group, "memory.limit_in_bytes"));
    }
  }
  return least;
}

std::uint64_t MemoryLimit() {
  return std::min(MemoryOfMachine(),
                  ControlGroupMemoryLimit(Contents("/proc/self/cgroup"), "/sys/fs/cgroup"));
}

}  // namespace dbxes
