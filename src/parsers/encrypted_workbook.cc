// SPDX-License-Identifier: Apache-2.0
#include "parsers/encrypted_workbook.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "parsers/little_endian.h"
#include "parsers/office_cipher.h"

namespace dbxes::parsers {
namespace {

enum Type : std::uint16_t {
  kEnd = 0x0a,
  kFilePass = 0x2f,
  kBoundSheet = 0x85,
  kInterfaceHead = 0xe1,
  kRevisionHead = 0x138,
  kExclusiveUser = 0x194,
  kFileLock = 0x195,
  kRevisionInfo = 0x196,
  kBeginOfPart = 0x809,
};
constexpr std::size_t kHead = 4;  // type and length of a record
constexpr std::size_t kBlock = 1024;
constexpr std::size_t kSaltBytes = 16;

struct Record {
  std::uint16_t type = 0;
  std::size_t at = 0;      // of its data in the stream
  std::size_t length = 0;  // of its data, within the stream
};

// The record whose head is at `at`; nothing at the end.
std::optional<Record> RecordAt(LittleEndian stream, std::size_t at) {
  if (!stream.Has(at, kHead)) return std::nullopt;
  return Record{stream.U16(at), at + kHead, stream.Sub(at + kHead, stream.U16(at + 2)).size()};
}

// How many bytes of its data are never encrypted.
std::size_t PlainBytes(const Record& record) {
  switch (record.type) {
    case kBeginOfPart:
    case kFilePass:
    case kInterfaceHead:
    case kRevisionHead:
    case kExclusiveUser:
    case kFileLock:
    case kRevisionInfo:
      return record.length;
    case kBoundSheet:  // where the sheet begins
      return std::min<std::size_t>(record.length, 4);
    default:
      return 0;
  }
}

// Takes what is encrypted of a record, and where it is in the stream; gives the same decrypted.
using Cipher = std::function<std::string(std::string_view encrypted, const Record& record)>;

// Method 1 of XOR ([MS-OFFCRYPTO] 2.3.7.2), with what 2.3.7.1 makes of the password.
constexpr std::uint16_t kXorKey = 0xb359;
constexpr std::uint16_t kXorVerifier = 0x9a0a;
constexpr std::array<std::uint8_t, 16> kXorBytes{0x87, 0x6b, 0x9a, 0xe2, 0x1e, 0xe3, 0x05, 0x62,
                                                 0x1e, 0x69, 0x96, 0x60, 0x98, 0x6e, 0x94, 0x04};

std::string DecryptXor(std::string_view encrypted, const Record& record) {
  std::string plain(encrypted);
  std::size_t at = record.at + (record.length - encrypted.size()) + record.length;
  for (char& byte : plain) {
    const auto mixed = static_cast<std::uint8_t>(byte) ^ kXorBytes[at++ % kXorBytes.size()];
    byte = static_cast<char>(std::rotr(static_cast<std::uint8_t>(mixed), 5));
  }
  return plain;
}

// RC4 begins anew with each block of the stream, and runs over what is not encrypted, too.
class Rc4Stream {
 public:
  using KeyOfBlock = std::function<std::string(std::uint32_t block)>;

  Rc4Stream(std::string_view stream, const KeyOfBlock& key) {
    plain_.reserve(stream.size());
    for (std::size_t at = 0; at < stream.size(); at += kBlock) {
      plain_ += DecryptRc4(key(static_cast<std::uint32_t>(at / kBlock)), stream.substr(at, kBlock));
    }
  }
  std::string operator()(std::string_view encrypted, const Record& record) const {
    return plain_.substr(record.at + (record.length - encrypted.size()), encrypted.size());
  }

