// SPDX-License-Identifier: Apache-2.0
// Base64 of RFC 4648: the standard alphabet with padding (section 4), and the one of URLs and file
// names without (section 5).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dbxes {

std::string Base64Encode(std::string_view bytes);
std::string Base64UrlEncode(std::string_view bytes);
// Appends to `out`; at most 1 GiB of bytes.
void AppendBase64(std::string_view bytes, std::string& out);
// Decodes the standard alphabet, with padding or without; nothing for any other text.
std::optional<std::string> Base64Decode(std::string_view text);

}  // namespace dbxes
