// SPDX-License-Identifier: Apache-2.0
// The metadata that Dropbox sends with a file's bytes, in the header Dropbox-API-Result (Dropbox
// HTTP API: files/download, files/export, sharing/get_shared_link_file).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dbxes::content {

struct DownloadResult {
  bool known = false;  // false: nothing below is set
  std::uint64_t size = 0;
  std::string hash;  // of the bytes; "" for none
  std::string rev;
  std::string content_hash;  // of the file; of an export not that of the bytes
};

// `exported`: the bytes are an export of the file. Not known if the header is missing, is not JSON,
// or has no size.
DownloadResult ReadDownloadResult(std::string_view header, bool exported);

}  // namespace dbxes::content
