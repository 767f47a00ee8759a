// SPDX-License-Identifier: Apache-2.0
// The bytes of a simulated file: given, or made up from a seed so that a million files cost no
// memory. The content hash follows "Dropbox HTTP API: content hash" and is computed once, on
// first use.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace dbxes::sim {

// Blocks of 4 MiB, SHA-256 each, SHA-256 of the digests; lower-case hex.
std::string ContentHash(std::string_view bytes);

class Content {
 public:
  explicit Content(std::string bytes);
  Content(std::uint64_t size, std::uint64_t seed) : size_(size), seed_(seed), made_up_(true) {}

  std::uint64_t size() const { return size_; }
  const std::string& hash() const;
  // The whole body; made up on each call when the content is synthetic.
  std::string Bytes() const;

 private:
  std::uint64_t size_ = 0;
  std::uint64_t seed_ = 0;
  bool made_up_ = false;
  std::string bytes_;
  mutable std::string hash_;
};

}  // namespace dbxes::sim
