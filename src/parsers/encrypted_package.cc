// SPDX-License-Identifier: Apache-2.0
#include "parsers/encrypted_package.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "base/base64.h"
#include "parsers/compound_file.h"
#include "parsers/office_cipher.h"
#include "parsers/xml_reader.h"

namespace dbxes::parsers {
namespace {

constexpr std::size_t kBlock = 16;  // of AES
constexpr std::size_t kSizeBytes = 8;

// 2.3.4.4: the size, then the encrypted bytes.
struct Package {
  std::uint64_t size = 0;
  std::string_view encrypted;
};

// Standard encryption (2.3.4.5 to 2.3.4.9).
std::string StandardKey(const OfficeHash& sha1, const CryptoApiInfo& info) {
  constexpr std::uint32_t kTimes = 50'000;
  constexpr std::size_t kHashedBytes = 64;
  const std::string hash = sha1(sha1.Spin(info.salt, kTimes), BytesOf(0));
  std::string key;
  for (const char pad : {'\x36', '\x5c'}) {
    std::string mixed(kHashedBytes, pad);
    for (std::size_t at = 0; at < hash.size(); ++at) mixed[at] ^= hash[at];
    key += sha1(mixed, {});
  }
  return key.substr(0, info.key_bytes);
}

std::optional<std::string> OpenStandard(LittleEndian description, const Package& package) {
  const auto info = ReadCryptoApiInfo(description);
  const auto sha1 = OfficeHash::Of("SHA1");
  if (!info || !sha1 || info->cipher < kCipherAes128 || info->cipher > kCipherAes256) {
    return std::nullopt;
  }
  const std::string key = StandardKey(*sha1, *info);
  const auto verifier = DecryptAes(key, {}, info->verifier);
  const auto expected = DecryptAes(key, {}, info->verifier_hash);
  if (!verifier || !expected || !expected->starts_with((*sha1)(*verifier, {}))) {
    return std::nullopt;
  }
  return DecryptAes(key, {}, package.encrypted);
}

// Agile encryption (2.3.4.10 to 2.3.4.15): how the package is encrypted, and how its key is.
struct Agile {
  struct Cipher {
    bool known = false;
    std::string hash;
    std::string salt;
    std::size_t key_bytes = 0;
  };
  Cipher package;
  Cipher key;
  std::uint32_t times = 0;  // that the password is hashed
  std::string verifier;
  std::string verifier_hash;
  std::string encrypted_key;
};

std::uint32_t NumberOf(std::string_view digits) {
  std::uint32_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

class AgileHandler : public XmlHandler {
 public:
  explicit AgileHandler(Agile& agile) : agile_(agile) {}

  void Start(std::string_view name, const XmlAttributes& attributes) override {
    if (name == "keyData") agile_.package = CipherOf(attributes);
    if (name != "encryptedKey" || agile_.key.known) return;
    agile_.key = CipherOf(attributes);
    agile_.times = NumberOf(attributes.Find("spinCount"));
    agile_.verifier = Decoded(attributes, "encryptedVerifierHashInput");
    agile_.verifier_hash = Decoded(attributes, "encryptedVerifierHashValue");
    agile_.encrypted_key = Decoded(attributes, "encryptedKeyValue");
  }
  void End(std::string_view) override {}
  void Text(std::string_view) override {}

 private:
  static std::string Decoded(const XmlAttributes& attributes, std::string_view name) {
    return Base64Decode(attributes.Find(name)).value_or("");
  }
  static Agile::Cipher CipherOf(const XmlAttributes& attributes) {
    const bool known = attributes.Find("cipherAlgorithm") == "AES" &&
                       attributes.Find("cipherChaining") == "ChainingModeCBC";
    return {known, std::string(attributes.Find("hashAlgorithm")), Decoded(attributes, "saltValue"),
            NumberOf(attributes.Find("keyBits")) / 8};
  }

  Agile& agile_;
};

// 2.3.4.11 and 2.3.4.12: cut to the length, or filled.
std::string Fit(std::string bytes, std::size_t length) {
  bytes.resize(length, '\x36');
  return bytes;
}

std::optional<std::string> AgileKey(const Agile& agile, const OfficeHash& hash) {
  constexpr std::string_view kVerifier("\xfe\xa7\xd2\x76\x3b\x4b\x9e\x79");
  constexpr std::string_view kVerifierHash("\xd7\xaa\x0f\x6d\x30\x61\x34\x4e");
  constexpr std::string_view kKey("\x14\x6e\x0b\xe7\xab\xac\xd0\xd6");
  const std::string password = hash.Spin(agile.key.salt, agile.times);
  const auto decrypt = [&](std::string_view purpose, std::string_view bytes) {
    const std::string key = Fit(hash(password, purpose), agile.key.key_bytes);
    return DecryptAes(key, Fit(agile.key.salt, kBlock), bytes);
  };
  const auto verifier = decrypt(kVerifier, agile.verifier);
  const auto expected = decrypt(kVerifierHash, agile.verifier_hash);
  if (!verifier || !expected || !expected->starts_with(hash(*verifier, {}))) return std::nullopt;
  auto key = decrypt(kKey, agile.encrypted_key);
  if (key) key->resize(std::min(key->size(), agile.package.key_bytes));
  return key;
}

std::optional<std::string> OpenAgile(std::string_view description, const Package& package) {
  constexpr std::size_t kSegment = 4096;
  constexpr std::size_t kMostKeyBytes = 32;
  // Excel hashes 100,000 times, which takes 0.1 seconds.
  constexpr std::uint32_t kMostTimes = 1'000'000;
  Agile agile;
  AgileHandler handler(agile);
  XmlReader reader(handler);
  reader.Feed(description);
  const auto key_hash = OfficeHash::Of(agile.key.hash);
  const auto hash = OfficeHash::Of(agile.package.hash);
  const bool known = agile.package.known && agile.key.known && agile.times <= kMostTimes &&
                     agile.key.key_bytes <= kMostKeyBytes && key_hash && hash;
  if (!known) return std::nullopt;
  const auto key = AgileKey(agile, *key_hash);
  if (!key) return std::nullopt;
  std::string plain;
  plain.reserve(package.encrypted.size());
  for (std::size_t at = 0; at < package.encrypted.size(); at += kSegment) {
    const std::string number = BytesOf(static_cast<std::uint32_t>(at / kSegment));
    const auto segment = DecryptAes(*key, Fit((*hash)(agile.package.salt, number), kBlock),
                                    package.encrypted.substr(at, kSegment));
    if (!segment) return std::nullopt;
    plain += *segment;
  }
  return plain;
}

}  // namespace

bool NamesEncryptedPackage(std::string_view bytes) {
  constexpr std::string_view kName("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0", 32);
  return bytes.find(kName) != std::string_view::npos;
}

std::optional<std::string> OpenEncryptedPackage(std::string_view bytes, const ParseLimits& limits) {
  const auto file = CompoundFile::Open(bytes, limits);
  if (!file) return std::nullopt;
  const std::string description = file->Read(CompoundFile::kRoot, "EncryptionInfo").bytes;
  const std::string stream = file->Read(CompoundFile::kRoot, "EncryptedPackage").bytes;
  if (stream.size() <= kSizeBytes) return std::nullopt;
  const Package package{LittleEndian(stream).U64(0), std::string_view(stream).substr(kSizeBytes)};
  const LittleEndian info(description);
  const bool is_agile = info.U16(0) == 4 && info.U16(2) == 4;
  auto plain = is_agile ? OpenAgile(info.Sub(8).bytes(), package) : OpenStandard(info, package);
  if (plain && package.size < plain->size()) plain->resize(package.size);
  return plain;
}

}  // namespace dbxes::parsers
