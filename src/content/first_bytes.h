// SPDX-License-Identifier: Apache-2.0
// What a file without an extension is, by its first bytes. Safe for bytes of others: it compares
// them with a few marks, and counts control characters.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "content/extract_text.h"

namespace dbxes::content {

// This many bytes decide. A shorter file is decided by all of it.
inline constexpr std::size_t kFirstBytes = 4096;

// kPlain, kHtml, kXml or kParsed; nothing if the bytes are neither text nor begin with the mark of
// a format that is read.
std::optional<TextFormat> FormatByContent(std::string_view bytes);

// kRejectedDocument with kUnknownTag.
Error UnknownBytes();

}  // namespace dbxes::content
