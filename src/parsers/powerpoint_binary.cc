// SPDX-License-Identifier: Apache-2.0
#include "parsers/powerpoint_binary.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "content/charset.h"
#include "parsers/biff_strings.h"

namespace dbxes::parsers {
namespace {

// Records that matter ([MS-PPT] 2.13.24).
enum Type : std::uint16_t {
  kDocument = 0x03e8,
  kSlide = 0x03ee,
  kNotes = 0x03f0,
  kSlidePersist = 0x03f3,
  kMainMaster = 0x03f8,
  kWideText = 0x0fa0,
  kByteText = 0x0fa8,
  kString = 0x0fba,
  kHeadersAndFooters = 0x0fd9,
  kHeadersShown = 0x0fda,
  kPlaceholder = 0x0bc3,
  kSlideList = 0x0ff0,
  kUserEdit = 0x0ff5,
  kHandout = 0x0fc9,
  kPersistDirectory = 0x1772,
  kTagData = 0x138b,
  kComment = 0x2ee0,
  kShape = 0xf004,
  kShapeData = 0xf011,
};
constexpr std::size_t kHead = 8;
constexpr std::uint16_t kContainer = 0xf;  // in the lowest four bits of the first number
constexpr int kMostDepth = 64;
constexpr std::size_t kMostEdits = 10'000;
constexpr std::uint32_t kEncryptedToken = 0xf3d1c4df;
constexpr std::uint16_t kListOfSlides = 0;  // instance of kSlideList
constexpr std::uint16_t kListOfMasters = 1;
constexpr std::uint16_t kListOfNotes = 2;
constexpr std::uint16_t kCommentText = 1;  // instance of kString in kComment; 0 is its author
// Instances of kString in kHeadersAndFooters, each with its bit in kHeadersShown (2.4.15).
constexpr std::array<std::uint16_t, 3> kShownBits{0x04, 0x10, 0x20};

struct Record {
  std::uint16_t type = 0;
  std::uint16_t instance = 0;
  bool container = false;
  LittleEndian data;
};

// The record at `at`, which is moved behind it. False at the end.
bool NextRecord(LittleEndian bytes, std::size_t& at, Record& record) {
  if (!bytes.Has(at, kHead)) return false;
  const std::uint16_t first = bytes.U16(at);
  record.container = (first & 0xf) == kContainer;
  record.instance = first >> 4;
  record.type = bytes.U16(at + 2);
  const std::size_t length = bytes.U32(at + 4);
  record.data = bytes.Sub(at + kHead, length);
  at += kHead + length;
  return true;
}

// Where the parts of the presentation are: a file is saved by adding what changed, and the newest
// version of each part counts ([MS-PPT] 2.1.2).
class Parts {
 public:
  Parts(LittleEndian stream, LittleEndian current_user) : stream_(stream) {
    std::size_t edit = current_user.U32(16);
    for (std::size_t count = 0; edit != 0 && count < kMostEdits; ++count) {
      Record record;
      std::size_t at = edit;
      if (!NextRecord(stream_, at, record) || record.type != kUserEdit) return;
      if (count == 0) document_ = record.data.U32(16);
      ReadDirectory(record.data.U32(12));
      const std::size_t older = record.data.U32(8);
      edit = older < edit ? older : 0;
    }
  }

  // Of type 0 if there is no such part.
  Record Find(std::uint32_t id) const {
    Record record;
    const auto found = places_.find(id);
    if (found == places_.end()) return record;
    std::size_t at = found->second;
    NextRecord(stream_, at, record);
    return record;
  }
  Record document() const { return Find(document_); }
  // Find, but each part once: a list that repeats one cannot make the work grow.
  Record Take(std::uint32_t id) {
    const Record record = Find(id);
    places_.erase(id);
    return record;
  }

 private:
  void ReadDirectory(std::size_t at) {
    Record record;
    if (!NextRecord(stream_, at, record) || record.type != kPersistDirectory) return;
    for (std::size_t entry = 0; record.data.Has(entry, 4);) {
      const std::uint32_t head = record.data.U32(entry);
      const std::uint32_t first = head & 0xfffff;
      entry += 4;
      for (std::uint32_t number = 0; number < head >> 20 && record.data.Has(entry, 4); ++number) {
        places_.try_emplace(first + number, record.data.U32(entry));
        entry += 4;
      }
    }
  }

  LittleEndian stream_;
  std::uint32_t document_ = 0;
  std::unordered_map<std::uint32_t, std::size_t> places_;
};

std::string WideText(const Record& record) {
  return content::FromCharset(record.data.bytes(), "utf-16le");
}

// Whether slides fill this shape of their master, so that its text is an instruction.
bool IsPlaceholder(const Record& shape) {
  Record data;
  for (std::size_t at = 0; NextRecord(shape.data, at, data);) {
    Record inner;
    for (std::size_t in = 0; data.type == kShapeData && NextRecord(data.data, in, inner);) {
      if (inner.type == kPlaceholder) return true;
    }
  }
  return false;
}

// Of a slide or its notes, or what slides show of their master.
enum class TextOf : std::uint8_t { kSlide, kMaster };

class TextReader {
 public:
  explicit TextReader(TextSink& sink, TextOf of = TextOf::kSlide) : sink_(sink), of_(of) {}

