// SPDX-License-Identifier: Apache-2.0
#include "parsers/outlook_message.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>

#include "base/ascii.h"
#include "content/charset.h"
#include "content/markup_text.h"
#include "parsers/code_pages.h"
#include "parsers/compressed_rtf.h"
#include "parsers/embedded.h"
#include "parsers/properties.h"
#include "parsers/rtf.h"

namespace dbxes::parsers {
namespace {

using Id = CompoundFile::Id;

// Properties ([MS-OXPROPS]) and their types ([MS-OXCDATA] 2.11.1).
constexpr unsigned kSubject = 0x0037;
constexpr unsigned kSubmitTime = 0x0039;
constexpr unsigned kSenderName = 0x0c1a;
constexpr unsigned kSenderAddress = 0x0c1f;
constexpr unsigned kSenderSmtp = 0x5d01;
constexpr unsigned kDisplayCc = 0x0e03;
constexpr unsigned kDisplayTo = 0x0e04;
constexpr unsigned kDeliveryTime = 0x0e06;
constexpr unsigned kBody = 0x1000;
constexpr unsigned kCompressedRtf = 0x1009;
constexpr unsigned kHtml = 0x1013;
constexpr unsigned kDisplayName = 0x3001;
constexpr unsigned kAddress = 0x3003;
constexpr unsigned kAttachData = 0x3701;
constexpr unsigned kAttachShortName = 0x3704;
constexpr unsigned kAttachLongName = 0x3707;
constexpr unsigned kSmtpAddress = 0x39fe;
constexpr unsigned kInternetCodePage = 0x3fde;
constexpr unsigned kMessageCodePage = 0x3ffd;
constexpr unsigned kObject = 0x000d;
constexpr unsigned kBytesText = 0x001e;
constexpr unsigned kWideText = 0x001f;
constexpr unsigned kBinary = 0x0102;

constexpr std::string_view kFixedProperties = "__properties_version1.0";
constexpr std::size_t kPropertyBytes = 16;
constexpr std::string_view kAttachment = "__attach_version1.0_";
constexpr std::string_view kRecipient = "__recip_version1.0_";

// The properties of a message, recipient or attachment.
class Properties {
 public:
  // `head`: the bytes before the first fixed property.
  Properties(const CompoundFile& file, Id storage, std::size_t head)
      : file_(file), storage_(storage), fixed_(file.Read(storage, kFixedProperties).bytes) {
    fixed_.erase(0, std::min(head, fixed_.size()));
  }

  std::optional<Id> Find(unsigned id, unsigned type) const {
    return file_.Find(storage_, fmt::format("__substg1.0_{:04X}{:04X}", id, type));
  }
  std::string Bytes(unsigned id) const {
    const auto found = Find(id, kBinary);
    return found ? file_.Read(*found).bytes : "";
  }
  // `page`: the code page of text that is not UTF-16.
  std::string Text(unsigned id, unsigned page) const {
    std::string text;
    if (const auto wide = Find(id, kWideText)) {
      text = content::FromCharset(file_.Read(*wide).bytes, "utf-16le");
    } else if (const auto bytes = Find(id, kBytesText)) {
      text = content::FromCharset(file_.Read(*bytes).bytes, CharsetOfCodePage(page));
    }
    text.resize(text.find_last_not_of(std::string_view("\0 \t\r\n", 5)) + 1);
    return text;
  }
  // The value of a fixed property, 0 if there is none.
  std::uint64_t Fixed(unsigned id) const {
    const LittleEndian all(fixed_);
    for (std::size_t at = 0; all.Has(at, kPropertyBytes); at += kPropertyBytes) {
      if (all.U16(at + 2) == id) return all.U64(at + 8);
    }
    return 0;
  }

