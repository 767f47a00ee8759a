// SPDX-License-Identifier: Apache-2.0
// Compressed answers, for clients that accept them. The simulator shares no code with the program
// that it tests, not even this.
#pragma once

#include <string>
#include <string_view>

namespace dbxes::sim {

// Whether the value of an Accept-Encoding header allows gzip: "deflate, gzip;q=0.5" does,
// "gzip;q=0" and "identity" do not.
bool AcceptsGzip(std::string_view accept_encoding);
std::string Gzip(std::string_view bytes);

}  // namespace dbxes::sim
