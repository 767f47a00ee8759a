// SPDX-License-Identifier: Apache-2.0
// The id at each path, in eight bytes an entry: with it a full listing notices that an entry was
// replaced while it was being listed.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <string_view>

namespace dbxes::checkpoint {

// An open-addressing hash table of words: 40 bits for the path, one that is set for a file, 23 for
// the id. Two paths with the same bits look like a replacement, which costs a needless write; two
// ids with the same bits at one path (1 in 8 million) hide a replacement until the next full sync.
// The table doubles in place: for millions of entries a second table would be most of the memory of
// a run.
class PathTable {
 public:
  using Word = std::uint64_t;

  // Arguments are the Hash64 of path and id.
  static Word MakeWord(std::uint64_t path_hash, std::uint64_t id_hash, bool is_folder);
  // The word for a folder that is known from its content only.
  static Word MakeFolderMark(std::uint64_t path_hash);

  // Loads the slot of this path into the cache while others are put.
  void Prefetch(std::uint64_t path_hash) const;

  // Stores the word and returns the previous word of its path, 0 if there was none. A folder mark
  // does not replace the word of a folder.
  Word Put(Word word);
  static bool SamePlace(Word left, Word right) {
    return (left >> kIdentityBits) == (right >> kIdentityBits);
  }
  static bool IsFile(Word word) { return (word & kFileBit) != 0; }
  static bool IsFolderMark(Word word) { return (word & kIdentityMask) == 0; }

  std::size_t size() const { return used_; }
  void Clear();

 private:
  static constexpr int kIdentityBits = 24;  // the file bit and the id
  static constexpr Word kIdentityMask = (Word{1} << kIdentityBits) - 1;
  static constexpr Word kFileBit = Word{1} << (kIdentityBits - 1);
  // Slots behind the last home, for words that find no slot before it. The search does not continue
  // at the beginning, because then the table could not be doubled in place.
  static constexpr std::size_t kBehind = 1024;
  struct Free {
    void operator()(Word* slots) const { std::free(slots); }
  };
  void Grow();
  void Resize(std::size_t homes);
  Word& Find(Word word);
  // The bits of the path are a good hash already; the lower ones select the home.
  std::size_t HomeOf(Word word) const {
    return static_cast<std::size_t>(word >> kIdentityBits) & (homes_ - 1);
  }

  std::unique_ptr<Word[], Free> slots_;  // of homes_, and kBehind more
  std::size_t homes_ = 0;                // a power of two
  std::map<Word, Word> beyond_;          // by path: words that found no slot; hardly ever any
  std::size_t used_ = 0;
};

}  // namespace dbxes::checkpoint
