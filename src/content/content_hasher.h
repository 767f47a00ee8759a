// SPDX-License-Identifier: Apache-2.0
// Dropbox's hash of a file's content, whose bytes come in pieces (Dropbox HTTP API: content hash):
// SHA-256 of the SHA-256 digests of its blocks of 4 MiB.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/hash.h"

namespace dbxes::content {

class ContentHasher {
 public:
  static constexpr std::size_t kBlockBytes = std::size_t{4} << 20;

  void Update(std::string_view bytes);
  // Returns 64 lower-case hexadecimal digits for the bytes since the last call, and starts over.
  std::string Finish();

 private:
  void EndBlock();

  Sha256 block_;
  Sha256 digests_;
  std::size_t block_size_ = 0;
};

}  // namespace dbxes::content
