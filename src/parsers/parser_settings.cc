// SPDX-License-Identifier: Apache-2.0
#include "parsers/parser_settings.h"

#include <algorithm>
#include <thread>

#include "base/os/memory_limit.h"

namespace dbxes::parsers {
namespace {

constexpr std::size_t kMostProcesses = 4;
constexpr std::size_t kMemoryBesidesFile = std::size_t{1} << 30;
// Less than this is not enough for a page at 300 dots an inch or a large workbook.
constexpr std::size_t kLeastBesidesFile = std::size_t{256} << 20;
// What a run needs itself besides files: documents on their way, tables, libraries.
constexpr std::uint64_t kMemoryOfRun = std::uint64_t{128} << 20;

}  // namespace

ParserSettings ParserSettingsOn(const Machine& machine, const ParserNeeds& needs) {
  // What may be held is a bound that hardly any run reaches: it never leaves less than half.
  const std::uint64_t taken = std::min(kMemoryOfRun + needs.held_bytes, machine.memory_bytes / 2);
  const std::uint64_t left = machine.memory_bytes - taken;
  const std::uint64_t kinds = needs.pictures ? 2 : 1;
  const auto affordable = static_cast<std::size_t>(
      std::min<std::uint64_t>(left / kinds / kLeastBesidesFile, kMostProcesses));
  ParserSettings settings;
  // One that waits until its text is taken and it has the next file leaves a processor idle.
  settings.processes = std::max(std::min(machine.processors + 1, affordable), std::size_t{1});
  const auto share = static_cast<std::size_t>(
      std::min<std::uint64_t>(left / kinds / settings.processes, kMemoryBesidesFile));
  settings.memory_bytes = needs.max_file_bytes + std::max(share, kLeastBesidesFile);
  settings.max_text_bytes = needs.max_text_bytes;
  return settings;
}

ParserSettings SystemParserSettings(const ParserNeeds& needs) {
  return ParserSettingsOn({std::thread::hardware_concurrency(), MemoryLimit()}, needs);
}

}  // namespace dbxes::parsers
