// SPDX-License-Identifier: Apache-2.0
#include "content/content_hasher.h"

#include <algorithm>

namespace dbxes::content {

void ContentHasher::Update(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t taken = std::min(bytes.size(), kBlockBytes - block_size_);
    block_.Update(bytes.substr(0, taken));
    bytes.remove_prefix(taken);
    block_size_ += taken;
    if (block_size_ == kBlockBytes) EndBlock();
  }
}

void ContentHasher::EndBlock() {
  const Sha256::Digest digest = block_.Finish();
  digests_.Update({reinterpret_cast<const char*>(digest.data()), digest.size()});
  block_size_ = 0;
}

std::string ContentHasher::Finish() {
  // An empty file has no blocks.
  if (block_size_ > 0) EndBlock();
  return ToHex(digests_.Finish());
}

}  // namespace dbxes::content
