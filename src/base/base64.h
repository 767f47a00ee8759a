// SPDX-License-Identifier: Apache-2.0
// Base64 of RFC 4648, section 4: the standard alphabet, with padding.
#pragma once

#include <string>
#include <string_view>

namespace dbxes {

std::string Base64Encode(std::string_view bytes);
// The same behind what `out` holds; at most 1 GiB of bytes.
void AppendBase64(std::string_view bytes, std::string& out);

}  // namespace dbxes