 private:
  const CompoundFile& file_;
  Id storage_;
  std::string fixed_;
};

// From the number of 100 ns since 1601; "" for none.
std::string DateOf(std::uint64_t file_time) {
  constexpr std::uint64_t kPerSecond = 10'000'000;
  constexpr std::uint64_t kSecondsTo1970 = 11'644'473'600;
  constexpr std::uint64_t kSecondsTo10000 = 265'046'774'400;
  const std::uint64_t seconds = file_time / kPerSecond;
  if (seconds < kSecondsTo1970 || seconds >= kSecondsTo10000) return "";
  const std::chrono::seconds since_1970(seconds - kSecondsTo1970);
  const auto days = std::chrono::floor<std::chrono::days>(since_1970);
  const std::chrono::year_month_day date{std::chrono::sys_days(days)};
  const std::chrono::hh_mm_ss time(since_1970 - days);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

class MessageReader {
 public:
  MessageReader(const CompoundFile& file, const ParseLimits& limits, TextSink& sink)
      : file_(file), limits_(limits), sink_(sink) {}

  // `attached`: whether the text of its attachments is read. The head of a message within another
  // one is shorter ([MS-OXMSG] 2.4.1).
  DocumentProperties Read(Id storage, bool attached) {
    const std::size_t head = storage == CompoundFile::kRoot ? 32 : 24;
    const Properties message(file_, storage, head);
    page_ = static_cast<unsigned>(message.Fixed(kMessageCodePage) & 0xffff);
    if (page_ == 0 || page_ == kUtf16Page) page_ = kWesternPage;
    const std::string subject = message.Text(kSubject, page_);
    const std::string sender = SenderOf(message);
    Line(subject);
    Line(sender);
    ReadReceivers(message, storage);
    std::uint64_t date = message.Fixed(kSubmitTime);
    if (date == 0) date = message.Fixed(kDeliveryTime);
    Line(DateOf(date));
    ReadBody(message);
    for (const Id child : file_.Children(storage)) {
      if (sink_.full()) break;
      if (file_.NameOf(child).starts_with(kAttachment)) ReadAttachment(child, attached);
    }
    return {CleanProperty(subject), CleanProperty(sender), ""};
  }

 private:
  void Line(std::string_view text) {
    sink_.Append(text);
    sink_.EndLine();
  }
  std::string WithAddress(const std::string& name, const std::string& address) const {
    const bool repeated = address.find('@') == std::string::npos || address == name;
    return repeated ? name : name.empty() ? address : name + " <" + address + ">";
  }
  std::string SenderOf(const Properties& message) const {
    std::string address = message.Text(kSenderSmtp, page_);
    if (address.empty()) address = message.Text(kSenderAddress, page_);
    return WithAddress(message.Text(kSenderName, page_), address);
  }
  void ReadReceivers(const Properties& message, Id storage) {
    bool any = false;
    for (const Id child : file_.Children(storage)) {
      if (!file_.NameOf(child).starts_with(kRecipient)) continue;
      const Properties receiver(file_, child, 8);
      std::string address = receiver.Text(kSmtpAddress, page_);
      if (address.empty()) address = receiver.Text(kAddress, page_);
      Line(WithAddress(receiver.Text(kDisplayName, page_), address));
      any = true;
    }
    if (any) return;
    Line(message.Text(kDisplayTo, page_));
    Line(message.Text(kDisplayCc, page_));
  }

  // Of several versions, the richest that has text.
  void ReadBody(const Properties& message) {
    if (const std::string html = HtmlOf(message); !html.empty()) return Line(html);
    if (const std::string plain = message.Text(kBody, page_); !plain.empty()) return Line(plain);
    const std::string rich = DecompressRtf(message.Bytes(kCompressedRtf));
    if (IsRtf(rich)) ParseRtf(rich, sink_);
    sink_.EndLine();
  }
  std::string HtmlOf(const Properties& message) const {
    std::string html = message.Text(kHtml, page_);
    if (html.empty()) {
      const std::string bytes = message.Bytes(kHtml);
      const auto page = static_cast<unsigned>(message.Fixed(kInternetCodePage) & 0xffff);
      const std::string_view charset =
          page != 0 ? CharsetOfCodePage(page) : content::DeclaredCharset(bytes);
      html = content::ToUtf8(bytes, charset).value_or("");
    }
    return content::HtmlToText(html).text;
  }

  void ReadAttachment(Id storage, bool attached) {
    const Properties attachment(file_, storage, 8);
    std::string name = attachment.Text(kAttachLongName, page_);
    if (name.empty()) name = attachment.Text(kAttachShortName, page_);
    if (name.empty()) name = attachment.Text(kDisplayName, page_);
    Line(name);
    if (!attached) return;
    if (const auto message = attachment.Find(kAttachData, kObject)) {
      const unsigned page = page_;
      Read(*message, false);
      page_ = page;
    } else {
      ReadEmbedded(attachment.Bytes(kAttachData), name, limits_, sink_);
    }
  }

  const CompoundFile& file_;
  const ParseLimits& limits_;
  TextSink& sink_;
  unsigned page_ = kWesternPage;
};

}  // namespace

bool IsOutlookMessage(const CompoundFile& file) {
  return file.Find(CompoundFile::kRoot, kFixedProperties).has_value();
}

DocumentProperties ReadOutlookMessage(const CompoundFile& file, MailPlace place,
                                      const ParseLimits& limits, TextSink& sink) {
  return MessageReader(file, limits, sink)
      .Read(CompoundFile::kRoot, place == MailPlace::kOutermost);
}

}  // namespace dbxes::parsers
