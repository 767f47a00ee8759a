// SPDX-License-Identifier: Apache-2.0
// Files on their way: fetched many at once within a bound of memory, and read by a service or by
// parser processes where they need one. Knows nothing of the documents that wait for them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/callback_scope.h"
#include "base/result.h"
#include "config/config.h"
#include "content/content_plan.h"
#include "content/extract_text.h"
#include "content/extraction_service.h"
#include "content/fetch.h"
#include "dropbox/client.h"
#include "parsers/document_parser.h"
#include "sync/outlet/download_queue.h"

namespace dbxes::sync {

// One file, from its plan to what arrived of it.
struct Download {
  std::uint64_t number = 0;  // the caller's
  content::FetchRequest request;
  content::TextFormat format = content::TextFormat::kPlain;
  bool listed_hash = false;  // the file was listed with a content hash
  bool rereads = false;      // the index has a text of this content, of other settings or readers
  std::string extension;     // a hint for the service
  std::size_t bytes = 0;     // of memory that it counts for
  // Of the text that the document has once this one is delivered; nothing if it is not known.
  std::optional<std::uint64_t> fingerprint;
  std::optional<Result<content::FetchedContent>> content;
  std::optional<Result<content::ExtractedText>> text;  // by the service or a parser
  std::optional<parsers::DocumentForm> form;           // how a parser reads it, if it needs one
};
using DownloadPtr = std::shared_ptr<Download>;

// What reads the bytes of files where that takes more than a pass over them. Null for those that
// the extraction mode has no use for.
struct ContentReaders {
  content::ExtractionService* service = nullptr;
  parsers::DocumentParser* parser = nullptr;
};

struct DownloadLimits {
  std::size_t at_once = 1;     // requests
  std::size_t max_memory = 0;  // bytes, what waits downstream included
  content::TextLimits text;
  bool guess_language = false;  // of texts that do not name it, by the parser

  static DownloadLimits From(const config::Config& config);
  // The longest text, in bytes, that a parser may return for one file.
  static std::size_t LongestParsedText(const config::ExtractionConfig& config);
};

class Downloads {
 public:
  // `downstream_bytes`: bytes that are held behind the downloads and share their memory.
  Downloads(dropbox::Client& client, ContentReaders readers, const content::ContentPlanner& planner,
            DownloadLimits limits, std::function<std::size_t()> downstream_bytes);
  Downloads(const Downloads&) = delete;
  Downloads& operator=(const Downloads&) = delete;

  void Add(DownloadPtr download);
  // Starts what there is room for: requests, then parsers. Never waits.
  void StartSome();
  // Whether every file that was added has been requested.
  bool AllStarted() const { return waiting_.empty(); }

  // What has arrived and was read, in the order in which it was ready.
  std::size_t arrived() const { return arrived_.size(); }
  DownloadPtr TakeArrived();
  // Back to the head of those that arrived: it could not be delivered yet.
  void PutBack(DownloadPtr download) { arrived_.push_front(std::move(download)); }
  // Frees what arrived, which has been delivered.
  void Release(Download& download);

  std::size_t held_bytes() const { return held_bytes_; }
  std::size_t at_once() const { return limits_.at_once; }
  // Forgets everything; answers that are under way are ignored.
  void Abandon();

 private:
  bool HasRoom(const Download& download) const;
  void Start(const DownloadPtr& download);
  // Whether its reader would postpone it.
  bool IsUseless(const Download& download) const;
  void Postpone(const DownloadPtr& download);
  void OnFetched(const DownloadPtr& download, Result<content::FetchedContent> content);
  // Notes what the bytes make of their document: its fingerprint, and the format of a file whose
  // name does not show it.
  Result<content::FetchedContent> Recognize(Download& download,
                                            Result<content::FetchedContent> content) const;
  bool NeedsParser(Download& download) const;
  void QueueAgain(const DownloadPtr& download);
  void ReadByService(const DownloadPtr& download);
  // Text in UTF-8 that is to be complete before it is delivered.
  void ReadHere(const DownloadPtr& download);
  void ParseSome();
  bool HasRoomToParse() const;
  void OnRead(const DownloadPtr& download, Result<content::ExtractedText> text);
  void GuessLanguage(const DownloadPtr& download, content::ExtractedText text);
  void Arrive(const DownloadPtr& download, Result<content::ExtractedText> text);
  void Hold(Download& download, std::size_t bytes);

  dropbox::Client& client_;
  ContentReaders readers_;
  const content::ContentPlanner& planner_;
  DownloadLimits limits_;
  std::function<std::size_t()> downstream_bytes_;
  DownloadQueue<DownloadPtr> waiting_;
  std::deque<DownloadPtr> unparsed_;
  std::deque<DownloadPtr> arrived_;
  std::size_t under_way_ = 0;
  std::size_t held_bytes_ = 0;  // of files that are arriving or have arrived
  std::size_t parsed_ = 0;      // by parsers: under way, or not released yet
  // Of answers that may arrive after the downloads are gone or abandoned.
  std::optional<CallbackScope> answers_{std::in_place};
};

}  // namespace dbxes::sync
