// SPDX-License-Identifier: Apache-2.0
#include "base/hash.h"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <string_view>

namespace dbxes {
namespace {

std::string Sha256Hex(std::string_view bytes) {
  Sha256 hash;
  hash.Update(bytes);
  return ToHex(hash.Finish());
}

}  // namespace

TEST_CASE("the test vectors of FIPS 180-4") {
  CHECK(Sha256Hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(Sha256Hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(Sha256Hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(Sha256Hex(std::string(1'000'000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("a zero byte is a byte") {
  CHECK(Sha256Hex(std::string("a\0b", 3)) != Sha256Hex("a"));
  CHECK(Hash64(std::string("a\0b", 3)) != Hash64("a"));
}

TEST_CASE("a fingerprint is read back, and any other text is 0") {
  CHECK(ParseFingerprint(ToHex64(0xfedcba9876543210)) == 0xfedcba9876543210);
  for (const char* text : {"", "x", "12x", " 12", "0x12", "-1", "10000000000000000"}) {
    CAPTURE(text);
    CHECK(ParseFingerprint(text) == 0);
  }
}

// State files contain these hashes: another function would silently make them worthless.
TEST_CASE("the fast hash is XXH3 with 64 bits and the seed 0") {
  CHECK(ToHex64(Hash64("")) == "2d06800538d394c2");
  CHECK(ToHex64(Hash64("abc")) == "78af5f94892f3950");
}

TEST_CASE("ids that differ in one digit have different hashes") {
  std::set<std::uint64_t> hashes;
  for (int i = 0; i < 100'000; ++i) hashes.insert(Hash64("id:" + std::to_string(i)));
  CHECK(hashes.size() == 100'000);
}

TEST_CASE("hexadecimal digits are padded") {
  CHECK(ToHex64(0) == "0000000000000000");
  CHECK(ToHex64(0xABC) == "0000000000000abc");
  CHECK(ToHex64(~std::uint64_t{0}) == "ffffffffffffffff");
}

}  // namespace dbxes
