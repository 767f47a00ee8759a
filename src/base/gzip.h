// SPDX-License-Identifier: Apache-2.0
// gzip of request bodies (libdeflate: whole buffers, about three times as fast as zlib).
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace dbxes {

class GzipCompressor {
 public:
  explicit GzipCompressor(int level = 1);
  // The compressed bytes; reuses `out`'s capacity.
  void Compress(std::string_view bytes, std::string& out);

 private:
  struct Free {
    void operator()(void* compressor) const;
  };
  std::unique_ptr<void, Free> compressor_;
};

}  // namespace dbxes
