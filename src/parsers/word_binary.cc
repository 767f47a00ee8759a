// SPDX-License-Identifier: Apache-2.0
#include "parsers/word_binary.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "content/charset.h"
#include "parsers/code_pages.h"

namespace dbxes::parsers {
namespace {

// The file information block ([MS-DOC] 2.5).
constexpr std::uint16_t kWord = 0xa5ec;
constexpr std::uint16_t kFirstOf97 = 0xc1;
constexpr std::size_t kVersion = 0x02;
constexpr std::size_t kFlags = 0x0a;
constexpr std::uint16_t kEncryptedFlag = 0x0100;
constexpr std::uint16_t kSecondTableFlag = 0x0200;
constexpr std::size_t kPiecesAt = 0x1a2;    // fcClx
constexpr std::size_t kPiecesSize = 0x1a6;  // lcbClx

constexpr std::uint8_t kFormatting = 1;  // clxt of a Prc
constexpr std::uint8_t kPieceTable = 2;  // clxt of the Pcdt
constexpr std::uint32_t kOneByte = 0x40000000;
constexpr std::size_t kMostCharacters = std::size_t{1} << 28;

// Characters with a meaning (2.4.1, 2.8.25).
constexpr char kCell = 0x07;
constexpr char kLine = 0x0b;
constexpr char kPage = 0x0c;
constexpr char kParagraph = 0x0d;
constexpr char kFieldBegin = 0x13;
constexpr char kFieldResult = 0x14;
constexpr char kFieldEnd = 0x15;
constexpr char kHyphen = 0x1e;

// Writes characters of Word as text. A field is its instruction, which is left out, and its result.
class WordText {
 public:
  explicit WordText(TextSink& sink) : sink_(sink) {}

  void Add(std::string_view utf8) {
    for (const char c : utf8) {
      if (static_cast<unsigned char>(c) >= 0x20 || c == '\t') {
        if (InText()) run_ += c;
      } else {
        OnSign(c);
      }
    }
    Flush();
  }

 private:
  bool InText() const { return fields_.empty() || instructions_ == 0; }

  void OnSign(char c) {
    switch (c) {
      case kParagraph:
        // Only a field that was damaged has a paragraph in its instruction.
        fields_.resize(InText() ? fields_.size() : 0);
        instructions_ = fields_.empty() ? 0 : instructions_;
        [[fallthrough]];
      case kLine:
      case kPage:
        Flush();
        sink_.EndLine();
        break;
      case kCell:
        EndCell();
        break;
      case kFieldBegin:
        fields_.push_back(true);
        ++instructions_;
        break;
      case kFieldResult:
        EndInstruction();
        break;
      case kFieldEnd:
        EndInstruction();
        if (!fields_.empty()) fields_.pop_back();
        break;
      case kHyphen:
        if (InText()) run_ += '-';
        break;
      default:
        break;  // pictures, references and optional hyphens
    }
  }
  // A row ends with a mark of its own, which looks like that of an empty cell.
  void EndCell() {
    const bool row = after_cell_ && run_.empty();
    Flush();
    if (row) {
      sink_.EndLine();
    } else {
      sink_.Tab();
    }
    after_cell_ = !row;
  }
  void EndInstruction() {
    if (fields_.empty() || !fields_.back()) return;
    fields_.back() = false;
    --instructions_;
  }
  void Flush() {
    if (!run_.empty()) after_cell_ = false;
    sink_.Append(run_);
    run_.clear();
  }

  TextSink& sink_;
  std::string run_;
  std::vector<bool> fields_;  // open ones: whether it is in its instruction
  std::size_t instructions_ = 0;
  bool after_cell_ = false;  // nothing has followed the end of a cell
};

// The part of the table stream that says where each piece of the text is; empty if there is none.
LittleEndian PieceTable(LittleEndian clx) {
  std::size_t at = 0;
  while (clx.U8(at) == kFormatting) at += 3 + std::size_t{clx.U16(at + 1)};
  if (clx.U8(at) != kPieceTable) return {};
  return clx.Sub(at + 5, clx.U32(at + 1));
}

void ReadPieces(LittleEndian document, LittleEndian pieces, TextSink& sink) {
  WordText text(sink);
  // Numbers of characters, one more than there are pieces, then a descriptor for each piece
  // (2.8.35).
  const std::size_t count = pieces.size() < 16 ? 0 : (pieces.size() - 4) / 12;
  for (std::size_t piece = 0; piece < count && !sink.full(); ++piece) {
    const std::uint32_t begin = pieces.U32(4 * piece);
    const std::uint32_t end = pieces.U32(4 * piece + 4);
    const std::uint32_t place = pieces.U32(4 * (count + 1) + 8 * piece + 2);
    if (end < begin || end - begin > kMostCharacters) return sink.LeaveOut(Unreadable::kDamaged);
    const bool one_byte = (place & kOneByte) != 0;
    const std::size_t at = one_byte ? (place & ~kOneByte) / 2 : place;
    const std::size_t bytes = std::size_t{end - begin} * (one_byte ? 1 : 2);
    if (!document.Has(at, bytes)) sink.LeaveOut(Unreadable::kDamaged);
    const std::string_view raw = document.Sub(at, bytes).bytes();
    text.Add(content::FromCharset(raw, CharsetOfCodePage(one_byte ? kWesternPage : kUtf16Page)));
  }
}

}  // namespace

Parsed<void> ReadWordDocument(const CompoundFile& file, TextSink& sink) {
  const CompoundFile::Stream stream = file.Read(CompoundFile::kRoot, "WordDocument");
  const LittleEndian document(stream.bytes);
  if (document.U16(0) != kWord || document.U16(kVersion) < kFirstOf97) {
    return tl::unexpected(Unreadable::kUnsupported);
  }
  const std::uint16_t flags = document.U16(kFlags);
  if ((flags & kEncryptedFlag) != 0) return tl::unexpected(Unreadable::kEncrypted);
  const bool second = (flags & kSecondTableFlag) != 0;
  const CompoundFile::Stream table = file.Read(CompoundFile::kRoot, second ? "1Table" : "0Table");
  const LittleEndian pieces =
      PieceTable(LittleEndian(table.bytes).Sub(document.U32(kPiecesAt), document.U32(kPiecesSize)));
  if (pieces.size() == 0) return tl::unexpected(Unreadable::kDamaged);
  ReadPieces(document, pieces, sink);
  return {};
}

}  // namespace dbxes::parsers
