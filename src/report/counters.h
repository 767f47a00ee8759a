// SPDX-License-Identifier: Apache-2.0
// What a run did, counted. Every counter is declared once, in the table of counters.cc; the text
// summary and the JSON summary are drawn from it.
#pragma once

#include <cstdint>
#include <string_view>

namespace dbxes {

struct Counters {
  // Documents.
  std::uint64_t created = 0;
  std::uint64_t updated = 0;
  std::uint64_t unchanged = 0;
  std::uint64_t deleted = 0;
  std::uint64_t excluded = 0;
  std::uint64_t failed = 0;
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

struct CounterRow {
  std::string_view group;  // "documents", "dropbox", "elasticsearch", "listing"
  std::string_view name;   // member name in --json
  std::string_view help;   // for the manual
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
    {"documents", "failed", "documents that were refused; named in the failures file",
     &Counters::failed},
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
              "every counter stands in the table");

}  // namespace dbxes
