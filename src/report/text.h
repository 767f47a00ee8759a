// SPDX-License-Identifier: Apache-2.0
// Numbers and texts for people.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/safe_text.h"

namespace dbxes::report {

using dbxes::Printable;
using dbxes::SafeJson;
using dbxes::WellFormedUtf8;

std::string WithThousands(std::uint64_t number);  // "1,204,000"
// A number with a noun, given in the singular: "1 entry", "1,204 entries", "0 documents".
std::string CountOf(std::uint64_t number, std::string_view noun);
std::string FormatDuration(Milliseconds duration);  // "3.4 s", "12 min 5 s", "2 h 3 min"
std::string FormatElapsed(Milliseconds duration);   // "0:45", "12:03", "1:02:03": of what runs on

std::string FormatBytes(std::uint64_t bytes);  // "812 B", "34.1 KiB", "3.4 MiB"
// An estimate, rounded: "under a minute", "about 4 min", "about 3 h".
std::string FormatRoughly(Milliseconds duration);

// At most `columns` characters, cut between characters. Assumes one column for each.
std::string CutToWidth(std::string_view text, std::size_t columns);

}  // namespace dbxes::report
