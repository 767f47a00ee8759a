// SPDX-License-Identifier: Apache-2.0
#include "base/gzip.h"

#include <doctest/doctest.h>
#include <libdeflate.h>

#include <random>
#include <string>
#include <vector>

namespace dbxes {
namespace {

std::string Decompress(const std::string& bytes, std::size_t size) {
  const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)>
      decompressor(libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  std::string text(size + 1, '\0');
  std::size_t length = 0;
  REQUIRE(libdeflate_gzip_decompress(decompressor.get(), bytes.data(), bytes.size(), text.data(),
                                     text.size(), &length) == LIBDEFLATE_SUCCESS);
  text.resize(length);
  return text;
}

}  // namespace

TEST_CASE("compressed bytes can be decompressed") {
  std::mt19937_64 random(1);
  std::string noise(300'000, '\0');
  for (char& c : noise) c = static_cast<char>(random());
  GzipCompressor compressor;
  std::string out;
  // One compressor and one buffer for all, the longer ones first: nothing of them may be left.
  for (const std::string& text :
       {std::string(1'000'000, 'x'), noise, std::string("{\"a\":1}\n"), std::string()}) {
    compressor.Compress(text, out);
    CHECK(Decompress(out, text.size()) == text);
  }
}

TEST_CASE("text becomes much smaller") {
  std::string lines;
  for (int i = 0; i < 5000; ++i)
    lines += "{\"index\":{\"_id\":\"id:" + std::to_string(i) + "\"}}\n";
  std::string out;
  GzipCompressor().Compress(lines, out);
  CHECK(out.size() < lines.size() / 4);
}

}  // namespace dbxes
