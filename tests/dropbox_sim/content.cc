// SPDX-License-Identifier: Apache-2.0

#include "dropbox_sim/content.h"

#include <array>
#include <utility>

#include "dropbox_sim/text.h"

namespace dbxes::sim {

std::string ContentHash(std::string_view bytes) {
  constexpr size_t kBlock = size_t{4} << 20;
  std::string digests;
  for (size_t at = 0; at < bytes.size(); at += kBlock) {
    const auto digest = Sha256(bytes.substr(at, kBlock));
    digests.append(reinterpret_cast<const char*>(digest.data()), digest.size());
  }
  const auto total = Sha256(digests);
  return Hex(total.data(), total.size());
}

Content::Content(std::string bytes) : size_(bytes.size()), bytes_(std::move(bytes)) {}

const std::string& Content::hash() const {
  if (hash_.empty()) hash_ = ContentHash(made_up_ ? Bytes() : bytes_);
  return hash_;
}

std::string Content::Bytes() const {
  if (!made_up_) return bytes_;
  static constexpr std::array<std::string_view, 16> kWords = {
      "contract ", "meeting ",  "invoice ", "quarter ", "budget ", "review ",
      "customer ", "delivery ", "the ",     "of ",      "and ",    "project ",
      "report ",   "plan ",     "team ",    "signed.\n"};
  std::string out;
  out.reserve(size_ + 16);
  // The seed leads, so that two contents of one size differ.
  if (size_ >= 24) out += "document " + std::to_string(seed_ % 10000000000ULL) + "\n";
  uint64_t state = Mix(seed_);
  while (out.size() < size_) {
    state = Mix(state);
    for (uint64_t bits = state, i = 0; i < 16; ++i, bits >>= 4) out += kWords[bits & 15];
  }
  out.resize(size_);
  return out;
}

}  // namespace dbxes::sim
