// SPDX-License-Identifier: Apache-2.0
#include "parsers/mail.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "content/charset.h"
#include "content/markup_text.h"
#include "parsers/embedded.h"
#include "parsers/mime_header.h"
#include "parsers/properties.h"
#include "parsers/transfer_encoding.h"

namespace dbxes::parsers {
namespace {

constexpr std::size_t kMostParts = 100'000;  // of a file
constexpr int kMostDepth = 20;               // of parts within parts, and mails within mails
// A header begins with one of these fields, or has one of them soon.
constexpr std::array<std::string_view, 12> kKnownFields{
    "bcc",          "content-type", "date",     "delivered-to", "from",    "message-id",
    "mime-version", "received",     "reply-to", "return-path",  "subject", "to"};
constexpr std::array<std::string_view, 4> kShownFields{"from", "to", "cc", "date"};

constexpr std::string_view kMboxLine = "From ";

struct Part {
  MimeHeader header;
  std::string_view body;
  std::string type;      // "text/plain"
  std::string filename;  // "" if it has none
};

std::string BaseName(const std::string& path) {
  const std::size_t slash = path.find_last_of("/\\");
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

Part PartOf(std::string_view bytes, std::string_view default_type) {
  Part part;
  part.header = MimeHeader::Take(bytes);
  part.body = bytes;
  const std::string_view type = part.header.Find("content-type");
  part.type = ValueOf(type);
  if (part.type.find('/') == std::string::npos) part.type = default_type;
  part.filename = ParameterOf(part.header.Find("content-disposition"), "filename");
  if (part.filename.empty()) part.filename = ParameterOf(type, "name");
  part.filename = BaseName(part.filename);
  return part;
}

bool IsAttachment(const Part& part) {
  return ValueOf(part.header.Find("content-disposition")) == "attachment";
}

// The parts between the lines "--boundary"; `complete`: the last line "--boundary--" is there.
std::vector<std::string_view> PartsOf(std::string_view body, const std::string& boundary,
                                      bool& complete) {
  std::vector<std::string_view> parts;
  const std::string mark = "--" + boundary;
  std::size_t begin = std::string_view::npos;  // of the part
  for (std::size_t at = 0; at < body.size() && parts.size() < kMostParts;) {
    const std::size_t end = std::min(body.find('\n', at), body.size());
    const std::string_view line = body.substr(at, end - at);
    const std::string_view after = line.starts_with(mark) ? line.substr(mark.size()) : "x";
    const bool last = after.starts_with("--");
    if (last || after.find_first_not_of(" \t\r") == std::string_view::npos) {
      if (begin != std::string_view::npos) parts.push_back(body.substr(begin, at - begin));
      begin = end + 1;
    }
    complete = last;
    if (last) return parts;
    at = end + 1;
  }
  if (begin < body.size()) parts.push_back(body.substr(begin));
  return parts;
}

// How good a version of a text is: HTML has what plain text leaves out.
int Richness(const std::string& type) {
  if (type == "text/html" || type == "multipart/related" || type == "multipart/mixed") return 3;
  if (type == "text/plain" || type == "multipart/alternative") return 2;
  return type.starts_with("text/") ? 1 : 0;
}

bool IsText(const std::string& type) {
  return type == "text/plain" || type == "text/html" || type == "text/enriched" ||
         type == "text/markdown" || type == "text/csv" || type == "text/calendar" ||
         type == "text/rfc822-headers" || type == "application/xhtml+xml" ||
         type == "message/delivery-status" || type == "message/disposition-notification";
}

class MailReader {
 public:
  MailReader(MailPlace place, const ParseLimits& limits, TextSink& sink)
      : place_(place), limits_(limits), sink_(sink) {}

  void ReadMessage(std::string_view bytes, int depth) {
    const Part part = PartOf(bytes, "text/plain");
    // A saved web page says who saved it and when, but is sent to nobody.
    const bool page = part.type == "multipart/related" && part.header.Find("to").empty();
    const std::string subject = part.header.Text("subject");
    Line(subject);
    for (const std::string_view field : kShownFields) {
      if (!page) Line(part.header.Text(field));
    }
    if (depth == 0) {
      ++messages_;
      properties_ = {CleanProperty(subject), page ? "" : CleanProperty(part.header.Text("from")),
                     ""};
    }
    ReadPart(part, depth);
    sink_.EndLine();
  }

  // Of the only mail.
  DocumentProperties properties() const {
    return messages_ == 1 ? properties_ : DocumentProperties{};
  }

 private:
  void Line(const std::string& text) {
    sink_.Append(text);
    sink_.EndLine();
  }

  // Whether it added anything.
  bool ReadPart(const Part& part, int depth) {
    if (sink_.full()) return false;
    if (depth > kMostDepth || ++parts_ > kMostParts) {
      sink_.LeaveOut(Unreadable::kTooComplex);
      return false;
    }
    if (part.type.starts_with("multipart/")) return ReadMultipart(part, depth);
    if (part.type == "message/rfc822" || part.type == "message/global") {
      Line(part.filename);
      ReadMessage(Decoded(part), depth + 1);
      return true;
    }
    if (!IsText(part.type) || IsAttachment(part)) return ReadAttachment(part);
    return ReadText(part);
  }

  bool ReadMultipart(const Part& part, int depth) {
    bool complete = false;
    const std::string boundary = ParameterOf(part.header.Find("content-type"), "boundary");
    const std::string_view default_type =
        part.type == "multipart/digest" ? "message/rfc822" : "text/plain";
    std::vector<Part> parts;
    for (const std::string_view bytes : PartsOf(part.body, boundary, complete)) {
      parts.push_back(PartOf(bytes, default_type));
    }
    if (parts.empty()) return ReadText(part);  // it only says that it has parts
    if (!complete) sink_.LeaveOut(Unreadable::kDamaged);
    if (part.type == "multipart/alternative") return ReadRichest(std::move(parts), depth);
    bool any = false;
    for (const Part& one : parts) any = ReadPart(one, depth + 1) || any;
    return any;
  }
  // The last one is meant to be the best (RFC 2046, section 5.1.4).
  bool ReadRichest(std::vector<Part> versions, int depth) {
    std::reverse(versions.begin(), versions.end());
    std::stable_sort(versions.begin(), versions.end(), [](const Part& left, const Part& right) {
      return Richness(left.type) > Richness(right.type);
    });
    return std::any_of(versions.begin(), versions.end(),
                       [&](const Part& part) { return ReadPart(part, depth + 1); });
  }

  bool ReadText(const Part& part) {
    const std::string bytes = Decoded(part);
    const std::string charset = ParameterOf(part.header.Find("content-type"), "charset");
    std::string text;
    if (part.type == "text/html" || part.type == "text/enriched" ||
        part.type == "application/xhtml+xml") {
      const std::string declared(charset.empty() ? content::DeclaredCharset(bytes)
                                                 : std::string_view(charset));
      const content::MarkupText page = content::HtmlToText(MailText(bytes, declared));
      text = page.text;
      if (properties_.title.empty()) properties_.title = CleanProperty(page.title);
    } else {
      text = MailText(bytes, charset);
    }
    text.resize(text.find_last_not_of(" \t\r\n") + 1);
    Line(part.filename);
    Line(text);
    return !text.empty();
  }
  bool ReadAttachment(const Part& part) {
    Line(part.filename);
    if (place_ == MailPlace::kOutermost && !part.filename.empty()) {
      ReadEmbedded(Decoded(part), part.filename, limits_, sink_);
    }
    return !part.filename.empty();
  }
  static std::string Decoded(const Part& part) {
    return DecodeTransfer(part.body, ValueOf(part.header.Find("content-transfer-encoding")));
  }

  MailPlace place_;
  const ParseLimits& limits_;
  TextSink& sink_;
  DocumentProperties properties_;
  std::size_t parts_ = 0;
  std::size_t messages_ = 0;
};

std::string_view WithoutStart(std::string_view bytes) {
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  bytes.remove_prefix(std::min(bytes.find_first_not_of("\r\n"), bytes.size()));
  return bytes;
}

// Where the next mail of an mbox begins: at "From " after an empty line.
std::size_t NextMessage(std::string_view bytes) {
  for (std::size_t at = bytes.find('\n'); at != std::string_view::npos;
       at = bytes.find('\n', at + 1)) {
    const std::string_view rest = bytes.substr(at + 1);
    const std::string_view before = bytes.substr(0, at);
    if (rest.starts_with(kMboxLine) && (before.ends_with('\n') || before.ends_with("\n\r"))) {
      return at + 1;
    }
  }
  return bytes.size();
}

}  // namespace

bool IsMail(std::string_view bytes) {
  constexpr std::size_t kHead = 16 << 10;  // bytes that are looked at
  std::string_view head = WithoutStart(bytes).substr(0, kHead);
  if (head.find('\0') != std::string_view::npos) return false;
  const MimeHeader header = MimeHeader::Take(head);
  return std::any_of(kKnownFields.begin(), kKnownFields.end(),
                     [&](std::string_view field) { return !header.Find(field).empty(); });
}

DocumentProperties ParseMail(std::string_view bytes, MailPlace place, const ParseLimits& limits,
                             TextSink& sink) {
  bytes = WithoutStart(bytes);
  MailReader reader(place, limits, sink);
  const bool mbox = bytes.starts_with(kMboxLine);
  while (!bytes.empty() && !sink.full()) {
    const std::string_view message = bytes.substr(0, mbox ? NextMessage(bytes) : bytes.size());
    reader.ReadMessage(message, 0);
    bytes.remove_prefix(message.size());
  }
  return reader.properties();
}

}  // namespace dbxes::parsers