 private:
  std::string plain_;  // nonsense where the stream is not encrypted
};

bool Verifies(const OfficeHash& hash, std::string_view key, std::string_view verifier,
              std::string_view verifier_hash) {
  const std::string plain = DecryptRc4(key, std::string(verifier) + std::string(verifier_hash));
  return hash(plain.substr(0, verifier.size()), {}) == plain.substr(verifier.size());
}

// 2.3.6.2: always 40 bits of password.
std::optional<Cipher> Rc4CipherOf(LittleEndian info, std::string_view stream) {
  constexpr std::size_t kPasswordBytes = 5;
  constexpr std::size_t kRepeated = 16;
  const auto hash = OfficeHash::Of("MD5");
  if (!hash || !info.Has(4, 3 * kSaltBytes)) return std::nullopt;
  const std::string salted = (*hash)(kPasswordOfExcel, {}).substr(0, kPasswordBytes) +
                             std::string(info.bytes().substr(4, kSaltBytes));
  std::string repeated;
  for (std::size_t time = 0; time < kRepeated; ++time) repeated += salted;
  const std::string password = (*hash)(repeated, {}).substr(0, kPasswordBytes);
  const auto key = [&](std::uint32_t block) { return (*hash)(password, BytesOf(block)); };
  const bool opens = Verifies(*hash, key(0), info.bytes().substr(4 + kSaltBytes, kSaltBytes),
                              info.bytes().substr(4 + 2 * kSaltBytes, kSaltBytes));
  if (!opens) return std::nullopt;
  return Rc4Stream(stream, key);
}

// 2.3.5.2
std::optional<Cipher> CryptoApiCipherOf(LittleEndian info, std::string_view stream) {
  constexpr std::size_t kShortKey = 5;
  constexpr std::size_t kKeyOfShortKey = 16;  // with zeros
  const auto hash = OfficeHash::Of("SHA1");
  const auto known = ReadCryptoApiInfo(info);
  const bool is_rc4 = known && known->cipher == kCipherRc4 && known->key_bytes >= kShortKey;
  if (!hash || !is_rc4 || known->key_bytes > kKeyOfShortKey) return std::nullopt;
  const std::string password = (*hash)(known->salt, kPasswordOfExcel);
  const auto key = [&](std::uint32_t block) {
    std::string bytes = (*hash)(password, BytesOf(block)).substr(0, known->key_bytes);
    if (known->key_bytes == kShortKey) bytes.resize(kKeyOfShortKey);
    return bytes;
  };
  if (!Verifies(*hash, key(0), known->verifier, known->verifier_hash)) return std::nullopt;
  return Rc4Stream(stream, key);
}

// What a mark means; nothing for a method that we do not know or another password.
std::optional<Cipher> CipherOf(LittleEndian mark, std::string_view stream) {
  constexpr std::size_t kOldMark = 4;  // of Excel 95, which knew only one method
  const LittleEndian info = mark.size() == kOldMark ? mark : mark.Sub(2);
  if (mark.size() == kOldMark || mark.U16(0) == 0) {
    if (info.U16(0) != kXorKey || info.U16(2) != kXorVerifier) return std::nullopt;
    return DecryptXor;
  }
  const bool is_rc4 = info.U16(0) == 1 && info.U16(2) == 1;
  return is_rc4 ? Rc4CipherOf(info, stream) : CryptoApiCipherOf(info, stream);
}

// Among the records of the workbook itself.
std::optional<Record> FindMark(LittleEndian stream) {
  std::size_t at = 0;
  while (const auto record = RecordAt(stream, at)) {
    if (record->type == kFilePass) return record;
    if (record->type == kEnd) break;
    at = record->at + record->length;
  }
  return std::nullopt;
}

}  // namespace

void DecryptWorkbook(std::string& stream) {
  const auto mark = FindMark(LittleEndian(stream));
  if (!mark) return;
  const auto decrypt = CipherOf(LittleEndian(stream).Sub(mark->at, mark->length), stream);
  if (!decrypt) return;
  std::size_t at = 0;
  while (const auto record = RecordAt(LittleEndian(stream), at)) {
    const std::size_t plain = PlainBytes(*record);
    const std::size_t length = record->length - plain;
    const std::string_view encrypted = std::string_view(stream).substr(record->at + plain, length);
    stream.replace(record->at + plain, length, (*decrypt)(encrypted, *record));
    at = record->at + record->length;
  }
  stream.replace(mark->at - kHead, 2, 2, '\0');  // of a type that says nothing
}

}  // namespace dbxes::parsers
