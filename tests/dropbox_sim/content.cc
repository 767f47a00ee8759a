// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/content.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include "dropbox_sim/text.h"

namespace dbxes::sim {
namespace {

// Each word is copied with the zeros behind it: a copy of fixed length is the fastest.
constexpr std::size_t kRoom = 16;
struct Word {
  constexpr explicit Word(std::string_view word) : length(word.size()) {
    std::copy(word.begin(), word.end(), text.begin());
  }
  std::array<char, kRoom> text{};
  std::size_t length;
};
constexpr std::array<Word, 16> kWords = {
    Word("contract "), Word("meeting "), Word("invoice "),  Word("quarter "),
    Word("budget "),   Word("review "),  Word("customer "), Word("delivery "),
    Word("the "),      Word("of "),      Word("and "),      Word("project "),
    Word("report "),   Word("plan "),    Word("team "),     Word("signed.\n")};

}  // namespace

std::string ContentHash(std::string_view bytes) {
  constexpr std::size_t kBlock = std::size_t{4} << 20;
  std::string digests;
  for (std::size_t at = 0; at < bytes.size(); at += kBlock) {
    const auto digest = Sha256(bytes.substr(at, kBlock));
    digests.append(reinterpret_cast<const char*>(digest.data()), digest.size());
  }
  const auto total = Sha256(digests);
  return Hex(total.data(), total.size());
}

Content::Content(std::string bytes) : size_(bytes.size()), bytes_(std::move(bytes)) {}

const std::string& Content::hash() const {
  if (hash_.empty()) hash_ = ContentHash(made_up_ ? Bytes() : bytes_);
  return hash_;
}

std::string Content::Bytes() const {
  if (!made_up_) return bytes_;
  constexpr std::size_t kWordsAtOnce = 16;
  std::string out(size_ + (kWordsAtOnce + 1) * kRoom, '\0');
  std::size_t end = 0;
  // The seed comes first, so that two contents of the same size differ.
  if (size_ >= 24) {
    const std::string first = "document " + std::to_string(seed_ % 10000000000ULL) + "\n";
    end = first.copy(out.data(), first.size());
  }
  std::uint64_t state = Mix(seed_);
  while (end < size_) {
    state = Mix(state);
    for (std::uint64_t bits = state, i = 0; i < kWordsAtOnce; ++i, bits >>= 4) {
      const Word& word = kWords[bits & 15];
      std::memcpy(out.data() + end, word.text.data(), kRoom);
      end += word.length;
    }
  }
  out.resize(size_);
  return out;
}

}  // namespace dbxes::sim
