// SPDX-License-Identifier: Apache-2.0
#include "parsers/tar_names.h"

#include <zlib.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/safe_text.h"

namespace dbxes::parsers {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kLongestName = std::size_t{64} << 10;  // also with its other attributes

// Fields of a header: place and length.
struct Field {
  std::size_t at;
  std::size_t length;
};
constexpr Field kName{0, 100};
constexpr Field kSize{124, 12};
constexpr Field kChecksum{148, 8};
constexpr Field kKind{156, 1};
constexpr Field kMagic{257, 5};
constexpr Field kPrefix{345, 155};

std::string_view Text(std::string_view header, Field field) {
  const std::string_view raw = header.substr(field.at, field.length);
  return raw.substr(0, raw.find('\0'));
}

// Octal digits, or a mark and the bytes of a large number (GNU tar).
std::uint64_t Number(std::string_view header, Field field) {
  const std::string_view raw = header.substr(field.at, field.length);
  std::uint64_t value = 0;
  if ((static_cast<unsigned char>(raw.front()) & 0x80U) != 0) {
    for (const char byte : raw.substr(raw.size() - 8)) {
      value = value << 8U | static_cast<unsigned char>(byte);
    }
    return value;
  }
  constexpr std::string_view kBlanks(" \0", 2);
  const std::size_t begin = std::min(raw.find_first_not_of(kBlanks), raw.size());
  std::from_chars(raw.data() + begin, raw.data() + raw.size(), value, 8);
  return value;
}

// The sum of all bytes, with blanks in place of the sum itself.
bool HasChecksum(std::string_view header) {
  std::uint64_t sum = 0;
  for (std::size_t at = 0; at < header.size(); ++at) {
    const bool own = at >= kChecksum.at && at < kChecksum.at + kChecksum.length;
    sum += own ? ' ' : static_cast<unsigned char>(header[at]);
  }
  return sum == Number(header, kChecksum);
}

// The path in records of "LENGTH key=value" and a line break; "" if there is none.
std::string PathOf(std::string_view records) {
  std::string path;
  while (!records.empty()) {
    std::size_t length = 0;
    const auto read = std::from_chars(records.data(), records.data() + records.size(), length);
    const auto digits = static_cast<std::size_t>(read.ptr - records.data());
    if (read.ec != std::errc() || length <= digits + 1 || length > records.size()) break;
    const std::string_view record = records.substr(digits + 1, length - digits - 2);
    constexpr std::string_view kPath = "path=";
    if (record.starts_with(kPath)) path = record.substr(kPath.size());
    records.remove_prefix(length);
  }
  return path;
}

// Takes the bytes of an archive in pieces of any size.
class TarNames {
 public:
  TarNames(const ParseLimits& limits, TextSink& sink) : limits_(limits), sink_(sink) {}

  void Feed(std::string_view bytes) {
    while (!bytes.empty() && !done_ && !sink_.full()) {
      const std::uint64_t wanted = skip_ > 0 ? skip_ : named_ > 0 ? named_ : kBlock - block_.size();
      const std::string_view piece =
          bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(wanted, bytes.size())));
      bytes.remove_prefix(piece.size());
      if (skip_ > 0) {
        skip_ -= piece.size();
      } else if (named_ > 0) {
        Name(piece);
      } else {
        block_ += piece;
        if (block_.size() == kBlock) Header(std::exchange(block_, ""));
      }
    }
  }
  // No more names will come.
  bool done() const { return done_; }
  void Finish() {
    const bool within = skip_ > 0 || named_ > 0 || !block_.empty();
    if (within && !done_ && !sink_.full()) sink_.LeaveOut(Unreadable::kDamaged);
  }

 private:
  void Stop(Unreadable why) {
    sink_.LeaveOut(why);
    done_ = true;
  }
  void Header(const std::string& header) {
    if (header.find_first_not_of('\0') == std::string::npos) {
      done_ = true;
      return;
    }
    if (!HasChecksum(header)) return Stop(Unreadable::kDamaged);
    if (++entries_ > limits_.max_entries) return Stop(Unreadable::kTooComplex);
    const std::uint64_t size = Number(header, kSize);
    if (size > std::numeric_limits<std::int64_t>::max()) return Stop(Unreadable::kDamaged);
    padding_ = (kBlock - size % kBlock) % kBlock;
    kind_ = Text(header, kKind).empty() ? '0' : header[kKind.at];
    const bool names_next = (kind_ == 'L' || kind_ == 'x') && size > 0 && size <= kLongestName;
    if (names_next) {
      named_ = size;
      return;
    }
    // 'L' and 'x' that are too long, 'K' (a link's target) and 'g' (of the whole archive) are no
    // entries.
    const bool entry = std::string_view("LxKg").find(kind_) == std::string_view::npos;
    if (entry) Entry(header);
    // Links and folders have no data, whatever the size says.
    const bool has_data = kind_ < '1' || kind_ > '6';
    skip_ = has_data ? size + padding_ : 0;
  }
  void Name(std::string_view piece) {
    records_ += piece;
    named_ -= piece.size();
    if (named_ > 0) return;
    next_name_ = kind_ == 'x' ? PathOf(records_) : records_.substr(0, records_.find('\0'));
    records_.clear();
    skip_ = padding_;
  }
  void Entry(const std::string& header) {
    std::string name = std::exchange(next_name_, "");
    if (name.empty()) {
      // GNU tar has something else in the place of the prefix.
      const bool ustar = header.substr(kMagic.at, kMagic.length + 1) == std::string("ustar\0", 6);
      if (ustar && !Text(header, kPrefix).empty()) name = std::string(Text(header, kPrefix)) + "/";
      name += Text(header, kName);
    }
    if (name.starts_with("./")) name.erase(0, 2);
    // What is in a folder names it.
    if (kind_ == '5' || name.ends_with('/')) return;
    sink_.Append(WellFormedUtf8(name));
    sink_.EndLine();
  }

  const ParseLimits& limits_;
  TextSink& sink_;
  std::string block_;          // of a header that is not complete
  std::string records_;        // of a long name
  std::string next_name_;      // of the entry after it
  std::uint64_t named_ = 0;    // bytes of the long name that are still to come
  std::uint64_t skip_ = 0;     // bytes until the next header
  std::uint64_t padding_ = 0;  // after the data of the last header
  std::uint64_t entries_ = 0;
  char kind_ = '0';
  bool done_ = false;
};

