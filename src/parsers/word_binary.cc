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
constexpr std::uint16_t kOldWord = 0xa5dc;       // Word 6 and 95
constexpr std::uint16_t kOldAsianWord = 0xa699;  // Word 95 for East Asia
constexpr std::uint16_t kFirstOf97 = 0xc1;
constexpr std::size_t kVersion = 0x02;
constexpr std::size_t kFlags = 0x0a;
constexpr std::uint16_t kPiecesFlag =
    0x0004;                                  // of Word 6 and 95; without it, the text is one piece
constexpr std::uint16_t kWideFlag = 0x1000;  // of Word 95: two bytes a character
constexpr std::uint16_t kEncryptedFlag = 0x0100;
constexpr std::uint16_t kSecondTableFlag = 0x0200;
constexpr std::size_t kPiecesAt = 0x1a2;    // fcClx
constexpr std::size_t kPiecesSize = 0x1a6;  // lcbClx
// Of Word 6 and 95 (Microsoft, "Word 6.0 Binary File Format").
constexpr std::size_t kOldTextAt = 0x18;       // fcMin
constexpr std::size_t kOldTextEnd = 0x1c;      // fcMac
constexpr std::size_t kOldPiecesAt = 0x160;    // fcClx
constexpr std::size_t kOldPiecesSize = 0x164;  // lcbClx

constexpr std::uint8_t kFormatting = 1;  // clxt of a Prc
constexpr std::uint8_t kPieceTable = 2;  // clxt of the Pcdt
constexpr std::uint32_t kOneByte = 0x40000000;
constexpr std::size_t kMostCharacters = std::size_t{1} << 28;
constexpr std::size_t kMostInstruction = std::size_t{64} << 10;  // bytes, of a field

// Characters with a meaning (2.4.1, 2.8.25).
constexpr char kCell = 0x07;
constexpr char kLine = 0x0b;
constexpr char kPage = 0x0c;
constexpr char kParagraph = 0x0d;
constexpr char kFieldBegin = 0x13;
constexpr char kFieldResult = 0x14;
constexpr char kFieldEnd = 0x15;
constexpr char kHyphen = 0x1e;

// A formula as a field: EQ \o\ad(\s\up 10(reading),word). East Asian documents write readings above
// words so, and have the words nowhere else. "" for any other instruction.
std::string WordsOfEquation(std::string_view instruction) {
  const std::size_t name = instruction.find_first_not_of(' ');
  if (name == std::string_view::npos || !instruction.substr(name).starts_with("EQ ")) return "";
  const std::size_t begin = std::min(instruction.find('('), instruction.size());
  std::string words;
  bool in_switch = false;  // up to a parenthesis or a comma
  for (const char c : instruction.substr(begin)) {
    const bool sign = c == '(' || c == ')' || c == ',';
    in_switch = c == '\\' || (in_switch && !sign);
    if (in_switch) continue;
    if (!sign) words += c;
    if (sign && !words.ends_with(' ')) words += ' ';
  }
  return words;
}

// Writes characters of Word as text. A field is its instruction, which is left out, and its result.
class WordText {
 public:
  explicit WordText(TextSink& sink) : sink_(sink) {}

