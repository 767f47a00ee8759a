// SPDX-License-Identifier: Apache-2.0
//
// Compressed answers, for clients that say they can read them. The simulator shares no code with
// the tool that it is to judge, this included.

#ifndef DBXES_TESTS_DROPBOX_SIM_GZIP_H_
#define DBXES_TESTS_DROPBOX_SIM_GZIP_H_

#include <string>
#include <string_view>

namespace dbxes::sim {

/// Whether the value of an Accept-Encoding header allows gzip: "deflate, gzip;q=0.5" does,
/// "gzip;q=0" and "identity" do not.
bool AcceptsGzip(std::string_view accept_encoding);
std::string Gzip(std::string_view bytes);

}  // namespace dbxes::sim

#endif  // DBXES_TESTS_DROPBOX_SIM_GZIP_H_
