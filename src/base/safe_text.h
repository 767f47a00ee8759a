// SPDX-License-Identifier: Apache-2.0
// Texts of others, such as names of files, made harmless where people or programs read them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dbxes {

// For a terminal or a line of a log. Control characters (also line breaks) are written as "\x1b",
// those that change the direction of text as "\u202e", and bytes that are no UTF-8 as "\x9b": file
// names come from other people and must neither control a terminal, nor forge a log line, nor show
// as another name.
std::string Printable(std::string_view text);

// A JSON text with those characters in its strings written as "\u202e": what reads it as JSON gets
// the same strings, and what prints it is not misled.
std::string SafeJson(std::string_view json);

// With every byte that is not part of well-formed UTF-8 replaced by U+FFFD: JSON must be UTF-8, and
// local paths may be any bytes.
std::string WellFormedUtf8(std::string_view text);

// For a part of a message, whose line breaks begin lines of ours: control characters become blanks,
// and a text of more than `max_bytes`, at least three, ends with "...".
std::string InOneLine(std::string_view text, std::size_t max_bytes = 500);

}  // namespace dbxes
