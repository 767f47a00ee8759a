// SPDX-License-Identifier: Apache-2.0
// Dropbox's hash of a file's content, of bytes that come in pieces (Dropbox HTTP API: content
// hash): SHA-256 of the SHA-256 digests of its blocks of 4 MiB.
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
  // 64 lower-case digits, of what was given since the last call; starts anew.
  std::string Finish();

 private:
  void EndBlock();

  Sha256 block_;
  Sha256 digests_;
  std::size_t block_size_ = 0;
};

}  // namespace dbxes::content
