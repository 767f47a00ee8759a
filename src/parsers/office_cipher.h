// SPDX-License-Identifier: Apache-2.0
// Ciphers and passwords of Office ([MS-OFFCRYPTO]), by OpenSSL. Where the library refuses an
// algorithm, as in FIPS mode, there is no result.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "parsers/little_endian.h"

namespace dbxes::parsers {

// Excel encrypts a workbook that is only protected from changes with this password, which it tries
// by itself when it opens one ([MS-OFFCRYPTO] 2.4.2.3). "VelvetSweatshop" in UTF-16.
inline constexpr std::string_view kPasswordOfExcel("V\0e\0l\0v\0e\0t\0S\0w\0e\0a\0t\0s\0h\0o\0p\0",
                                                   30);

// Four bytes, little-endian: how numbers are hashed.
std::string BytesOf(std::uint32_t number);

class OfficeHash {
 public:
  // By its name in documents: "MD5", "SHA1", "SHA256", "SHA384" or "SHA512".
  static std::optional<OfficeHash> Of(std::string_view name);

  // Of both, one after the other.
  std::string operator()(std::string_view first, std::string_view second) const;
  // Of the password with the salt, `times` more with the number of the time (2.3.4.7, 2.3.4.11).
  std::string Spin(std::string_view salt, std::uint32_t times) const;

 private:
  struct Context;
  struct Free {
    void operator()(Context* context) const;
  };
  explicit OfficeHash(Context* context) : context_(context) {}

  std::unique_ptr<Context, Free> context_;
};

std::string DecryptRc4(std::string_view key, std::string_view bytes);
// AES with 16, 24 or 32 bytes of key, in CBC, or in ECB where `start` is empty. What is beyond the
// last whole block is left out.
std::optional<std::string> DecryptAes(std::string_view key, std::string_view start,
                                      std::string_view bytes);

// What CryptoAPI needs to know of a document (2.3.2, 2.3.3).
struct CryptoApiInfo {
  std::uint32_t cipher = 0;
  std::size_t key_bytes = 0;
  std::string_view salt;
  std::string_view verifier;       // encrypted, and so is
  std::string_view verifier_hash;  // with what its cipher has added
};
inline constexpr std::uint32_t kCipherRc4 = 0x6801;
inline constexpr std::uint32_t kCipherAes128 = 0x660e;
inline constexpr std::uint32_t kCipherAes256 = 0x6610;

// From the version on; nothing if it is of another method or hashes by another function than SHA-1.
std::optional<CryptoApiInfo> ReadCryptoApiInfo(LittleEndian info);

}  // namespace dbxes::parsers
