// SPDX-License-Identifier: Apache-2.0
// Compound files of a test's making ([MS-CFB]), with sectors of 512 bytes.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace dbxes::parsers {

// By path: "Storage/Stream". Streams below 4096 bytes are in small sectors, as the format wants it.
std::string CompoundOf(const std::map<std::string, std::string>& streams);

// `value` in `bytes` bytes, the lowest first.
std::string LittleEndianOf(std::uint64_t value, std::size_t bytes);
// ASCII and Latin-1 characters as UTF-16LE.
std::string Wide(const std::string& latin);

// A document of Word 97: `one_byte` is its first piece, `wide` (UTF-16LE) the second.
std::string WordDocument(const std::string& one_byte, const std::string& wide);

}  // namespace dbxes::parsers
