// SPDX-License-Identifier: Apache-2.0
// RC4 is not among the algorithms that OpenSSL 3 has without loading a module, which the sandbox
// forbids; the functions of before are still there.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "parsers/office_cipher.h"

#include <openssl/evp.h>
#include <openssl/rc4.h>

#include <array>

namespace dbxes::parsers {
namespace {

constexpr std::size_t kAesBlock = 16;
constexpr std::uint32_t kHashSha1 = 0x8004;

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

const unsigned char* BytesIn(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* BytesIn(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

const EVP_CIPHER* AesOf(std::size_t key_bytes, bool chained) {
  switch (key_bytes) {
    case 16:
      return chained ? EVP_aes_128_cbc() : EVP_aes_128_ecb();
    case 24:
      return chained ? EVP_aes_192_cbc() : EVP_aes_192_ecb();
    case 32:
      return chained ? EVP_aes_256_cbc() : EVP_aes_256_ecb();
    default:
      return nullptr;
  }
}

}  // namespace

struct OfficeHash::Context {
  EVP_MD* algorithm = nullptr;
  EVP_MD_CTX* state = nullptr;
};

void OfficeHash::Free::operator()(Context* context) const {
  EVP_MD_free(context->algorithm);
  EVP_MD_CTX_free(context->state);
  delete context;
}

std::optional<OfficeHash> OfficeHash::Of(std::string_view name) {
  constexpr std::array<std::string_view, 5> kNames{"MD5", "SHA1", "SHA256", "SHA384", "SHA512"};
  for (const std::string_view known : kNames) {
    if (name != known) continue;
    OfficeHash hash(new Context{EVP_MD_fetch(nullptr, known.data(), nullptr), EVP_MD_CTX_new()});
    if (EVP_DigestInit_ex(hash.context_->state, hash.context_->algorithm, nullptr) != 1) break;
    return hash;
  }
  return std::nullopt;
}

std::string OfficeHash::operator()(std::string_view first, std::string_view second) const {
  std::array<char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  EVP_MD_CTX* const state = context_->state;
  EVP_DigestInit_ex(state, nullptr, nullptr);  // the same algorithm again
  EVP_DigestUpdate(state, first.data(), first.size());
  EVP_DigestUpdate(state, second.data(), second.size());
  EVP_DigestFinal_ex(state, reinterpret_cast<unsigned char*>(digest.data()), &size);
  return {digest.data(), size};
}

std::string OfficeHash::Spin(std::string_view salt, std::uint32_t times) const {
  std::string hash = (*this)(salt, kPasswordOfExcel);
  for (std::uint32_t at = 0; at < times; ++at) hash = (*this)(BytesOf(at), hash);
  return hash;
}

std::string BytesOf(std::uint32_t number) {
  std::string bytes;
  for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(number >> shift & 0xff);
  return bytes;
}

std::string DecryptRc4(std::string_view key, std::string_view bytes) {
  std::string plain(bytes.size(), '\0');
  RC4_KEY state;
  RC4_set_key(&state, static_cast<int>(key.size()), BytesIn(key));
  RC4(&state, bytes.size(), BytesIn(bytes), BytesIn(plain));
  return plain;
}

std::optional<std::string> DecryptAes(std::string_view key, std::string_view start,
                                      std::string_view bytes) {
  const bool chained = !start.empty();
  const EVP_CIPHER* const cipher = AesOf(key.size(), chained);
  if (cipher == nullptr || (chained && start.size() != kAesBlock)) return std::nullopt;
  const std::unique_ptr<EVP_CIPHER_CTX, FreeCipher> context(EVP_CIPHER_CTX_new());
  const unsigned char* const first = chained ? BytesIn(start) : nullptr;
  if (EVP_DecryptInit_ex(context.get(), cipher, nullptr, BytesIn(key), first) != 1) {
    return std::nullopt;
  }
  EVP_CIPHER_CTX_set_padding(context.get(), 0);
  std::string plain(bytes.size() - bytes.size() % kAesBlock, '\0');
  int size = 0;
  if (EVP_DecryptUpdate(context.get(), BytesIn(plain), &size, BytesIn(bytes),
                        static_cast<int>(plain.size())) != 1) {
    return std::nullopt;
  }
  return plain;
}

std::optional<CryptoApiInfo> ReadCryptoApiInfo(LittleEndian info) {
  constexpr std::size_t kHead = 12;  // version, flags and the size of the header
  constexpr std::size_t kSaltBytes = 16;
  constexpr std::uint16_t kMinorVersion = 2;
  const LittleEndian header = info.Sub(kHead, info.U32(8));
  const LittleEndian verifier = info.Sub(kHead + header.size());
  const std::uint32_t bits = header.U32(16);
  const bool known = info.U16(2) == kMinorVersion && verifier.U32(0) == kSaltBytes &&
                     (header.U32(12) == kHashSha1 || header.U32(12) == 0) && bits <= 256;
  // 20 bytes of SHA-1, whole blocks of AES.
  const std::size_t hash_bytes = header.U32(8) == kCipherRc4 ? 20 : 32;
  if (!known || !verifier.Has(40, hash_bytes)) return std::nullopt;
  constexpr std::uint32_t kLeastBits = 40;
  return CryptoApiInfo{header.U32(8), (bits == 0 ? kLeastBits : bits) / 8,
                       verifier.bytes().substr(4, kSaltBytes), verifier.bytes().substr(20, 16),
                       verifier.bytes().substr(40, hash_bytes)};
}

}  // namespace dbxes::parsers
