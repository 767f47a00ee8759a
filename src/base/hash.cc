// SPDX-License-Identifier: Apache-2.0
#include "base/hash.h"

#include <openssl/evp.h>
#include <xxhash.h>

#include <charconv>
#include <cstring>

namespace dbxes {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

// Two digits for each byte.
constexpr std::array<char, 512> MakeHexPairs() {
  std::array<char, 512> pairs{};
  for (std::size_t byte = 0; byte < 256; ++byte) {
    pairs[2 * byte] = kHexDigits[byte >> 4];
    pairs[2 * byte + 1] = kHexDigits[byte & 15];
  }
  return pairs;
}
constexpr std::array<char, 512> kHexPairs = MakeHexPairs();

// Fetched once: what EVP_sha256() gives is looked for again by each initialization, which takes as
// long as to hash a kilobyte.
const EVP_MD* Algorithm() {
  static const EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return sha256;
}

}  // namespace

std::uint64_t Hash64(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

std::string ToHex64(std::uint64_t value) {
  std::string hex;
  AppendHex64(value, hex);
  return hex;
}

void AppendHex64(std::uint64_t value, std::string& out) {
  constexpr std::size_t kDigits = 16;
  out.resize(out.size() + kDigits);
  char* const digits = out.data() + out.size() - kDigits;
  for (std::size_t at = 0; at < kDigits; at += 2) {
    const std::size_t byte = value >> (56 - 4 * at) & 0xff;
    std::memcpy(digits + at, kHexPairs.data() + 2 * byte, 2);
  }
}

std::uint64_t ParseFingerprint(std::string_view hex) {
  std::uint64_t value = 0;
  const auto parsed = std::from_chars(hex.data(), hex.data() + hex.size(), value, 16);
  return parsed.ec == std::errc() && parsed.ptr == hex.data() + hex.size() ? value : 0;
}

struct Sha256::State {
  State() { EVP_DigestInit_ex2(context, Algorithm(), nullptr); }
  ~State() { EVP_MD_CTX_free(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  EVP_MD_CTX* context = EVP_MD_CTX_new();
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::Update(std::string_view bytes) {
  EVP_DigestUpdate(state_->context, bytes.data(), bytes.size());
}

Sha256::Digest Sha256::Finish() {
  Digest digest;
  EVP_DigestFinal_ex(state_->context, digest.data(), nullptr);
  EVP_DigestInit_ex2(state_->context, nullptr, nullptr);  // the same again
  return digest;
}

std::string ToHex(const Sha256::Digest& digest) {
  std::string hex;
  hex.reserve(2 * digest.size());
  for (const unsigned char byte : digest) {
    hex += kHexDigits[byte >> 4];
    hex += kHexDigits[byte & 15];
  }
  return hex;
}

}  // namespace dbxes
