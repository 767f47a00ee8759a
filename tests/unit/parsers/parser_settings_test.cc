// SPDX-License-Identifier: Apache-2.0
#include "parsers/parser_settings.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>

namespace dbxes::parsers {
namespace {

constexpr std::uint64_t kMegabyte = std::uint64_t{1} << 20;

// As with the settings that a configuration has by itself.
ParserNeeds Needs() {
  return {.max_file_bytes = 10 * kMegabyte,
          .max_text_bytes = 16 * kMegabyte,
          .held_bytes = 256 * kMegabyte};
}

}  // namespace

TEST_CASE("a large machine reads four files at a time, each in a gigabyte") {
  for (const std::uint64_t memory :
       {16'384 * kMegabyte, std::numeric_limits<std::uint64_t>::max()}) {
    const ParserSettings settings = ParserSettingsOn({64, memory}, Needs());
    CHECK(settings.processes == 4);
    CHECK(settings.memory_bytes == 1034 * kMegabyte);
    CHECK(settings.max_text_bytes == 16 * kMegabyte);
  }
  CHECK(ParserSettingsOn({2, 16'384 * kMegabyte}, Needs()).processes == 3);
  CHECK(ParserSettingsOn({0, 16'384 * kMegabyte}, Needs()).processes == 1);
}

TEST_CASE("all processes together stay within the memory of a container") {
  for (const std::uint64_t memory : {768, 1024, 2048, 3072, 4096, 8192}) {
    for (const std::size_t processors : {1, 2, 4, 64}) {
      for (const bool pictures : {false, true}) {
        if (pictures && memory == 768) continue;  // see the next test
        CAPTURE(memory);
        CAPTURE(processors);
        CAPTURE(pictures);
        ParserNeeds needs = Needs();
        needs.pictures = pictures;
        const ParserSettings settings = ParserSettingsOn({processors, memory * kMegabyte}, needs);
        CHECK(settings.processes >= 1);
        const std::uint64_t besides_file = settings.memory_bytes - needs.max_file_bytes;
        CHECK(besides_file >= 256 * kMegabyte);
        // A file is held by the run, whichever process reads it.
        CHECK(settings.processes * besides_file * (pictures ? 2 : 1) + needs.held_bytes <=
              memory * kMegabyte);
      }
    }
  }
  CHECK(ParserSettingsOn({4, 1024 * kMegabyte}, Needs()).processes == 2);
  CHECK(ParserSettingsOn({4, 2048 * kMegabyte}, Needs()).processes == 4);
}

TEST_CASE("a bound for files that no run reaches leaves the processes half of the memory") {
  ParserNeeds needs = Needs();
  needs.held_bytes = 65'536 * kMegabyte;
  const ParserSettings settings = ParserSettingsOn({4, 4096 * kMegabyte}, needs);
  CHECK(settings.processes == 4);
  CHECK(settings.memory_bytes == 522 * kMegabyte);
}

TEST_CASE("one process can read honest files, however small the machine is") {
  for (const std::uint64_t memory : {std::uint64_t{0}, 64 * kMegabyte, 512 * kMegabyte}) {
    const ParserSettings settings = ParserSettingsOn({4, memory}, Needs());
    CHECK(settings.processes == 1);
    CHECK(settings.memory_bytes == 266 * kMegabyte);
  }
}

}  // namespace dbxes::parsers
