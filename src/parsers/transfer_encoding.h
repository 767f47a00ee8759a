// SPDX-License-Identifier: Apache-2.0
// How mail writes bytes as ASCII (RFC 2045, section 6; RFC 2047, section 4; RFC 2231). What does
// not belong to an encoding is skipped or kept, never refused.
#pragma once

#include <string>
#include <string_view>

namespace dbxes::parsers {

// `encoding` is the value of Content-Transfer-Encoding in lower case; those that are not known are
// the bytes themselves.
std::string DecodeTransfer(std::string_view bytes, std::string_view encoding);

std::string DecodeBase64Leniently(std::string_view text);
std::string DecodeQuotedPrintable(std::string_view text);
std::string DecodeQuotedWord(std::string_view text);  // an underscore is a space
std::string DecodePercent(std::string_view text);

}  // namespace dbxes::parsers
