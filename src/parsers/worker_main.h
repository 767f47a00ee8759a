// SPDX-License-Identifier: Apache-2.0
// The counterpart of parsers/parser_pool.h: what the program does when it was started as one of its
// own parser processes.
#pragma once

#include <optional>
#include <span>
#include <string>

namespace dbxes::parsers {

// The exit status, if the arguments ask for such a process; nothing otherwise. Call it before
// anything else. Only ParserPool uses these arguments.
std::optional<int> RunAsParserProcess(std::span<const std::string> arguments);

}  // namespace dbxes::parsers
