// SPDX-License-Identifier: Apache-2.0
// What the index already holds. A multi-get is real-time: it sees documents that no refresh has
// made searchable yet. MultiGet reads the few fields of a page of documents, and is started early
// so that it overlaps with other work; ReadSources reads whole documents.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/http/event_loop.h"
#include "base/json/json.h"
#include "base/result.h"
#include "elastic/bulk_action.h"
#include "elastic/client.h"

namespace dbxes::elastic {

// The fields that decide whether a document must be written. Absent, null and non-string fields
// are empty. Views into the StoredDocuments that hold it.
struct StoredDocument {
  bool found = false;
  DocumentVersion version;
  std::string_view fingerprint;  // sync_fingerprint
  std::string_view content_hash;
  std::string_view timestamp;  // _timestamp
  std::string_view path_lower;
  std::string_view url;
  std::string_view shared_folder_id;
  std::string_view mime_type;
  std::string_view extension;
  std::string_view body_fingerprint;
  bool received = false;
  std::string_view permissions_fingerprint;  // "": `_allow_access_control` is not from dbx-es
  std::int64_t sync_seq = 0;
  std::int64_t sync_version = 0;  // see version.is_ours
  // An earlier version of the document was ours, in this index.
  bool was_ours = false;
  // `permissions_fingerprint` is that of the list that the document has.
  bool list_is_ours = false;
};

// One answer, in the order of the requested ids. Movable; views stay valid.
class StoredDocuments {
 public:
  std::size_t size() const { return documents_.size(); }
  const StoredDocument& operator[](std::size_t i) const { return documents_[i]; }
  StoredDocument& operator[](std::size_t i) { return documents_[i]; }

 private:
  friend Result<StoredDocuments> ReadMultiGet(std::string body, std::size_t expected,
                                              const VersionStamps& stamps);
  std::unique_ptr<std::string> text_;  // the answer, parsed in place
  std::vector<StoredDocument> documents_;
};

// Reads an answer to a multi-get of `expected` ids. kNotFound when the index is missing,
// kTemporary when the answer is not complete JSON, has another number of documents, or an error for
// one of them.
Result<StoredDocuments> ReadMultiGet(std::string body, std::size_t expected,
                                     const VersionStamps& stamps = {});

// What is not believed of documents whose `sync_version` says that only dbx-es has changed them.
enum class Doubt : std::uint8_t { kNone, kAllButText, kAll };

class MultiGet {
 public:
  MultiGet(Client& client, const std::string& index);

  // From now on every document counts as one that somebody else may have changed, so that all of it
  // is compared. `id_field` is IndexTarget::id_field.
  void DoubtDocuments(Doubt doubt, std::string id_field) {
    doubt_ = doubt;
    id_field_ = std::move(id_field);
  }
  Doubt doubt() const { return doubt_; }

  // A request under way. Ready() does not wait, Await() runs the loop; call Await() once.
  class Page {
   public:
    bool Ready() const { return count_ == 0 || answer_.Ready(); }
    Result<StoredDocuments> Await();

   private:
    friend class MultiGet;
    Page(EventLoop& loop, std::size_t count) : loop_(&loop), count_(count) {}
    EventLoop* loop_;
    Pending<HttpResponse> answer_;
    std::shared_ptr<StoredDocuments> documents_ = std::make_shared<StoredDocuments>();
    std::size_t count_;
    bool doubted_ = false;
  };

  // The ids need to live for the call only. Without ids no request is sent. Await() returns
  // kNotFound when the index is missing.
  Page Start(const std::vector<std::string_view>& ids);
  // Reads these fields (names, separated by commas), which may be long, and waits for them: a list
  // with the `_source` of each id in turn, null for an id that the index does not hold.
  Result<rapidjson::Document> ReadFields(const std::vector<std::string_view>& ids,
                                         std::string_view fields);
  // The ids of those of these documents that a search finds by a value in this field, sorted. Where
  // the mapping does not make the field searchable, it finds none. Sees the last refresh.
  Result<std::vector<std::string>> FindWith(std::string_view field,
                                            const std::vector<std::string_view>& ids);

 private:
  Client& client_;
  std::string index_;
  std::string target_;
  Doubt doubt_ = Doubt::kNone;
  std::string id_field_;  // where it is needed
};

// Names of fields, separated by commas (Elasticsearch: Multi get API).
struct SourceFilter {
  std::string_view fields = {};   // only these; "" for all
  std::string_view without = {};  // not these, of all
};
// Reads whole documents and waits for them: a list with the `_source` of each id in turn, null for
// an id that the index does not hold. `versions`, if it is not null, gets the version of each.
Result<rapidjson::Document> ReadSources(Client& client, const std::string& index,
                                        const std::vector<std::string_view>& ids,
                                        std::vector<DocumentVersion>* versions = nullptr,
                                        SourceFilter filter = {});

}  // namespace dbxes::elastic
