// SPDX-License-Identifier: Apache-2.0
#include "base/os/memory_limit.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "base/os/temp_folder.h"

namespace dbxes {
namespace {

constexpr std::uint64_t kGigabyte = std::uint64_t{1} << 30;

// Control groups as they are mounted.
class Groups {
 public:
  void Set(const std::string& file, const std::string& text) {
    const std::filesystem::path path(folder_ / file);
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text << '\n';
  }
  std::uint64_t Limit(const std::string& groups) {
    return ControlGroupMemoryLimit(groups, folder_.path());
  }

 private:
  TempFolder folder_;
};

}  // namespace

TEST_CASE("the limit of a control group counts, and those of the groups around it") {
  Groups groups;
  groups.Set("kubepods/memory.max", "4294967296");
  groups.Set("kubepods/pod1/memory.max", "1073741824");
  groups.Set("kubepods/pod1/container/memory.max", "max");
  CHECK(groups.Limit("0::/kubepods/pod1/container\n") == kGigabyte);
  CHECK(groups.Limit("0::/kubepods\n") == 4 * kGigabyte);
  CHECK(groups.Limit("0::/\n") == kNoMemoryLimit);
}

TEST_CASE("a container that sees its own group at the top has that group's limit") {
  Groups groups;
  groups.Set("memory.max", "536870912");
  CHECK(groups.Limit("0::/\n") == kGigabyte / 2);
  CHECK(groups.Limit("0::/system.slice/docker-1.scope\n") == kGigabyte / 2);
  CHECK(groups.Limit("0::/../other\n") == kGigabyte / 2);
}

TEST_CASE("control groups of version 1 have their limits in a tree of their own") {
  Groups groups;
  groups.Set("memory/memory.limit_in_bytes", "9223372036854771712");
  groups.Set("memory/docker/1/memory.limit_in_bytes", "1073741824");
  groups.Set("memory.max", "4096");  // of version 2, which this process is not in
  CHECK(groups.Limit("9:name=systemd:/docker/1\n4:memory:/docker/1\n1:cpu:/\n") == kGigabyte);
  CHECK(groups.Limit("4:cpuset,memory:/docker/1\n") == kGigabyte);
  CHECK(groups.Limit("4:memory:/other") > 1000 * kGigabyte);
  CHECK(groups.Limit("4:memoryless:/docker/1\n") == kNoMemoryLimit);
}

TEST_CASE("what names no control group has no limit") {
  Groups groups;
  groups.Set("memory.max", "about a gigabyte");
  for (const char* text : {"", "\n", "0", "0:", "::", "0::/", "0::x\n4:memory"}) {
    CHECK_MESSAGE(groups.Limit(text) == kNoMemoryLimit, text);
  }
}

TEST_CASE("there is no more memory than the machine has") {
  const auto pages = static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES));
  CHECK(MemoryLimit() <= pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)));
  CHECK(MemoryLimit() > 0);
}

}  // namespace dbxes
