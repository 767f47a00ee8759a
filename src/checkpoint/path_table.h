// SPDX-License-Identifier: Apache-2.0
// Which id stands at which path, in eight bytes an entry: what a full listing needs to notice that
// something was replaced while it was being listed.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <string_view>

namespace dbxes::checkpoint {

// An open-addressing hash table of words: 40 bits tell the path, one whether a file stands there,
// 23 the id. Two paths that share their bits look like a replacement, which costs a needless write;
// two ids that share theirs at one path (1 in 8 million) hide one until the next full sync. It
// doubles in place: for millions of entries a second table beside it would be most of the memory
// that a run takes.
class PathTable {
 public:
  using Word = std::uint64_t;

  // Of the Hash64 of path and id.
  static Word MakeWord(std::uint64_t path_hash, std::uint64_t id_hash, bool is_folder);
  // The word for a folder that is known from its content only.
  static Word MakeFolderMark(std::uint64_t path_hash);

  // Lets the memory of this place be on its way while others are put.
  void Prefetch(std::uint64_t path_hash) const;

  // What stood at the word's path before: 0 nothing, else its word. Stores the new one, but for a
  // folder mark that finds a folder there.
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
  // Behind the last home, for what finds no slot before it: nothing goes on at the beginning, or a
  // table could not be doubled in place.
  static constexpr std::size_t kBehind = 1024;
  struct Free {
    void operator()(Word* slots) const { std::free(slots); }
  };
  void Grow();
  void Resize(std::size_t homes);
  Word& Find(Word word);
  // The place's bits are a good hash already; its lower part picks the home.
  std::size_t HomeOf(Word word) const {
    return static_cast<std::size_t>(word >> kIdentityBits) & (homes_ - 1);
  }

  std::unique_ptr<Word[], Free> slots_;  // of homes_, and kBehind more
  std::size_t homes_ = 0;                // a power of two
  std::map<Word, Word> beyond_;          // by place: what found no slot at all; hardly ever any
  std::size_t used_ = 0;
};

}  // namespace dbxes::checkpoint
