// SPDX-License-Identifier: Apache-2.0
// The other side of parsers/parser_pool.h: what the program does when it was started as one of its
// own parser processes.
#pragma once

#include <optional>
#include <span>
#include <string>

namespace dbxes::parsers {

// The exit status, if the arguments ask for such a process; to be called before anything else is
// done. They are made by ParserPool, and not for people.
std::optional<int> RunAsParserProcess(std::span<const std::string> arguments);

}  // namespace dbxes::parsers
