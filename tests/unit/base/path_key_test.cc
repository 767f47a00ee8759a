// SPDX-License-Identifier: Apache-2.0
#include "base/path_key.h"

#include <doctest/doctest.h>

#include "base/tree_path.h"

namespace dbxes {
namespace {

std::string KeyOf(std::string_view path) {
  std::string buffer;
  return std::string(PathKey(path, buffer));
}

std::string Repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("a path that a keyword may hold is its own key") {
  for (const std::string& path :
       {std::string(), std::string("/a/b"), "/" + std::string(8190, 'x'),
        // A code unit each, of two and of three bytes.
        "/" + Repeated("\xc3\xa4", 8190), "/" + Repeated("\xe4\xb8\x80", 8190),
        // Two code units each.
        Repeated("\xf0\x9f\x98\x80", 4095) + "/"}) {
    CHECK(KeyOf(path) == path);
    CHECK_FALSE(IsLongPath(path));
  }
  CHECK(IsLongPath("/" + Repeated("\xe4\xb8\x80", 8191)));
  CHECK(IsLongPath(Repeated("\xf0\x9f\x98\x80", 4096)));
}

TEST_CASE("a longer path is replaced by the beginning of its folder and hashes") {
  const std::string folder = "/" + std::string(8100, 'f');
  const std::string one = KeyOf(folder + "/" + std::string(200, 'a'));
  const std::string other = KeyOf(folder + "/" + std::string(200, 'b'));
  CHECK(one != other);
  CHECK(one.size() <= kMaxPathKey);
  CHECK(one.substr(0, 8000) == folder.substr(0, 8000));
  CHECK(one.substr(8000, 2) == "//");
  CHECK(one.size() == 8000 + 2 + 32 + 1 + 32);
  // Siblings are in the same folder, cousins are not.
  CHECK(FolderOf(one) == FolderOf(other));
  CHECK(FolderOf(one) != FolderOf(KeyOf(folder + "g/" + std::string(200, 'a'))));
  // A replacement is short enough to be its own key.
  CHECK(KeyOf(one) == one);
}

TEST_CASE("keys stay the same in all versions: they are in indices") {
  CHECK(KeyOf("/" + std::string(8200, 'x')) ==
        "//e3b0c44298fc1c149afbf4c8996fb924/"
        "bc2ae94c61ee6faca2a4a463c03a200c");
}

TEST_CASE("no character is cut in two") {
  const std::string path = "/x" + Repeated("\xf0\x9f\x98\x80", 4200) + "/" + std::string(300, 'n');
  const std::string key = KeyOf(path);
  // 3,999 whole characters fit beside "/x" into 8,000 code units.
  CHECK(key.substr(0, key.find("//")) == path.substr(0, 2 + 3999 * 4));
}

}  // namespace dbxes
