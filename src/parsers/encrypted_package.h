// SPDX-License-Identifier: Apache-2.0
// Documents of Office 2007 and later that are encrypted ([MS-OFFCRYPTO] 2.3.4).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "parsers/parsed_document.h"

namespace dbxes::parsers {

// Whether a compound file is one, even if it breaks off, or has one within.
bool NamesEncryptedPackage(std::string_view bytes);

// The archive within one whose password Excel has set by itself, to protect it from changes;
// nothing for another password or method, and for other files.
std::optional<std::string> OpenEncryptedPackage(std::string_view bytes, const ParseLimits& limits);

}  // namespace dbxes::parsers
