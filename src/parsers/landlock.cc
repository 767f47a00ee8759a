// SPDX-License-Identifier: Apache-2.0
#include "parsers/landlock.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>

namespace dbxes::parsers {
namespace {

// Headers of older kernels lack these rights, so they are given by number. Each version of the
// interface (on the right) added one.
constexpr std::uint64_t kFirstRights = (std::uint64_t{1} << 13) - 1;
constexpr std::uint64_t kRefer = std::uint64_t{1} << 13;     // 2
constexpr std::uint64_t kTruncate = std::uint64_t{1} << 14;  // 3
constexpr std::uint64_t kDevices = std::uint64_t{1} << 15;   // 5
constexpr std::uint64_t kTcp = 3;                            // 4: bind and connect
// Abstract sockets of others, and signals to others.
constexpr std::uint64_t kScope = 3;  // 6

struct Ruleset {
  std::uint64_t files;
  std::uint64_t network;
  std::uint64_t scope;
};

// A kernel refuses a ruleset that is longer than it knows.
std::size_t SizeFor(long version) {
  if (version >= 6) return sizeof(Ruleset);
  return version >= 4 ? offsetof(Ruleset, scope) : offsetof(Ruleset, network);
}

Ruleset AllRightsOf(long version) {
  Ruleset all{kFirstRights, 0, 0};
  if (version >= 2) all.files |= kRefer;
  if (version >= 3) all.files |= kTruncate;
  if (version >= 4) all.network = kTcp;
  if (version >= 5) all.files |= kDevices;
  if (version >= 6) all.scope = kScope;
  return all;
}

void AllowReading(int ruleset, const std::string& path) {
  landlock_path_beneath_attr rule{};
  rule.parent_fd = ::open(path.c_str(), O_PATH | O_CLOEXEC);
  if (rule.parent_fd < 0) return;  // this system does not have the path
  struct stat what {};
  const bool folder = ::fstat(rule.parent_fd, &what) == 0 && S_ISDIR(what.st_mode);
  rule.allowed_access = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE;
  if (folder) rule.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
  ::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
  ::close(rule.parent_fd);
}

}  // namespace

bool RestrictWithLandlock(const std::vector<std::string>& readable) {
  const long version =
      ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < 1) return false;
  const Ruleset rights = AllRightsOf(version);
  const auto ruleset =
      static_cast<int>(::syscall(SYS_landlock_create_ruleset, &rights, SizeFor(version), 0));
  if (ruleset < 0) return false;
  for (const std::string& path : readable) AllowReading(ruleset, path);
  const bool done = ::syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
  ::close(ruleset);
  return done;
}

}  // namespace dbxes::parsers
