// SPDX-License-Identifier: Apache-2.0
// What a run did, counted. A counter is a member of Counters and a row of kCounterTable, which the
// summaries, the metrics and the manual are drawn from.
#pragma once

#include <cstdint>
#include <string_view>

namespace dbxes::report {

struct Counters {
  // Documents.
  std::uint64_t created = 0;
  std::uint64_t updated = 0;
  std::uint64_t unchanged = 0;
  std::uint64_t deleted = 0;
  std::uint64_t excluded = 0;
  std::uint64_t dropped = 0;
  std::uint64_t failed = 0;
  std::uint64_t without_list = 0;
  std::uint64_t closed = 0;
  std::uint64_t identities_closed = 0;
  // The content of files.
  std::uint64_t content_fetched = 0;
  std::uint64_t content_unchanged = 0;
  std::uint64_t content_postponed = 0;
  std::uint64_t content_truncated = 0;
  std::uint64_t content_damaged_partly = 0;
  std::uint64_t content_ocr_files = 0;
  std::uint64_t content_ocr_milliseconds = 0;
  std::uint64_t content_no_type = 0;
  std::uint64_t content_empty = 0;
  std::uint64_t content_too_large = 0;
  std::uint64_t content_not_text = 0;
  std::uint64_t content_no_text = 0;
  std::uint64_t content_unreadable = 0;
  std::uint64_t content_encrypted = 0;
  std::uint64_t content_parser_failed = 0;
  std::uint64_t content_no_pdftotext = 0;
  std::uint64_t content_no_ocr = 0;
  std::uint64_t content_refused = 0;
  std::uint64_t content_gone = 0;
  std::uint64_t content_failed = 0;
  // The listing.
  std::uint64_t pages = 0;
  std::uint64_t entries = 0;
  // Dropbox.
  std::uint64_t dropbox_requests = 0;
  std::uint64_t dropbox_retries = 0;
  std::uint64_t dropbox_bytes_received = 0;
  // Elasticsearch.
  std::uint64_t elasticsearch_requests = 0;
  std::uint64_t elasticsearch_retries = 0;
  std::uint64_t elasticsearch_bytes_sent = 0;
};

// The state of a run at this moment.
struct Gauges {
  std::uint64_t in_flight = 0;         // requests that wait for a response
  std::uint64_t expected_entries = 0;  // of the whole listing; 0 if unknown
};

struct CounterRow {
  std::string_view group;  // "documents", "content", "listing", "dropbox", "elasticsearch"
  std::string_view name;   // member name in --json
  std::string_view help;   // for the manual and the metrics
  std::uint64_t Counters::*member;
};

inline constexpr CounterRow kCounterTable[] = {
    {"documents", "created", "documents that were not in the index before", &Counters::created},
    {"documents", "updated", "documents that were rewritten because something differed",
     &Counters::updated},
    {"documents", "unchanged", "documents that the index already held as they are",
     &Counters::unchanged},
    {"documents", "deleted", "documents that were removed from the index", &Counters::deleted},
    {"documents", "excluded", "entries that sync rules left out", &Counters::excluded},
    {"documents", "dropped", "documents that an ingest pipeline dropped; the index lacks them",
     &Counters::dropped},
    {"documents", "failed", "documents that could not be written or read; see the failures file",
     &Counters::failed},
    {"documents", "without_list",
     "documents that had no access list, so that everybody saw them; closed, then restored",
     &Counters::without_list},
    {"documents", "closed",
     "documents that acl-sync closed to everybody because Dropbox no longer lists them",
     &Counters::closed},
    {"documents", "identities_closed",
     "identities of people who left or were suspended, which match no document any more",
     &Counters::identities_closed},
    {"content", "fetched", "files whose text was fetched and extracted",
     &Counters::content_fetched},
    {"content", "unchanged", "files whose text the index already held",
     &Counters::content_unchanged},
    {"content", "postponed",
     "files whose text waits for a later full sync: beyond extraction.max_reread_files or "
     "ocr_budget, or without a program or language for extraction.ocr",
     &Counters::content_postponed},
    {"content", "truncated", "files among those fetched whose text was cut at max_body_chars",
     &Counters::content_truncated},
    {"content", "damaged_partly",
     "files among those fetched of which parts cannot be read; the other parts have their text",
     &Counters::content_damaged_partly},
    {"content", "ocr_files", "files in whose pictures words were looked for (extraction.ocr)",
     &Counters::content_ocr_files},
    {"content", "ocr_milliseconds", "time that looking for words in pictures took",
     &Counters::content_ocr_milliseconds},
    {"content", "other_type", "files without content: of a type that is not read",
     &Counters::content_no_type},
    {"content", "empty", "files without content: nothing is in them, or no words are in a picture",
     &Counters::content_empty},
    {"content", "too_large", "files without content: larger than may be fetched",
     &Counters::content_too_large},
    {"content", "not_text", "files without content: fetched, but no text",
     &Counters::content_not_text},
    {"content", "no_text",
     "files without content: read, but no words are in them, such as scanned pages",
     &Counters::content_no_text},
    {"content", "unreadable",
     "files without content: fetched, but damaged, or unknown to what reads them",
     &Counters::content_unreadable},
    {"content", "encrypted", "files without content: fetched, but closed with a password",
     &Counters::content_encrypted},
    {"content", "parser_failed",
     "files without content: fetched, but reading them took too much, or crashed the parser",
     &Counters::content_parser_failed},
    {"content", "no_pdftotext",
     "files without content: PDFs, while no program that reads them is installed",
     &Counters::content_no_pdftotext},
    {"content", "no_ocr",
     "files without content: pictures, while tesseract is not installed or cannot be confined "
     "(extraction.ocr)",
     &Counters::content_no_ocr},
    {"content", "refused", "files without content: Dropbox does not hand them out",
     &Counters::content_refused},
    {"content", "gone", "files without content: deleted before they were fetched",
     &Counters::content_gone},
    {"content", "failed", "files that could not be fetched; tried again by the next run",
     &Counters::content_failed},
    {"listing", "pages", "pages of the change feed that were read", &Counters::pages},
    {"listing", "entries", "entries on those pages", &Counters::entries},
    {"dropbox", "requests", "requests sent to Dropbox, retries included",
     &Counters::dropbox_requests},
    {"dropbox", "retries", "requests among them that were retries", &Counters::dropbox_retries},
    {"dropbox", "bytes_received", "bytes received from Dropbox, on the wire",
     &Counters::dropbox_bytes_received},
    {"elasticsearch", "requests", "requests sent to Elasticsearch, retries included",
     &Counters::elasticsearch_requests},
    {"elasticsearch", "retries", "requests among them that were retries",
     &Counters::elasticsearch_retries},
    {"elasticsearch", "bytes_sent", "bytes of request bodies sent to Elasticsearch, on the wire",
     &Counters::elasticsearch_bytes_sent},
};
static_assert(sizeof(kCounterTable) / sizeof(kCounterTable[0]) ==
                  sizeof(Counters) / sizeof(std::uint64_t),
              "every counter has a row in the table");

}  // namespace dbxes::report
