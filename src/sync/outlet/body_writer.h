// SPDX-License-Identifier: Apache-2.0
// What arrived of a file becomes part of its document, or the reason why it has no text is counted
// and recorded. Decides whether a failure concerns one file or all of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "checkpoint/failures_file.h"
#include "config/config.h"
#include "elastic/bulk_action.h"
#include "report/counters.h"
#include "report/reporter.h"
#include "sync/outlet/downloads.h"

namespace dbxes::sync {

// A document that waits for its file.
struct WaitingDocument {
  std::uint64_t id_hash = 0;
  elastic::BulkAction::Kind kind = elastic::BulkAction::kCreate;
  bool whole = false;  // see BulkAction
  std::string id;
  std::string path;
  std::string source;
  elastic::DocumentVersion version;
  std::int64_t sync_seq = 0;
  DownloadPtr download;
  std::string_view no_text = {};  // see BulkAction
  bool complete = false;          // the source is what is to be written
};

class BodyWriter {
 public:
  BodyWriter(const config::ExtractionConfig& config, report::Counters& counters,
             report::Reporter& reporter, checkpoint::FailuresFile& failures);

  // Changes the document's source by what arrived, and sets the fingerprint of its download to that
  // of the text it has then. An error is one that ends the run; what concerns this file alone is
  // counted, and recorded where the next run has to try it again.
  Result<void> Complete(WaitingDocument& document);

 private:
  void Extract(WaitingDocument& document);
  void AddText(WaitingDocument& document, const content::ExtractedText& text);
  // What is in its pictures waits for a later full sync.
  void AddUnfinished(WaitingDocument& document, const content::ExtractedText& text);
  void AddNoText(WaitingDocument& document);
  void UnknownContent(WaitingDocument& document);
  Result<void> NoContentFor(WaitingDocument& document, const Error& error);
  Result<void> NoTextFor(WaitingDocument& document, const Error& error);
  Result<void> Failed(const WaitingDocument& document, const Error& error,
                      std::string_view operation, std::string_view doing);

  const config::ExtractionConfig& config_;
  report::Counters& counters_;
  report::Reporter& reporter_;
  checkpoint::FailuresFile& failures_;
  int outages_ = 0;  // of files in a row that the service did not let through
};

}  // namespace dbxes::sync