  // The text in a record and all within it.
  void Read(const Record& record, int depth = 0) {
    if (sink_.full() || IsLeftOut(record)) return;
    // Comments are in the data of tags, which is a container without its mark.
    if (!record.container && record.type != kTagData) return ReadAtom(record, false);
    if (depth > kMostDepth) return sink_.LeaveOut(Unreadable::kTooComplex);
    Record inner;
    for (std::size_t at = 0; NextRecord(record.data, at, inner);) {
      if (record.type == kComment) {
        ReadAtom(inner, true);
      } else {
        Read(inner, depth + 1);
      }
    }
  }
  void Add(std::string text) {
    if (text == "*") return;  // the place of a slide's number or a date
    std::replace(text.begin(), text.end(), '\r', '\n');
    std::replace(text.begin(), text.end(), '\v', '\n');
    sink_.Append(text);
    sink_.EndLine();
  }

 private:
  bool IsLeftOut(const Record& record) const {
    if (record.type == kHandout || record.type == kHeadersAndFooters) return true;
    if (of_ == TextOf::kSlide) return record.type == kMainMaster;
    return record.type == kShape && IsPlaceholder(record);
  }
  void ReadAtom(const Record& record, bool in_comment) {
    if (record.type == kByteText) return Add(FromLatin1(record.data.bytes()));
    const bool comment = in_comment && record.type == kString && record.instance <= kCommentText;
    if (record.type == kWideText || comment) Add(WideText(record));
  }

  TextSink& sink_;
  TextOf of_;
};

// What the document writes at the top and foot of all slides and notes, where they show it.
void ReadHeadersAndFooters(const Record& document, TextSink& sink) {
  std::set<std::string> written;
  Record group;
  for (std::size_t at = 0; NextRecord(document.data, at, group);) {
    if (group.type != kHeadersAndFooters) continue;
    std::uint16_t shown = 0;
    Record record;
    for (std::size_t in = 0; NextRecord(group.data, in, record);) {
      if (record.type == kHeadersShown) shown = record.data.U16(2);
      const bool text = record.type == kString && record.instance < kShownBits.size() &&
                        (shown & kShownBits.at(record.instance)) != 0;
      if (!text) continue;
      const auto [line, is_new] = written.insert(WideText(record));
      if (is_new) TextReader(sink).Add(*line);
    }
  }
}

// Each slide is a reference with the text of its outline after it, and a part with the rest.
void ReadSlides(const Record& list, Parts& parts, TextSink& sink) {
  TextReader text(sink);
  Record part;
  const auto end_slide = [&] {
    if (part.type == kSlide || part.type == kNotes) text.Read(part);
    part = {};
  };
  Record record;
  for (std::size_t at = 0; !sink.full() && NextRecord(list.data, at, record);) {
    if (record.type == kSlidePersist) {
      end_slide();
      part = parts.Take(record.data.U32(0));
    } else {
      text.Read(record);
    }
  }
  end_slide();
}

void ReadMasters(const Record& list, Parts& parts, TextSink& sink) {
  Record record;
  for (std::size_t at = 0; NextRecord(list.data, at, record);) {
    if (record.type != kSlidePersist) continue;
    const Record master = parts.Take(record.data.U32(0));
    if (master.type == kMainMaster || master.type == kSlide)
      TextReader(sink, TextOf::kMaster).Read(master);
  }
}

void ReadLists(const Record& document, std::uint16_t wanted, Parts& parts, TextSink& sink) {
  Record record;
  for (std::size_t at = 0; NextRecord(document.data, at, record);) {
    if (record.type != kSlideList || record.instance != wanted) continue;
    if (wanted == kListOfMasters) {
      ReadMasters(record, parts, sink);
    } else {
      ReadSlides(record, parts, sink);
    }
  }
}

}  // namespace

Parsed<void> ReadPowerPointPresentation(const CompoundFile& file, TextSink& sink) {
  // A presentation for PowerPoint 95, too, has that of 97 in a storage of its own.
  const CompoundFile::Id root =
      file.Find(CompoundFile::kRoot, "PP97_DUALSTORAGE").value_or(CompoundFile::kRoot);
  const CompoundFile::Stream user = file.Read(root, "Current User");
  const LittleEndian current_user(user.bytes);
  if (current_user.U32(12) == kEncryptedToken) return tl::unexpected(Unreadable::kEncrypted);
  const CompoundFile::Stream stream = file.Read(root, "PowerPoint Document");
  const LittleEndian bytes(stream.bytes);
  if (!stream.whole) sink.LeaveOut(Unreadable::kDamaged);
  Parts parts(bytes, current_user);
  const Record document = parts.document();
  if (document.type == kDocument) {
    ReadLists(document, kListOfSlides, parts, sink);
    ReadLists(document, kListOfNotes, parts, sink);
    ReadLists(document, kListOfMasters, parts, sink);
    ReadHeadersAndFooters(document, sink);
    return {};
  }
  // Without the list of its parts, all text that is in the file, in the order of the file.
  sink.LeaveOut(Unreadable::kDamaged);
  Record record;
  for (std::size_t at = 0; NextRecord(bytes, at, record);) TextReader(sink).Read(record);
  return {};
}

}  // namespace dbxes::parsers