  void Add(std::string_view utf8) {
    for (const char c : utf8) {
      if (static_cast<unsigned char>(c) >= 0x20 || c == '\t') {
        if (InText()) run_ += c;
        if (!InText() && instruction_.size() < kMostInstruction) instruction_ += c;
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
        instruction_.clear();
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
    if (--instructions_ == 0) run_ += WordsOfEquation(std::exchange(instruction_, {}));
  }
  void Flush() {
    if (!run_.empty()) after_cell_ = false;
    sink_.Append(run_);
    run_.clear();
  }

  TextSink& sink_;
  std::string run_;
  std::string instruction_;   // of the fields that are open
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

struct Piece {
  std::size_t characters = 0;
  std::uint32_t place = 0;
};

// Numbers of characters, one more than there are pieces, then a descriptor for each piece (2.8.35).
// False where one is damaged: `pieces` has those before it.
bool ReadPieceTable(LittleEndian table, std::vector<Piece>& pieces) {
  const std::size_t count = table.size() < 16 ? 0 : (table.size() - 4) / 12;
  for (std::size_t piece = 0; piece < count; ++piece) {
    const std::uint32_t begin = table.U32(4 * piece);
    const std::uint32_t end = table.U32(4 * piece + 4);
    if (end < begin || end - begin > kMostCharacters) return false;
    pieces.push_back({end - begin, table.U32(4 * (count + 1) + 8 * piece + 2)});
  }
  return true;
}

void ReadPieces(LittleEndian document, LittleEndian table, TextSink& sink) {
  std::vector<Piece> pieces;
  if (!ReadPieceTable(table, pieces)) sink.LeaveOut(Unreadable::kDamaged);
  WordText text(sink);
  std::size_t read = 0;
  for (const Piece& piece : pieces) {
    if (sink.full()) return;
    // Pieces that overlap cannot make more text than the file has.
    if (read > document.size()) return sink.LeaveOut(Unreadable::kDamaged);
    const bool one_byte = (piece.place & kOneByte) != 0;
    const std::size_t at = one_byte ? (piece.place & ~kOneByte) / 2 : piece.place;
    const std::size_t bytes = piece.characters * (one_byte ? 1 : 2);
    if (!document.Has(at, bytes)) sink.LeaveOut(Unreadable::kDamaged);
    const std::string_view raw = document.Sub(at, bytes).bytes();
    read += raw.size();
    text.Add(content::FromCharset(raw, CharsetOfCodePage(one_byte ? kWesternPage : kUtf16Page)));
  }
}

// Of Word 6 and 95: without a table, the text is one piece.
bool ReadOldPieces(LittleEndian document, std::size_t character_bytes, std::vector<Piece>& pieces) {
  if ((document.U16(kFlags) & kPiecesFlag) != 0) {
    const LittleEndian clx = document.Sub(document.U32(kOldPiecesAt), document.U32(kOldPiecesSize));
    return ReadPieceTable(PieceTable(clx), pieces);
  }
  const std::uint32_t begin = document.U32(kOldTextAt);
  const std::uint32_t end = document.U32(kOldTextEnd);
  if (end > begin) pieces.push_back({(end - begin) / character_bytes, begin});
  return true;
}

// Word 6 and 95 write one byte a character, in the code page of each font. The language that they
// note is often that of the program, so the bytes of the whole text decide. Word 95 for East Asia
// may write UTF-16.
void ReadOldText(LittleEndian document, TextSink& sink) {
  const bool wide = (document.U16(kFlags) & kWideFlag) != 0 && document.U16(0) == kOldAsianWord;
  const std::size_t character_bytes = wide ? 2 : 1;
  std::vector<Piece> pieces;
  if (!ReadOldPieces(document, character_bytes, pieces)) sink.LeaveOut(Unreadable::kDamaged);
  std::string raw;
  for (const Piece& piece : pieces) {
    const std::size_t bytes = piece.characters * character_bytes;
    if (!document.Has(piece.place, bytes)) sink.LeaveOut(Unreadable::kDamaged);
    if (raw.size() > document.size()) return sink.LeaveOut(Unreadable::kDamaged);
    raw += document.Sub(piece.place, bytes).bytes();
  }
  const std::string fallback =
      content::FromCharset(raw, CharsetOfCodePage(wide ? kUtf16Page : kWesternPage));
  WordText(sink).Add(wide ? fallback : content::ToUtf8(std::move(raw)).value_or(fallback));
}

}  // namespace

Parsed<void> ReadWordDocument(const CompoundFile& file, TextSink& sink) {
  const CompoundFile::Stream stream = file.Read(CompoundFile::kRoot, "WordDocument");
  const LittleEndian document(stream.bytes);
  const bool old = document.U16(0) == kOldWord || document.U16(0) == kOldAsianWord;
  const bool known = document.U16(0) == kWord && document.U16(kVersion) >= kFirstOf97;
  if (!known && !old) return tl::unexpected(Unreadable::kUnsupported);
  const std::uint16_t flags = document.U16(kFlags);
  if ((flags & kEncryptedFlag) != 0) return tl::unexpected(Unreadable::kEncrypted);
  if (old) {
    if (!stream.whole) sink.LeaveOut(Unreadable::kDamaged);
    ReadOldText(document, sink);
    return {};
  }
  const bool second = (flags & kSecondTableFlag) != 0;
  const CompoundFile::Stream table = file.Read(CompoundFile::kRoot, second ? "1Table" : "0Table");
  const LittleEndian pieces =
      PieceTable(LittleEndian(table.bytes).Sub(document.U32(kPiecesAt), document.U32(kPiecesSize)));
  if (pieces.size() == 0) return tl::unexpected(Unreadable::kDamaged);
  ReadPieces(document, pieces, sink);
  return {};
}

}  // namespace dbxes::parsers