// The name that a header of gzip notes; "" if it notes none.
std::string NotedName(std::string_view bytes) {
  constexpr std::size_t kFixed = 10;
  constexpr unsigned kExtra = 4;
  constexpr unsigned kHasName = 8;
  if (bytes.size() < kFixed + 2) return "";
  const unsigned flags = static_cast<unsigned char>(bytes[3]);
  std::size_t at = kFixed;
  if ((flags & kExtra) != 0) {
    at += 2 + static_cast<unsigned char>(bytes[at]) +
          256U * static_cast<unsigned char>(bytes[at + 1]);
  }
  if ((flags & kHasName) == 0 || at >= bytes.size()) return "";
  const std::string_view rest = bytes.substr(at, kLongestName);
  return WellFormedUtf8(rest.substr(0, rest.find('\0')));
}

// Inflates the members of a file, one after the other.
class Inflater {
 public:
  explicit Inflater(std::string_view bytes) {
    // zlib does not write to what it reads.
    stream_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(std::min<std::size_t>(bytes.size(), kMost));
    constexpr int kGzip = 16 + MAX_WBITS;
    good_ = ::inflateInit2(&stream_, kGzip) == Z_OK;
    whole_ = bytes.size() <= kMost;
  }
  ~Inflater() { ::inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // Empty at the end, and where the file breaks off.
  std::string_view Next() {
    stream_.next_out = room_.data();
    stream_.avail_out = static_cast<uInt>(room_.size());
    while (good_ && !ended_ && stream_.avail_out > 0) {
      const int result = ::inflate(&stream_, Z_NO_FLUSH);
      if (result == Z_STREAM_END) {
        // Another member may follow, and so may anything else, which gzip(1) ignores.
        ended_ = stream_.avail_in < 2 || stream_.next_in[0] != 0x1f || stream_.next_in[1] != 0x8b;
        if (!ended_) good_ = ::inflateReset(&stream_) == Z_OK;
      } else if (result != Z_OK) {
        good_ = false;
      }
    }
    return {reinterpret_cast<const char*>(room_.data()), room_.size() - stream_.avail_out};
  }
  bool complete() const { return good_ && ended_ && whole_; }

 private:
  static constexpr std::size_t kMost = std::numeric_limits<uInt>::max();

  z_stream stream_{};
  std::vector<Bytef> room_ = std::vector<Bytef>(std::size_t{64} << 10);
  bool good_ = false;
  bool ended_ = false;
  bool whole_ = true;
};

}  // namespace

bool IsGzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b\x08"); }

bool IsTar(std::string_view bytes) {
  const std::string_view header = bytes.substr(0, kBlock);
  return header.size() == kBlock && header.front() != '\0' && HasChecksum(header);
}

Parsed<void> ListTar(std::string_view bytes, const ParseLimits& limits, TextSink& sink) {
  TarNames names(limits, sink);
  names.Feed(bytes);
  names.Finish();
  return {};
}

Parsed<void> ListGzip(std::string_view bytes, const ParseLimits& limits, TextSink& sink) {
  Inflater inflater(bytes);
  std::string_view piece = inflater.Next();
  if (!IsTar(piece)) {
    const std::string name = NotedName(bytes);
    if (name.empty()) return tl::unexpected(Unreadable::kUnsupported);
    sink.Append(name);
    return {};
  }
  TarNames names(limits, sink);
  std::uint64_t inflated = 0;
  while (!piece.empty() && !names.done() && !sink.full()) {
    inflated += piece.size();
    if (inflated > limits.max_inflated_bytes) {
      sink.LeaveOut(Unreadable::kTooComplex);
      return {};
    }
    names.Feed(piece);
    piece = inflater.Next();
  }
  names.Finish();
  const bool cut = piece.empty() && !names.done() && !inflater.complete();
  if (cut) sink.LeaveOut(Unreadable::kDamaged);
  return {};
}

}  // namespace dbxes::parsers
