// SPDX-License-Identifier: Apache-2.0
#include "base/path_key.h"

#include "base/hash.h"
#include "base/tree_path.h"
#include "base/utf8.h"

namespace dbxes {
namespace {

constexpr std::size_t kKept = 8000;  // code units of the folder
constexpr std::size_t kDigits = 32;  // of each hash: 128 bits, which nobody can make collide
static_assert(kKept + 2 * kDigits + 3 <= kMaxPathKey);

// Bytes of the first `units` code units, or one less where a character has two.
std::size_t BytesOf(std::string_view text, std::size_t units) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (IsUtf8Continuation(text[at])) continue;
    const std::size_t more = static_cast<unsigned char>(text[at]) >= 0xF0 ? 2 : 1;
    if (more > units) return at;
    units -= more;
  }
  return text.size();
}

std::string Digest(std::string_view text) {
  Sha256 hash;
  hash.Update(text);
  return ToHex(hash.Finish()).substr(0, kDigits);
}

}  // namespace

bool IsLongPath(std::string_view path) { return BytesOf(path, kMaxPathKey) < path.size(); }

std::string LongPathKey(std::string_view path) {
  const std::string_view folder = FolderOf(path);
  std::string key(folder.substr(0, BytesOf(folder, kKept)));
  key += "//";
  key += Digest(folder);
  key += '/';
  key += Digest(path);
  return key;
}

}  // namespace dbxes
