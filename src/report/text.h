// SPDX-License-Identifier: Apache-2.0
// Numbers and texts for people.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace dbxes::report {

std::string WithThousands(std::uint64_t number);    // "1,204,000"
std::string FormatDuration(Milliseconds duration);  // "3.4 s", "12 min 5 s", "2 h 3 min"
std::string FormatElapsed(Milliseconds duration);   // "0:45", "12:03", "1:02:03": of what runs on

std::string FormatBytes(std::uint64_t bytes);  // "812 B", "34.1 KiB", "3.4 MiB"
// An estimate, rounded: "under a minute", "about 4 min", "about 3 h".
std::string FormatRoughly(Milliseconds duration);

// With control characters (also line breaks) written as "\x1b", and those that change the direction
// of text as "\u202e": file names come from other people and must neither control a terminal, nor
// forge a log line, nor show as another name.
std::string Printable(std::string_view text);

// A JSON text with those characters in its strings written as "\u202e": what reads it as JSON gets
// the same strings, and what prints it is not misled.
std::string SafeJson(std::string_view json);

// With every byte that is not part of well-formed UTF-8 replaced by U+FFFD: JSON must be UTF-8, and
// local paths may be any bytes.
std::string WellFormedUtf8(std::string_view text);

// At most `columns` characters, cut between characters. Assumes one column for each.
std::string CutToWidth(std::string_view text, std::size_t columns);

}  // namespace dbxes::report
