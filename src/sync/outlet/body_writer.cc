// SPDX-License-Identifier: Apache-2.0
#include "sync/outlet/body_writer.h"

#include <fmt/format.h>

#include <utility>

#include "documents/body.h"
#include "parsers/extracted_text.h"

namespace dbxes::sync {
namespace {

// This many files in a row that the network does not let through are no accident of single files.
constexpr int kMostOutages = 50;
// A refusal of rate, credential or access may be about everything: it counts as this many.
constexpr int kRefusalWeight = 10;

// Anything else ends the run at once.
bool ConcernsOneFile(const Error& error) {
  return error.concern == Concern::kDocument || error.kind == ErrorKind::kTemporary ||
         error.kind == ErrorKind::kInternal;
}

// How much a failed file speaks for trouble with the service or the account instead of this file.
int WeightOf(const Error& error) {
  if (error.kind == ErrorKind::kInternal || error.tag == content::kDamagedTag) return 0;
  if (error.kind != ErrorKind::kTemporary) return kRefusalWeight;
  // A server that answers, and has a problem with this file.
  const int status = error.http_status;
  return status >= 500 && (status < 502 || status > 504) ? 0 : 1;
}

// Of a file that has no text for this reason, and its name.
std::pair<std::uint64_t report::Counters::*, std::string_view> CounterOf(const Error& error) {
  using report::Counters;
  if (error.tag == parsers::kNotTextTag) return {&Counters::content_not_text, "not_text"};
  if (error.tag == parsers::kEncryptedTag) return {&Counters::content_encrypted, "encrypted"};
  if (error.tag == parsers::kParserTag) return {&Counters::content_parser_failed, "parser_failed"};
  return {&Counters::content_unreadable, "unreadable"};
}

bool IsUpdate(const WaitingDocument& document) {
  return document.kind == elastic::BulkAction::kUpdate;
}

}  // namespace

BodyWriter::BodyWriter(const config::ExtractionConfig& config, report::Counters& counters,
                       report::Reporter& reporter, checkpoint::FailuresFile& failures)
    : config_(config), counters_(counters), reporter_(reporter), failures_(failures) {}

Result<void> BodyWriter::Complete(WaitingDocument& document) {
  const Download& download = *document.download;
  const bool unknown = !*download.content && download.content->error().tag == content::kUnknownTag;
  if (unknown) {
    UnknownContent(document);
    return {};
  }
  if (!*download.content) return NoContentFor(document, download.content->error());
  if (download.text && !*download.text) return NoTextFor(document, download.text->error());
  outages_ = 0;
  if (download.text) {
    AddText(document, **download.text);
  } else {
    Extract(document);
  }
  return {};
}

void BodyWriter::Extract(WaitingDocument& document) {
  Download& download = *document.download;
  content::FetchedContent& content = **download.content;
  if (download.format == content::TextFormat::kOpaque) {
    ++counters_.content_fetched;
    // OpenSearch runs no pipeline on an update; and where a pipeline finds no text in the new file,
    // that of the old one must not stay.
    const bool switches = IsUpdate(document);
    if (switches) document.kind = elastic::BulkAction::kIndex;
    return documents::AddAttachment(
        {content.bytes, config_.max_body_chars, *download.fingerprint, switches}, document.source);
  }
  const auto text = content::ExtractText(std::move(content.bytes), download.format,
                                         {config_.max_body_chars, config_.reduce_whitespace});
  if (text) return AddText(document, *text);
  ++counters_.content_not_text;
  document.no_text = "not_text";
  AddNoText(document);
}

void BodyWriter::AddUnfinished(WaitingDocument& document, const content::ExtractedText& text) {
  ++counters_.content_postponed;
  document.no_text = "postponed";
  // What other settings or an earlier reader found in this content stays.
  if (document.download->rereads) return;
  // Any number but that of the plan, so that a later full sync reads the file again.
  const std::uint64_t unfinished = ~*document.download->fingerprint;
  documents::AddBody({text.text, text.title, text.author, text.truncated, unfinished, text.language,
                      text.damaged_partly},
                     IsUpdate(document), document.source);
}

void BodyWriter::AddText(WaitingDocument& document, const content::ExtractedText& text) {
  if (text.ocr_time > Milliseconds(0)) {
    ++counters_.content_ocr_files;
    counters_.content_ocr_milliseconds += static_cast<std::uint64_t>(text.ocr_time.count());
  }
  if (text.ocr_postponed) return AddUnfinished(document, text);
  if (text.text.empty() && document.download->format == content::TextFormat::kPicture) {
    ++counters_.content_empty;  // nobody expects words in a photograph
  } else if (text.text.empty()) {
    ++counters_.content_no_text;
    document.no_text = "no_text";
    reporter_.Detail(
        fmt::format("{} is indexed without content: no text was found in it", document.path));
  } else {
    ++counters_.content_fetched;
  }
  if (text.truncated) ++counters_.content_truncated;
  if (text.damaged_partly) {
    ++counters_.content_damaged_partly;
    reporter_.Detail(
        fmt::format("{} is indexed in part: the rest of the file cannot be read", document.path));
  }
  documents::AddBody({text.text, text.title, text.author, text.truncated,
                      *document.download->fingerprint, text.language, text.damaged_partly},
                     IsUpdate(document), document.source);
}

// Noted all the same, so that the file is not fetched again to the same end.
void BodyWriter::AddNoText(WaitingDocument& document) {
  documents::AddBody({"", "", "", false, *document.download->fingerprint}, IsUpdate(document),
                     document.source);
}

// Like a file whose extension is not read, and nobody expects its text: it is not named.
void BodyWriter::UnknownContent(WaitingDocument& document) {
  outages_ = 0;
  ++counters_.content_no_type;
  AddNoText(document);
}

Result<void> BodyWriter::NoContentFor(WaitingDocument& document, const Error& error) {
  std::optional<std::uint64_t>& fingerprint = document.download->fingerprint;
  fingerprint.reset();
  const bool received = document.download->request.route == content::FetchRoute::kSharedLink;
  if (error.kind == ErrorKind::kNotFound && !received) {
    // Usually the change feed will report it. The end of the run asks (sync/runs/fresh_writer.h).
    ++counters_.content_gone;
    failures_.AddDoubtful(
        {document.id, document.path, "download", error.http_status, error.ToLine()});
    return {};
  }
  if (error.kind == ErrorKind::kRejectedDocument) {
    fingerprint = 0;
    const bool too_long = error.tag == content::kTooLongTag;
    ++(too_long ? counters_.content_too_large : counters_.content_refused);
    document.no_text = too_long ? "too_large" : "refused";
    // Nothing in the change feed shows that the refusal has ended.
    if (!too_long) {
      failures_.AddRefused({document.id, document.path, "", error.http_status, error.ToLine()});
    }
    if (IsUpdate(document)) documents::RemoveBody(document.source);
    return {};
  }
  return Failed(document, error, "download", "downloading");
}

Result<void> BodyWriter::NoTextFor(WaitingDocument& document, const Error& error) {
  if (error.kind == ErrorKind::kRejectedDocument) {
    outages_ = 0;
    const auto& [counter, name] = CounterOf(error);
    ++(counters_.*counter);
    document.no_text = name;
    reporter_.Detail(
        fmt::format("{} is indexed without content: {}", document.path, error.ToLine()));
    AddNoText(document);
    return {};
  }
  document.download->fingerprint.reset();
  return Failed(document, error, "extract", "extracting");
}

// The text that the index has stays, and a later run tries again.
Result<void> BodyWriter::Failed(const WaitingDocument& document, const Error& error,
                                std::string_view operation, std::string_view doing) {
  const auto context = fmt::format("{} {}", doing, document.path);
  if (!ConcernsOneFile(error)) return Fail(WithContext(error, context));
  ++counters_.content_failed;
  // What has no place in the tree is compared again as a whole (sync/runs/fresh_writer.h).
  const bool received = document.download->request.route == content::FetchRoute::kSharedLink;
  failures_.Add({document.id, document.path,
                 std::string(received ? checkpoint::kReadOperation : operation), error.http_status,
                 error.ToLine()});
  // A file that failed in an earlier run, too, says nothing of the others: the same files must not
  // end run after run.
  if (failures_.IsKnown(document.id)) return {};
  const int weight = WeightOf(error);
  outages_ = weight > 0 ? outages_ + weight : 0;
  if (outages_ < kMostOutages) return {};
  return Fail(WithContext(error, context));
}

}  // namespace dbxes::sync
