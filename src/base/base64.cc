// SPDX-License-Identifier: Apache-2.0
#include "base/base64.h"

#include <openssl/evp.h>

#include <algorithm>

namespace dbxes {

std::string Base64Encode(std::string_view bytes) {
  std::string text;
  AppendBase64(bytes, text);
  return text;
}

std::string Base64UrlEncode(std::string_view bytes) {
  std::string text = Base64Encode(bytes);
  text.resize(text.find_last_not_of('=') + 1);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

void AppendBase64(std::string_view bytes, std::string& out) {
  const std::size_t begin = out.size();
  // EVP_EncodeBlock writes a terminating zero behind the text.
  out.resize(begin + 4 * ((bytes.size() + 2) / 3) + 1);
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data() + begin),
                  reinterpret_cast<const unsigned char*>(bytes.data()),
                  static_cast<int>(bytes.size()));
  out.pop_back();
}

std::optional<std::string> Base64Decode(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string padded(text);
  padded.append((4 - padded.size() % 4) % 4, '=');
  std::string bytes(padded.size() / 4 * 3, '\0');
  const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                     reinterpret_cast<const unsigned char*>(padded.data()),
                                     static_cast<int>(padded.size()));
  // It ignores white space and wrong padding, so encoding the result again decides.
  if (length < 0) return std::nullopt;
  bytes.resize(bytes.size() - (padded.size() - text.size()));
  if (Base64Encode(bytes) != padded) return std::nullopt;
  return bytes;
}

}  // namespace dbxes
