// SPDX-License-Identifier: Apache-2.0
#include "content/content_hasher.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>

namespace dbxes::content {
namespace {

std::string HashOf(std::string_view bytes) {
  ContentHasher hasher;
  hasher.Update(bytes);
  return hasher.Finish();
}

}  // namespace

TEST_CASE("hashes are Dropbox's, around each end of a block") {
  // Published vectors: the letter A, repeated.
  const std::pair<std::size_t, std::string_view> vectors[] = {
      {0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {1, "1cd6ef71e6e0ff46ad2609d403dc3fee244417089aa4461245a4e4fe23a55e42"},
      {4096, "8620913d33852befe09f16fff8fd75f77a83160d29f76f07e0276e9690903035"},
      {4194303, "647c8627d70f7a7d13ce96b1e7710a771a55d41a62c3da490d92e56044d311fa"},
      {4194304, "d4d63bac5b866c71620185392a8a6218ac1092454a2d16f820363b69852befa3"},
      {4194305, "8f553da8d00d0bf509d8470e242888be33019c20c0544811f5b2b89e98360b92"},
      {8388608, "e08b3ba1f538804075c5f939accdeaa9efc7b5c01865c94a41e78ca6550a88e7"},
      {8388609, "02c8a4aefc2bfc9036f89a7098001865885938ca580e5c9e5db672385edd303c"},
  };
  for (const auto& vector : vectors) {
    CAPTURE(vector.first);
    CHECK(HashOf(std::string(vector.first, 'A')) == vector.second);
  }
  CHECK(HashOf("hello") == "9595c9df90075148eb06860365df33584b75bff782a510c6cd4883a419833d50");
  CHECK(HashOf(std::string(ContentHasher::kBlockBytes, '\0')) ==
        "c7e946d101855255d919ef0c70718633adf77d3dfb3adeeecf5d0cb4e951be58");
}

TEST_CASE("the pieces in which bytes come do not matter") {
  std::string bytes;
  for (std::size_t i = 0; i < ContentHasher::kBlockBytes + 100'000; ++i) {
    bytes += static_cast<char>(i * 7 + i / 251);
  }
  const std::string whole = HashOf(bytes);
  for (const std::size_t piece : {std::size_t{65'536}, std::size_t{99'991}}) {
    CAPTURE(piece);
    ContentHasher hasher;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      hasher.Update(std::string_view(bytes).substr(at, piece));
    }
    CHECK(hasher.Finish() == whole);
  }
}

TEST_CASE("finishing starts anew") {
  ContentHasher hasher;
  hasher.Update("something else");
  hasher.Finish();
  hasher.Update("hello");
  CHECK(hasher.Finish() == HashOf("hello"));
  CHECK(hasher.Finish() == HashOf(""));
}

}  // namespace dbxes::content
