// SPDX-License-Identifier: Apache-2.0
// Enumerates documents: pages of ids with `search_after`, which every engine supports and which has
// no window limit. A search sees the index as of the last refresh: call Refresh first where it
// matters.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/http/event_loop.h"
#include "base/result.h"
#include "elastic/bulk_action.h"
#include "elastic/client.h"
#include "elastic/query.h"

namespace dbxes::elastic {

// One hit: views into the page that holds it. The fields are filled if the search asked for them
// and the document has them.
struct Hit {
  std::string_view id;  // the index's own _id
  DocumentVersion version;
  std::optional<std::int64_t> sync_seq;  // as it is; see Number
  std::int64_t sync_version = 0;         // see version.is_ours
  bool received = false;
  std::string_view path_lower;
  std::vector<std::string_view> ancestors;  // sorted
  std::string_view fingerprint;             // sync_fingerprint
  std::string_view body_fingerprint;
  std::string_view permissions_fingerprint;

  // Its place in the order of our writes. None if it has no sync_seq, or one that no clock gives:
  // then the document counts as older than everything.
  std::optional<std::int64_t> Number() const {
    const bool beyond = sync_seq && *sync_seq >= kFirstBeyondClocks;
    return beyond ? std::nullopt : sync_seq;
  }
};

// Movable; views stay valid.
struct HitPage {
  std::vector<Hit> hits;
  std::string last_sort;  // JSON array: where the next page begins
  std::string scroll_id;
  std::uint64_t total = 0;  // hits of all pages, where the search counts them (a scroll does)
  std::unique_ptr<std::string> text;
};

// Reads the answer to a search. kTemporary when it is not complete JSON, or a shard failed.
// `id_values` names the field whose doc values are the ids; "" uses `_id`.
Result<HitPage> ReadHitPage(std::string body, std::string_view id_values = "",
                            const VersionStamps& stamps = {});

struct SearchOptions {
  // At most kResultWindow; smaller where the index demands it.
  std::size_t page_size = 5000;
  bool path_lower = false;  // and `received`
  bool ancestors = false;
  bool fingerprints = false;  // all three
  bool sync_seq = true;
  bool versions = false;  // with version.is_ours
  bool is_ours = false;   // that alone of the version
  // The field whose doc values are used instead of `_id`: for `_id` the cluster must unpack the
  // stored fields of each document.
  std::string_view id_values = {};
};

// All documents that match a query and have an `id`, ordered by (sync_seq, id) ascending, those
// without sync_seq first. A document that is rewritten in the meantime may come twice (with a
// larger sync_seq) and is never left out. The next page is fetched while the caller uses this one.
// If the index maps no `id` (IndexTarget::id_field is ""): every document, in no order, from a
// snapshot that is read with the scroll API.
class HitReader {
 public:
  // `query` is the text of one query clause. `id_field` is IndexTarget::id_field.
  HitReader(Client& client, const std::string& index, std::string id_field, std::string query,
            SearchOptions options = {});
  // The next page; a page without hits is the end. kNotFound when the index is missing.
  Result<HitPage> Next();

 private:
  void Start(const HitPage* before);
  // Whether the page was too large for the index's index.max_result_window; makes it smaller then.
  bool ShrinkPages(const Error& error);
  std::vector<std::string_view> Fields() const;
  std::string SearchBody(const HitPage* before) const;
  std::string ScrollBody(const HitPage& before) const;
  Result<HitPage> EndScroll(HitPage& last);

  Client& client_;
  std::string target_;
  std::string id_field_;
  std::string query_;
  SearchOptions options_;
  std::optional<Pending<HttpResponse>> ahead_;
  std::shared_ptr<HitPage> page_;  // of the request ahead
  bool started_ = false;
  bool first_ = true;  // no page has arrived yet
};

// Makes everything written so far visible to searches.
Result<void> Refresh(Client& client, const std::string& index);
// Number of documents that match the query clause ("" for all).
Result<std::uint64_t> Count(Client& client, const std::string& index, std::string_view query = "");

}  // namespace dbxes::elastic
