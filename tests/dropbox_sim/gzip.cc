// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/gzip.h"

#include <libdeflate.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>

#include "dropbox_sim/text.h"

namespace dbxes::sim {
namespace {

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// "gzip" or "*", unless its weight is zero.
bool ChoiceIsGzip(std::string_view choice) {
  const std::size_t semicolon = std::min(choice.find(';'), choice.size());
  const std::string_view coding = Trimmed(choice.substr(0, semicolon));
  if (!EqualsIgnoreCase(coding, "gzip") && coding != "*") return false;
  const std::string weight(Trimmed(choice.substr(std::min(semicolon + 1, choice.size()))));
  return weight.substr(0, 2) != "q=" || std::strtod(weight.c_str() + 2, nullptr) > 0;
}

}  // namespace

bool AcceptsGzip(std::string_view accept_encoding) {
  while (!accept_encoding.empty()) {
    const std::size_t comma = std::min(accept_encoding.find(','), accept_encoding.size());
    if (ChoiceIsGzip(accept_encoding.substr(0, comma))) return true;
    accept_encoding.remove_prefix(std::min(comma + 1, accept_encoding.size()));
  }
  return false;
}

std::string Gzip(std::string_view bytes) {
  constexpr int kFastest = 1;
  const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor(
      libdeflate_alloc_compressor(kFastest), libdeflate_free_compressor);
  if (compressor == nullptr) throw std::bad_alloc();
  std::string out(libdeflate_gzip_compress_bound(compressor.get(), bytes.size()), '\0');
  out.resize(libdeflate_gzip_compress(compressor.get(), bytes.data(), bytes.size(), out.data(),
                                      out.size()));
  return out;
}

}  // namespace dbxes::sim
