// SPDX-License-Identifier: Apache-2.0
// Hashes: XXH3 for speed where nobody attacks, SHA-256 where bytes must be verified.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace dbxes {

std::uint64_t Hash64(std::string_view bytes);
std::string ToHex64(std::uint64_t value);  // 16 lower-case digits
void AppendHex64(std::uint64_t value, std::string& out);
// The number of a fingerprint in hexadecimal digits, as ToHex64 writes it; 0 for any other text.
std::uint64_t ParseFingerprint(std::string_view hex);

// SHA-256 of bytes that arrive in pieces.
class Sha256 {
 public:
  using Digest = std::array<unsigned char, 32>;

  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void Update(std::string_view bytes);
  // Of the bytes since the last call of Finish, or since construction.
  Digest Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};
std::string ToHex(const Sha256::Digest& digest);  // 64 lower-case digits

}  // namespace dbxes
